"""Every module of the suite shows something in the demonstration, or says why not."""

import ast

import pytest
from clinic_cli.layout import modules


def read_part(folder):
    """(functions and names of the part of a module in ``folder``, its excuse)."""
    path = folder / "demo" / "__init__.py"
    if not path.is_file():
        return set(), None
    tree = ast.parse(path.read_text())
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    excuses = [
        node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and ast.unparse(node.targets[0]) == "NOTHING_TO_SHOW"
        and isinstance(node.value, ast.Constant)
    ]
    return names & {"plan", "live"}, excuses[0] if excuses else None


def is_shown(folder):
    functions, excuse = read_part(folder)
    return bool(functions) != bool(excuse and excuse.strip().endswith("."))


@pytest.mark.parametrize("name", sorted(modules()))
def test_a_module_shows_something_or_says_why_not(name):
    assert is_shown(modules()[name].path), (
        f"{name} brings no part of the demonstration: see docs/extend.md"
    )


@pytest.mark.parametrize(
    "text", ["", "def other(world): ...", 'NOTHING_TO_SHOW = ""', None]
)
def test_a_module_without_a_part_is_found(tmp_path, text):
    if text is not None:
        (tmp_path / "demo").mkdir()
        (tmp_path / "demo" / "__init__.py").write_text(text)
    assert not is_shown(tmp_path)


@pytest.mark.parametrize("name", sorted(modules()))
def test_nothing_imports_the_parts_when_odoo_runs(name):
    """They are read when a demonstration is made, and by nothing else."""
    folder = modules()[name].path
    for path in (folder / "__init__.py", *(folder / "models").glob("*.py")):
        if path.is_file():
            assert "from .demo" not in path.read_text(), path
