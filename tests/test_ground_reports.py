"""Whatever somebody typed: no printed document holds a file of the server."""

import json
import subprocess

from clinic_cli import databases, odoo
from clinic_cli.layout import ROOT
from clinic_cli.progress import Progress

# Runs in Odoo's shell. Every text that a report shows is followed by links of all kinds
# to a file in a static folder's neighbourhood and to one that would be allowed.
PRINT = """
import io, json
from unittest.mock import patch
from markupsafe import Markup
from pypdf import PdfReader
from odoo.addons.report_weasyprint.models.ir_actions_report import OdooFetcher

HOSTILE = Markup("".join(
    f'<a rel="attachment" href="{url}">x</a><link rel="attachment" href="{url}"/>'
    f'<img src="{url}"/><object data="{url}"></object>'
    f'<span style="background: url({url})">x</span><style>@import "{url}";</style>'
    for url in (
        "/clinic_base/static/%2e%2e/%2e%2e/odoo.conf", "file://ROOT/odoo.conf",
        "/clinic_base/static/../__manifest__.py", "/clinic_base/__manifest__.py",
        "/web/static/img/favicon.ico", "http://192.0.2.1/x.png",
    )
))
CONVERTERS = [
    type(env[name]) for name in env.registry
    if name in ("ir.qweb.field", "ir.qweb.field.text", "ir.qweb.field.html")
]
served, printed, broken = [], [], {}

def follow(converter):
    plain = converter.record_to_html
    def record_to_html(self, record, field_name, options):
        field = record._fields[field_name]
        shown = plain(self, record, field_name, options)
        if field.type in ("char", "text", "html"):
            return Markup("") + (shown or "") + HOSTILE
        return shown
    return patch.object(converter, "record_to_html", record_to_html)

read = OdooFetcher._read
def note(self, path):
    content, kind = read(self, path)
    served.append([path, kind])
    return content, kind

context = dict(force_report_rendering=True, report_pdf_no_attachment=True)
reports = env["ir.actions.report"].search([("report_type", "=", "qweb-pdf")])
with patch.object(OdooFetcher, "_read", note), follow(CONVERTERS[0]):
    for report in reports.with_context(**context):
        record = report.model in env and env[report.model].search([], limit=1)
        if not record:
            continue
        try:
            with env.cr.savepoint():
                pdf, kind = report._render_qweb_pdf(report.id, record.ids)
        except Exception as error:
            broken[report.report_name] = str(error)
            continue
        reader = PdfReader(io.BytesIO(pdf))
        kinds = {
            str(note.get_object().get("/Subtype"))
            for page in reader.pages for note in page.get("/Annots") or ()
        }
        files = list(reader.attachments)
        held = b"addons_path" in pdf
        printed.append([report.report_name, files, sorted(kinds), held])
env.cr.rollback()
print("PRINTED " + json.dumps([printed, served, broken]), flush=True)
"""


def test_no_report_hands_out_a_file_that_its_text_asks_for(postgresql):
    template = databases.ensure_demo_template(postgresql, Progress())
    with databases.scratch(postgresql, template) as database:
        done = subprocess.run(
            odoo.command("shell", database, "--no-http", "--log-level=critical"),
            input=PRINT.replace("ROOT", str(ROOT)),
            capture_output=True,
            text=True,
        )
    marks = [line for line in done.stdout.splitlines() if line.startswith("PRINTED ")]
    assert marks, done.stderr[-3000:]
    printed, served, broken = json.loads(marks[0].removeprefix("PRINTED "))
    assert len(printed) > 10, broken
    for name, files, kinds, has_configuration in printed:
        assert not files, name
        assert "/FileAttachment" not in kinds, name
        assert not has_configuration, name
    for path, kind in served:
        assert path.startswith("/web/assets/") or "/static/" in path
        assert ".." not in path
        assert kind.startswith(("text/css", "image/", "font/")) or "font" in kind, path
