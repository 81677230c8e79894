"""Nothing writes in a compute: what is only looked at changes nothing.

Computes are what a field names as its ``compute`` and what is called so in Odoo. A
method writes if it creates, writes or deletes, or calls a method of the suite that
does; a method that has one name in several places is judged by the worst of them.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from clinic_cli.layout import modules

from odoo.models import BaseModel

WRITERS = {"create", "write", "unlink", "_as_engine"}
# {method: why a call of it from a compute writes nothing}
JUDGED = {
    "_get": "computes ask settings; links and rooms are made by actions",
}


def read_methods(trees: list[ast.Module]) -> dict[str, list[ast.FunctionDef]]:
    methods: dict[str, list[ast.FunctionDef]] = defaultdict(list)
    for tree in trees:
        for node in ast.walk(tree):
            # What every model has is judged where it is called.
            if isinstance(node, ast.FunctionDef) and not hasattr(BaseModel, node.name):
                methods[node.name].append(node)
    return methods


def find_computes(trees: list[ast.Module]) -> Iterator[str]:
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "compute":
                if isinstance(node.value, ast.Constant) and node.value.value:
                    yield str(node.value.value)
            elif isinstance(node, ast.FunctionDef) and node.name.startswith("_compute"):
                yield node.name


def find_calls(node: ast.AST) -> set[str]:
    """Methods that are called on something, but for those of the class above."""
    return {
        call.func.attr
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and ast.unparse(call.func.value) != "super()"
    }


def find_writes(name: str, methods: dict, seen: frozenset[str] = frozenset()) -> str:
    """How the method ``name`` comes to write, as a path of calls; empty if not."""
    for node in methods.get(name, ()):
        for call in sorted(find_calls(node) - JUDGED.keys() - seen):
            if call in WRITERS:
                return f"{name} > {call}"
            if path := find_writes(call, methods, seen | {name}):
                return f"{name} > {path}"
    return ""


def writing_computes(trees: list[ast.Module]) -> list[str]:
    methods = read_methods(trees)
    names = sorted(set(find_computes(trees)))
    return [path for name in names if (path := find_writes(name, methods))]


def parse(folder: Path) -> Iterator[ast.Module]:
    for path in sorted(folder.rglob("*.py")):
        if path.relative_to(folder).parts[0] in ("models", "wizards"):
            yield ast.parse(path.read_text())


def test_no_compute_writes():
    trees = [tree for one in modules().values() for tree in parse(one.path)]
    assert not writing_computes(trees)


@pytest.mark.parametrize(
    "body",
    ["self.write({})", "self.env['x'].create({})", "self._mark()", "self._tell()"],
)
def test_a_compute_that_writes_is_found(body):
    source = f"""
class Charge:
    paid = fields.Boolean(compute="_look")
    def _look(self):
        {body}
    def _mark(self):
        self._as_engine().state = "paid"
    def _tell(self):
        self._mark()
"""
    assert len(writing_computes([ast.parse(source)])) == 1
