import base64
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
        for name, content in SHEETS.items():
            run = runs.create({"name": "a.csv", "file": base64.b64encode(content)})
            with self.assert_refused(name):
                run.action_start()
            self.assertEqual(run.state, "draft")

    def test_odoos_own_import_of_any_list(self):
        files = self.env["base_import.import"].with_user(self.get_user("clinic_admin"))
        for name, content in {**SHEETS, "long": b"a;b\n" * 6_000_000}.items():
            file = files.create(
                {
                    "res_model": "clinic.specialty",
                    "file": content,
                    "file_name": "a.csv" if name == "long" else "a.xlsx",
                }
            )
            with self.assert_refused(name):
                file._read_file({})
            with self.subTest(bomb=name):
                answer = file.parse_preview({"has_headers": True, "separator": ";"})
                self.assertIn("too large", answer["error"])
