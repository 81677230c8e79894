import io
import os
import tempfile
from pathlib import Path

from pypdf import PdfReader

from odoo.modules.module import Manifest
from odoo.tests import BaseCase, TransactionCase, tagged

from ..models.ir_actions_report import OdooFetcher
from ..tools.static_files import find_static_file

HOST = "http://clinic.example"
ICON = "/report_weasyprint/static/description/icon.png"


@tagged("-at_install", "post_install")
class TestStaticFiles(BaseCase):
    def setUp(self):
        super().setUp()
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.static = self.folder / "static"
        self.static.mkdir()
        (self.static / "logo.png").write_bytes(b"logo")
        (self.folder / "secret.png").write_bytes(b"secret")

    def test_a_file_of_the_folder_is_found(self):
        path = find_static_file(self.static, "logo.png")
        self.assertEqual(path.read_bytes(), b"logo")

    def test_what_lies_above_or_elsewhere_is_refused(self):
        for name in ("../secret.png", str(self.folder / "secret.png"), "", "."):
            with self.assertRaises(ValueError, msg=name):
                find_static_file(self.static, name)

    def test_a_link_out_of_the_folder_is_refused(self):
        os.symlink("../secret.png", self.static / "link.png")
        os.symlink("..", self.static / "up")
        for name in ("link.png", "up/secret.png"):
            with self.assertRaises(ValueError, msg=name):
                find_static_file(self.static, name)

    def test_what_no_document_needs_is_refused(self):
        for name in ("odoo.conf", "clinic.keys", "run.py", "run.js", "page.html"):
            (self.static / name).write_text("secret")
            with self.assertRaises(ValueError, msg=name):
                find_static_file(self.static, name)


@tagged("-at_install", "post_install")
class TestHostileText(TransactionCase):
    def setUp(self):
        super().setUp()
        self.fetcher = OdooFetcher(self.env, HOST)

    def _print(self, html):
        report = self.env["ir.actions.report"]
        bodies = [f"<html><head/><body>{html}</body></html>"]
        return PdfReader(io.BytesIO(report._run_wkhtmltopdf(bodies)))

    def test_an_image_of_a_module_is_served(self):
        folder = Path(Manifest.for_addon("report_weasyprint").path)
        served = self.fetcher.fetch(HOST + ICON).read()
        self.assertEqual(served, (folder / "static/description/icon.png").read_bytes())

    def test_no_address_leads_out_of_the_static_folders(self):
        for address in (
            "/report_weasyprint/static/../../../odoo.conf",
            "/report_weasyprint/static/%2e%2e/%2e%2e/%2e%2e/odoo.conf",
            "/report_weasyprint/static/..%2f..%2f..%2fodoo.conf",
            "/report_weasyprint/static/%252e%252e/__manifest__.py",
            "/report_weasyprint/__manifest__.py",
            "/report_weasyprint/static//etc/hostname",
            "/.local/static/odoo.conf",
            "/../static/icon.png",
            "//etc/hostname",
            "/web/assets/../../odoo.conf",
            "/web/image/1",
            "/web/content/1",
        ):
            with self.assertRaises(ValueError, msg=address):
                self.fetcher.fetch(HOST + address)

    def test_no_other_scheme_or_host_is_opened(self):
        for address in (
            f"file://{ICON}",
            "file:///etc/hostname",
            f"ftp://clinic.example{ICON}",
            f"http://192.0.2.1{ICON}",
            f"http://clinic.example:8070{ICON}",
            f"http://clinic.example@192.0.2.1{ICON}",
            ICON,
        ):
            with self.assertRaises(ValueError, msg=address):
                self.fetcher.fetch(address)

    def test_text_attaches_no_file_to_the_document(self):
        for number, link in enumerate(
            (
                '<a rel="attachment" href="{}">a</a>',
                '<a rel="nofollow ATTACHMENT" href="{}">a</a>',
                '<a rel="&#97;ttachment" href="{}">a</a>',
                '<link rel="attachment" href="{}">',
                '<svg><style><a rel="attachment" href="{}">a</a></style></svg>',
            )
        ):
            reader = self._print(link.format(ICON))
            self.assertFalse(reader.attachments, number)
            for page in reader.pages:
                kinds = [
                    note.get_object()["/Subtype"] for note in page.get("/Annots", [])
                ]
                self.assertNotIn("/FileAttachment", kinds)
