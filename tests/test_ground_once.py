"""A method stands once in a module, and the engine's files call each other one way.

What a module defines twice on one model is put together by the order of imports alone:
nobody who reads the one knows of the other. A module asks another one below it by a
hook; inside a module what differs is an object that is chosen, and what follows a
change is a step whose place is written down (``clinic_schedule/tools/steps.py``).
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from clinic_cli.layout import modules

ENGINE = "clinic.appointment"


def classes(folder: Path) -> Iterator[tuple[Path, ast.ClassDef, str | None]]:
    """Each class below ``folder`` but its tests, with its model; None for others."""
    for path in sorted(folder.rglob("*.py")):
        if path.relative_to(folder).parts[0] != "tests":
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.ClassDef):
                    yield path.relative_to(folder), node, model_of(node)


def model_of(node: ast.ClassDef) -> str | None:
    """Name of the model that a class makes or extends."""
    assigned = {
        ast.unparse(item.targets[0]): item.value
        for item in node.body
        if isinstance(item, ast.Assign)
    }
    if not (value := assigned.get("_name") or assigned.get("_inherit")):
        return None
    named = ast.literal_eval(value)
    return named if isinstance(named, str) else named[0]


def methods_of(node: ast.ClassDef) -> Iterator[ast.FunctionDef]:
    return (item for item in node.body if isinstance(item, ast.FunctionDef))


def find_twice(folder: Path) -> list[str]:
    """Methods that several files of a module define on one model."""
    homes = defaultdict(list)
    for path, node, model in classes(folder):
        if model:
            for method in methods_of(node):
                homes[model, method.name].append(str(path))
    return [
        f"{model}.{name}: {', '.join(paths)}"
        for (model, name), paths in homes.items()
        if len(paths) > 1
    ]


def find_ways(folder: Path, model: str) -> dict[str, set[str]]:
    """Which files with methods of ``model``, or imported by them, lead to which.

    A file leads to another by calling a method of the model that stands there, or by
    importing from it.
    """
    homes, known = {}, defaultdict(set)
    for path, node, name in classes(folder):
        if name == model:
            homes |= dict.fromkeys((one.name for one in methods_of(node)), path)
        known[path] |= {
            one.func.attr
            for one in ast.walk(node)
            if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)
        }
    own = {name for name in homes if name.startswith("_")}
    ways = {
        str(path): {str(homes[name]) for name in names & own if homes[name] != path}
        for path, names in known.items()
    }
    for path in known:
        ways[str(path)] |= {str(one) for one in _imports(folder / path, folder)}
    return ways


def _imports(file: Path, folder: Path) -> Iterator[Path]:
    """Files below ``folder`` from which ``file`` imports."""
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.ImportFrom) and node.level and node.module:
            above = file.parents[node.level - 1]
            target = above / f"{node.module.replace('.', '/')}.py"
            if target.is_relative_to(folder):
                yield target.relative_to(folder)


def find_knots(ways: dict[str, set[str]]) -> list[list[str]]:
    """Files that lead to each other and back, a list for each such knot."""
    reach = {start: _reach(ways, start) for start in ways}
    knots = {
        tuple(sorted(other for other in found if start in reach.get(other, ())))
        for start, found in reach.items()
        if start in found
    }
    return sorted(map(list, knots))


def _reach(ways: dict[str, set[str]], start: str) -> set[str]:
    found, waiting = set(), [start]
    while waiting:
        new = ways.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


@pytest.mark.parametrize("name", sorted(modules()))
def test_no_method_is_defined_twice_in_a_module(name):
    assert find_twice(modules()[name].path) == []


def test_files_of_the_engine_call_each_other_one_way():
    folder = modules()["clinic_schedule"].path / "models"
    assert find_knots(find_ways(folder, ENGINE)) == []


CLASS = 'class {name}:\n    _inherit = "{model}"\n    def {method}(self): {body}\n'


def write(folder: Path, **bodies: tuple[str, str]) -> None:
    for name, (method, body) in bodies.items():
        (folder / f"{name}.py").write_text(
            CLASS.format(name=name.title(), model=ENGINE, method=method, body=body)
        )


def test_a_method_defined_twice_is_found(tmp_path):
    write(tmp_path, seat=("_book", "super()._book()"), visit=("_book", "pass"))
    assert find_twice(tmp_path) == [f"{ENGINE}._book: seat.py, visit.py"]


def test_a_knot_of_calls_is_found(tmp_path):
    write(
        tmp_path,
        book=("_book", "self._place()"),
        place=("_place", "self._find()"),
        find=("_find", "self._book()"),
        cancel=("_cancel", "self._find()"),
    )
    assert find_knots(find_ways(tmp_path, ENGINE)) == [
        ["book.py", "find.py", "place.py"]
    ]
