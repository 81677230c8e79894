"""Files of others are decoded, unpacked and parsed in one place, which measures."""

import ast

import pytest
from clinic_cli.layout import modules

DOORS = {
    ("clinic_base", "tools/uploads.py"),
    # Keys of the clinic itself, and columns sealed with them.
    ("clinic_base", "tools/keyring.py"),
    ("clinic_emr", "tools/envelope.py"),
    # Files on the server's own disk, or measured by whoever starts the import.
    ("clinic_base", "models/imports/clinic_patient_import.py"),
}
READERS = {
    "b64decode",
    "load_workbook",
    "open_workbook",
    "ZipFile",
    "rrulestr",
    "decompress",
    "GzipFile",
    "TarFile",
}


def find_readers(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in READERS:
                yield name


@pytest.mark.parametrize("name", modules())
def test_only_one_place_opens_files_of_others(name):
    root = modules()[name].path
    found = {
        str(path.relative_to(root)): names
        for path in sorted(root.rglob("*.py"))
        if "tests" not in path.relative_to(root).parts
        and (name, path.relative_to(root).as_posix()) not in DOORS
        and (names := sorted(find_readers(ast.parse(path.read_text()))))
    }
    assert not found, f"{name} opens files beside tools/uploads.py: {found}"
