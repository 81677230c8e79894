"""Files of others are decoded, unpacked and parsed in one place, which measures."""

import ast

import pytest
from clinic_cli.layout import ROOT, modules

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

# Fields that take files: the test that brings bombs through their door, or why none is
# needed.
TAKEN = {
    "clinic_base/models/imports/clinic_patient_import.py": (
        "clinic_base/tests/walls/test_upload_doors.py"
    ),
    # Of lists and of coming visits; both have their bombs.
    "clinic_base/wizards/clinic_rows_import.py": (
        "clinic_base/tests/walls/test_upload_doors.py"
    ),
    "clinic_base/models/specialists/clinic_specialist_certificate.py": (
        "kept, read by nobody"
    ),
    "clinic_base/models/patients/clinic_consent.py": "kept, read by nobody",
    "clinic_base/models/walls/clinic_key_seal.py": "written by the key ring alone",
    "clinic_base/models/walls/clinic_medical_grant.py": "written by the wall alone",
    "addons/clinic_estimate/models/clinic_estimate_acceptance.py": (
        "clinic_emr/tests/orders/test_treatment_plan.py"
    ),
    "addons/clinic_decision/wizards/clinic_score_upload.py": (
        "addons/clinic_decision/tests/test_score.py"
    ),
}


def find_readers(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in READERS:
                yield name


def find_files():
    """Python files of the suite with a field that takes a file."""
    for name in modules():
        root = modules()[name].path
        for path in root.rglob("*.py"):
            if "tests" not in path.relative_to(root).parts and (
                "fields.Binary(" in path.read_text()
            ):
                yield path.relative_to(ROOT).as_posix()


def test_every_field_that_takes_files_has_a_test_with_bombs():
    assert set(find_files()) == set(TAKEN)
    for place in TAKEN.values():
        if place.endswith(".py"):
            assert "assert_refused" in (ROOT / place).read_text(), place


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
