"""Files that extend one model in one module do not hide each other's methods."""

import ast
from collections import defaultdict

import pytest
from clinic_cli.layout import ROOT

MODULES = sorted(
    path.parent
    for folder in ("", "addons/")
    for path in ROOT.glob(f"{folder}*/__manifest__.py")
)


def own_methods(path):
    """(model, method) of every method in a file that does not go on with super()."""
    for node in ast.parse(path.read_text()).body:
        if not isinstance(node, ast.ClassDef):
            continue
        model = model_of(node)
        for item in node.body:
            if isinstance(item, ast.FunctionDef) and "super()" not in ast.unparse(item):
                yield model, item.name


def model_of(node):
    names = {}
    for item in node.body:
        if isinstance(item, ast.Assign) and isinstance(item.value, ast.Constant):
            names[item.targets[0].id] = item.value.value
    return names.get("_name") or names.get("_inherit") or node.name


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_no_method_hides_another_of_the_same_model(module):
    """A second definition silently takes the place of the first for all its callers."""
    places = defaultdict(list)
    for path in sorted((module / "models").rglob("*.py")):
        for key in own_methods(path):
            places[key].append(path.name)
    assert {key: files for key, files in places.items() if len(files) > 1} == {}
