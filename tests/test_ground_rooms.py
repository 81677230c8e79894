"""Inside a module, a room knows those on its own floor and below, and none above.

Known is what a file imports, the methods that it calls and the models that it names.
A method or model belongs to the lowest room that defines it; what goes on with
``super()`` extends a hook of somebody below.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from clinic_cli.layout import modules

from odoo.models import BaseModel

# Floors of each module, the lowest first.
FLOORS: dict[str, list[set[str]]] = {
    "clinic_base": [
        {"walls", "network", "specialists", "patients"},
        {"imports"},
    ],
    "clinic_message": [
        {"settings"},
        {"outbox", "gateways"},
        {"replies"},
    ],
    "clinic_schedule": [
        {"settings"},
        {"roster"},
        {"engine", "sessions", "series", "requests"},
        {"telling"},
        {"desk"},
    ],
    "clinic_emr": [
        {"terms", "access"},
        {"record", "orders", "card"},
    ],
    "clinic_finance": [
        {"settings"},
        {"pricing", "charges", "invoicing", "matching", "receipts"},
    ],
}

SCHEDULE = modules()["clinic_schedule"].path
TELLING = FLOORS["clinic_schedule"].index({"telling"})
OUTBOX = "clinic.message"


class Room:
    """What the files of one room define, and what they know of others."""

    def __init__(self, folder: Path):
        self.name = folder.name
        self.methods: set[str] = set()
        self.models: set[str] = set()
        self.known: dict[str, set[str]] = defaultdict(set)
        for path in sorted(folder.glob("*.py")):
            if path.name != "__init__.py":
                self._read(path)

    def _read(self, path: Path) -> None:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                if not (hasattr(BaseModel, node.name) or hasattr(str, node.name)):
                    self._read_method(node)
            elif isinstance(node, ast.Attribute):
                self.known[f".{node.attr}"].add(path.name)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                self.known[node.value].add(path.name)
            elif isinstance(node, ast.ImportFrom) and node.level == 2 and node.module:
                self.known[f"import {node.module.split('.')[0]}"].add(path.name)
            elif isinstance(node, ast.ClassDef):
                self.models |= set(_names(node))

    def _read_method(self, node: ast.FunctionDef) -> None:
        if "super()" not in ast.unparse(node):
            self.methods.add(node.name)


def _names(node: ast.ClassDef) -> Iterator[str]:
    """Models that the class brings; one that it joins a mixin to is another room's."""
    assigned = {
        ast.unparse(item.targets[0]): item.value
        for item in node.body
        if isinstance(item, ast.Assign)
    }
    name, parents = assigned.get("_name"), assigned.get("_inherit")
    if isinstance(name, ast.Constant):
        joined = parents and repr(name.value) in ast.unparse(parents)
        if not joined:
            yield name.value


def upward(rooms: list[Room], floors: list[set[str]]) -> list[str]:
    """Each look upward, as “room/file: what of which room”."""
    floor = {name: number for number, names in enumerate(floors) for name in names}
    homes: dict[str, Room] = {}
    for room in sorted(rooms, key=lambda room: floor[room.name], reverse=True):
        homes |= {f".{name}": room for name in room.methods}
        homes |= dict.fromkeys(room.models, room)
        homes[f"import {room.name}"] = room
    return [
        f"{room.name}/{file}: {what} of {homes[what].name}"
        for room in rooms
        for what, files in room.known.items()
        if what in homes and floor[homes[what].name] > floor[room.name]
        for file in sorted(files)
    ]


def rooms_of(folder: Path) -> list[Room]:
    return [Room(path.parent) for path in sorted(folder.glob("*/__init__.py"))]


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_no_room_knows_one_above(name):
    rooms = rooms_of(modules()[name].path / "models")
    assert {room.name for room in rooms} == set().union(*FLOORS[name])
    assert upward(rooms, FLOORS[name]) == []


def test_below_telling_the_schedule_knows_no_outbox():
    """Visits say what has happened to them; what is written to whom is told above."""
    rooms = {room.name: room for room in rooms_of(SCHEDULE / "models")}
    below = set().union(*FLOORS["clinic_schedule"][:TELLING])
    named = {
        name: [word for word in rooms[name].known if OUTBOX in word] for name in below
    }
    assert named == dict.fromkeys(below, [])
    assert any(OUTBOX in word for word in rooms["telling"].known)


@pytest.mark.parametrize(
    "line",
    [
        "from ..desk.board import COLUMNS",
        'self.env["clinic.hall.screen"]',
        "self._call_to_room()",
    ],
)
def test_a_look_upward_is_found(tmp_path, line):
    for name, text in (
        ("engine", line),
        (
            "desk",
            'class Hall:\n    _name = "clinic.hall.screen"\n'
            "    def _call_to_room(self): pass\n"
            "    def _told(self): self._call_to_room()",
        ),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
        (tmp_path / name / "file.py").write_text(text)
    found = upward(rooms_of(tmp_path), [{"engine"}, {"desk"}])
    assert [line.split(":")[0] for line in found] == ["engine/file.py"]


@pytest.mark.parametrize("name", sorted(modules()))
def test_a_folder_has_one_name_everywhere(name):
    folder = modules()[name].path
    assert not {"wizard", "report", "controller", "model"} & {
        path.name for path in folder.iterdir()
    }
    assert not list(folder.rglob("*.esm.js"))
