import csv
import io

from odoo import api, fields, models

from ...tools.patient_rows import Layout, Reader

# Reasons for which a row is told and its card is made nevertheless are ``kept``.
KNOWN = ("known", "changed")


class ClinicPatientImport(models.Model):
    """What has become of every row that is no new card as it stands."""

    _inherit = "clinic.patient.import"

    reject_ids = fields.One2many("clinic.patient.import.reject", "import_id")
    rejected = fields.Integer(
        compute="_compute_rejected", help="Rows for which no card was made."
    )
    known = fields.Integer(
        compute="_compute_rejected", help="People who have a card as the row says."
    )
    changed = fields.Integer(
        compute="_compute_rejected", help="People whose card says otherwise."
    )
    doubtful = fields.Integer(
        compute="_compute_rejected", help="New cards beside similar ones."
    )
    flawed = fields.Integer(
        compute="_compute_rejected", help="Values that were left out of new cards."
    )

    missing_categories = fields.Integer(
        compute="_compute_rejected", help="Rows of categories that are not there."
    )

    @api.depends("reject_ids")
    def _compute_rejected(self):
        counts = {}
        for run, reason, kept, count in self.env[
            "clinic.patient.import.reject"
        ]._read_group(
            [("import_id", "in", self.ids)],
            ["import_id", "reason", "kept"],
            ["__count"],
        ):
            counts.setdefault(run, []).append((reason, kept, count))
        for run in self:
            found = counts.get(run, [])
            run.rejected = sum(n for _reason, kept, n in found if not kept)
            run.doubtful = sum(n for reason, _kept, n in found if reason == "doubtful")
            run.flawed = sum(
                n for reason, kept, n in found if kept and reason != "doubtful"
            )
            run.missing_categories = sum(
                n for reason, _kept, n in found if reason == "category"
            )
            for name in KNOWN:
                run[name] = sum(n for reason, _kept, n in found if reason == name)

    def action_get_rejects(self):
        """The rejected rows as a file, to be mended and imported again."""
        self.ensure_one()
        name = self.env._("rejected_%(name)s", name=self.name)
        attachment = self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": "\ufeff".encode() + self._get_rejects().encode(),
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
        }

    def _add_rejects(self, rejects):
        self.env["clinic.patient.import.reject"].create(
            [
                {
                    "import_id": self.id,
                    "line": reject.line,
                    "reason": reject.reason,
                    "text": reject.text,
                    "detail": reject.detail,
                    "kept": reject.kept,
                    "patient_id": reject.card or False,
                }
                for reject in rejects
            ]
        )

    def _reread(self, line, text):
        """A row that was told of, with its values."""
        layout = Layout(
            "utf-8",
            self.delimiter,
            tuple(self.columns),
            tuple(self.titles),
            order=self.date_order,
        )
        return Reader(io.BytesIO(), layout).reread(line, text)

    def _get_rejects(self):
        """Rejected rows as CSV under their own titles, with line and reason behind:
        whoever has mended them imports the file as it is."""
        buffer = io.StringIO()
        delimiter = self[:1].delimiter or ";"
        writer = csv.writer(buffer, delimiter=delimiter)
        titles = self[:1].titles or []
        writer.writerow([*titles, self.env._("Line"), self.env._("Reason")])
        for reject in self.reject_ids:
            cells = reject._get_cells(self[:1].delimiter or ";")
            cells += [""] * (len(titles) - len(cells))
            writer.writerow([*cells, reject.line, reject._get_reason()])
        return buffer.getvalue()

    # === MESSAGES === #

    def _get_header_message(self, code, found):
        if code == "field":
            return self.env._(
                "The mapping names unknown fields: %(found)s.", found=found
            )
        return self.env._(
            "No column holds the name of the patient. Columns found: %(found)s."
            " Name one"
            " “ФИО” or “Фамилия”, or give a mapping.",
            found=found,
        )

    def _get_hidden_message(self):
        """False, or which sheets of the workbook nobody sees."""
        return bool(self.hidden_sheets) and self.env._(
            "Hidden sheets were left out: %(sheets)s.", sheets=self.hidden_sheets
        )

    def _get_unread_message(self, layout):
        """False, or which columns nobody reads; their titles and nothing else."""
        unread = [title for title in layout.unknown]
        if not unread:
            return False
        return self.env._(
            "These columns are not read: %(titles)s. If they hold something of the"
            " patient, say what, and import the file again.",
            titles=", ".join(unread),
        )

    def _get_missing_message(self):
        """False, or what rows refer to and the clinic does not have."""
        missing = self.env["clinic.patient.import.reject"]._read_group(
            [("import_id", "=", self.id), ("reason", "=", "category")],
            ["detail"],
            ["__count"],
        )
        if not missing:
            return False
        return self.env._(
            "The clinic has no category %(names)s: such cards were made without one.",
            names=", ".join(f"“{name}” ({count})" for name, count in missing),
        )
