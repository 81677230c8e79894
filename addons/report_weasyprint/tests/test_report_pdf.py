import io
from unittest.mock import patch

from pypdf import PdfReader
from weasyprint import HTML

from odoo.tests import TransactionCase, tagged
from odoo.tools import config

from ..tools.page_setup import PageSetup

LAYOUT = """
<t t-name="report_weasyprint.test_document">
    <t t-call="web.html_container">
        <t t-foreach="docs" t-as="o">
            <t t-call="web.external_layout">
                <div class="page">
                    <p t-foreach="range(lines(o))" t-as="i">Строка <t t-out="i"/> —
                        <span t-field="o.name"/></p>
                    <t t-if="o.ref == 'images'">
                        <img src="http://192.0.2.1/outside.png"/>
                        <img src="file:///etc/hostname"/>
                    </t>
                </div>
            </t>
        </t>
    </t>
</t>
"""


@tagged("-at_install", "post_install")
class TestReportPdf(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Where clinic_base is installed, a template of a test needs this to run.
        stored_code = {"clinic_stored_code": "True"}
        cls.enterClassContext(patch.dict(config.options, stored_code))
        cls.env["ir.ui.view"].create(
            {
                "name": "report_weasyprint.test_document",
                "key": "report_weasyprint.test_document",
                "type": "qweb",
                "arch": LAYOUT.replace("lines(o)", "120 if o.ref == 'long' else 1"),
            }
        )
        cls.report = cls.env["ir.actions.report"].create(
            {
                "name": "Test document",
                "model": "res.partner",
                "report_name": "report_weasyprint.test_document",
                "report_type": "qweb-pdf",
            }
        )
        cls.partners = cls.env["res.partner"].create(
            [
                {"name": "Ёлкин Пётр", "ref": "long"},
                {"name": "Щукина Анна", "ref": "short"},
            ]
        )
        cls.env.company.name = "Клиника «Заря»"

    def _render(self, records):
        pdf, kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(self.report.report_name, records.ids)
        )
        self.assertEqual(kind, "pdf")
        return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]

    def test_text_can_be_read_out_of_the_file(self):
        pages = self._render(self.partners[1])
        self.assertIn("Щукина Анна", pages[0])

    def test_every_page_has_the_company_header_and_its_number(self):
        pages = self._render(self.partners[0])
        self.assertGreater(len(pages), 2)
        for number, text in enumerate(pages, start=1):
            self.assertIn("Клиника «Заря»", text)
            self.assertIn(f"{number} / {len(pages)}", text)

    def test_a_header_higher_than_its_margin_pushes_the_text_down(self):
        body = (
            '<div class="report-running-header" id="report-running-header">'
            '<div style="height: 300px">Адрес</div></div><p id="text">Строка</p>'
        )
        page = PageSetup("A4", False, 40, 10, 20, 10)
        document = self.env["ir.actions.report"]._lay_out(HTML(string=body), page)
        anchors = document.pages[0].anchors
        self.assertGreater(anchors["text"][1], anchors["report-running-header"][3])

    def test_each_record_of_one_file_numbers_its_own_pages(self):
        pages = self._render(self.partners)
        self.assertIn("Щукина Анна", pages[-1])
        self.assertIn("1 / 1", pages[-1])

    def test_one_run_is_split_into_a_file_per_record(self):
        streams = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf_prepare_streams(
                self.report.report_name, {}, self.partners.ids
            )
        )
        self.assertEqual(list(streams), self.partners.ids)
        texts = [
            PdfReader(stream["stream"]).pages[0].extract_text()
            for stream in streams.values()
        ]
        self.assertIn("Ёлкин Пётр", texts[0])
        self.assertIn("Щукина Анна", texts[1])

    def test_nothing_is_loaded_from_other_hosts_or_from_the_disk(self):
        self.partners[1].ref = "images"
        with self.assertLogs("weasyprint", "ERROR") as logs:
            self._render(self.partners[1])
        self.assertIn("nothing from other hosts", logs.output[0])
        self.assertIn("nothing from other hosts", logs.output[1])

    def test_reports_need_no_other_engine(self):
        self.assertEqual(self.env["ir.actions.report"].get_wkhtmltopdf_state(), "ok")
