import base64
import struct
import tracemalloc
from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..common import ClinicCommon
from .test_uploads import FAR_CELL, MANY_CELLS, MERGED, PACKED, WIDE

# Megabytes that refusing may take, whatever the file would unpack to.
PEAK = 64
SHEETS = {
    "unpacks": PACKED,
    "far": FAR_CELL,
    "many": MANY_CELLS,
    "wide": WIDE,
    "merged": MERGED,
}
ONE_LINE = b";" * 5_000_000
# A worksheet of BIFF 2: its begin, a number in the last cell of all, its end.
FAR_OLD_CELL = (
    struct.pack("<HHHH", 0x0009, 4, 2, 0x10)
    + struct.pack("<HHHH3xH", 0x0002, 9, 16383, 255, 7)
    + struct.pack("<HH", 0x000A, 0)
)
TABLES = {
    "long": ("a.csv", b"a;b\n" * 6_000_000),
    "one line": ("a.csv", ONE_LINE),
    "blanks": ("a.csv", b" " * 5_000_000),
    "many cells": ("a.csv", b"1,2,3,4,5,6,7,8,9\n" * 200_000),
    "old sheet": ("a.xls", FAR_OLD_CELL),
}


class DoorCase(TransactionCase):
    """Bombs are brought through the door that a user has, which refuses in words."""

    @contextmanager
    def assert_refused(self, name):
        tracemalloc.start()
        try:
            with self.subTest(bomb=name):
                with self.assertRaises(UserError):
                    yield
                peak = tracemalloc.get_traced_memory()[1] / 1024**2
                self.assertLess(peak, PEAK)
        finally:
            tracemalloc.stop()


@tagged("post_install", "-at_install")
class TestUploadDoors(DoorCase, ClinicCommon):
    def test_the_import_of_patients(self):
        runs = self.env["clinic.patient.import"].with_user(
            self.get_user("clinic_admin")
        )
        for name, content in {**SHEETS, "one line": ONE_LINE}.items():
            run = runs.create({"name": "a.csv", "file": base64.b64encode(content)})
            with self.assert_refused(name):
                run.action_start()
            self.assertEqual(run.state, "draft")

    def test_the_import_of_lists(self):
        lists = self.env["clinic.list.import"].with_user(self.get_user("clinic_admin"))
        tables = {name: content for name, (_file, content) in TABLES.items()}
        for name, content in {**SHEETS, **tables}.items():
            run = lists.create({"kind": "services", "file": base64.b64encode(content)})
            with self.assert_refused(name):
                run.action_check()
            self.assertFalse(run.line_ids)

    def test_odoos_own_import_of_any_list(self):
        files = self.env["base_import.import"].with_user(self.get_user("clinic_admin"))
        bombs = {name: ("a.xlsx", content) for name, content in SHEETS.items()}
        for name, (file_name, content) in (bombs | TABLES).items():
            file = files.create(
                {
                    "res_model": "clinic.specialty",
                    "file": content,
                    "file_name": file_name,
                }
            )
            with self.assert_refused(name):
                file._read_file({"quoting": '"'})
            with self.subTest(bomb=name):
                answer = file.parse_preview(
                    {"has_headers": True, "separator": "", "quoting": '"'}
                )
                self.assertIn("too large", answer["error"])
