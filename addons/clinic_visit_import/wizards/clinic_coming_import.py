from datetime import timezone

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.tools import uploads
from odoo.addons.clinic_base.tools.walltime import minute_of_day, to_utc, to_wall

from ..tools.coming_rows import MAX_ROWS, read_ics, read_xlsx

READERS = {"xlsx": read_xlsx, "ics": read_ics}


class ClinicComingImport(models.TransientModel):
    """Coming visits and standing visits from a file, each booked by the engine itself.

    Checking books every row and takes it back; importing keeps what could be booked.
    Both say of every row what became of it, so that nothing is lost silently.
    """

    _name = "clinic.coming.import"
    _description = "Import of coming visits"

    file = fields.Binary(required=True, attachment=False)
    filename = fields.Char()
    line_ids = fields.One2many("clinic.coming.import.line", "import_id", readonly=True)
    clash_count = fields.Integer(compute="_compute_clash_count")

    @api.depends("line_ids.state")
    def _compute_clash_count(self):
        for run in self:
            run.clash_count = run.line_ids.mapped("state").count("clash")

    def action_check(self):
        """Say what would become of every row; nothing stays booked."""
        return self._run(keep=False)

    def action_import(self):
        """Book every row that can be booked; the others stay in the report."""
        return self._run(keep=True)

    def _run(self, keep):
        # The same right as for making this record; it can be called without one.
        self.check_access("write")
        self.ensure_one()
        rows = self._read()
        # Rows are checked one after the other, as they would be booked: one of them may
        # stand in the way of another.
        savepoint = self.env.cr.savepoint()
        reports = [self._try_row(row, "booked" if keep else "ready") for row in rows]
        savepoint.close(rollback=not keep)
        self.line_ids.unlink()
        self.line_ids = [fields.Command.create(report) for report in reports]
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Import coming visits"),
        }

    def _read(self):
        """:raises UserError: if the file is not what its name says"""
        reader = READERS.get((self.filename or "").rpartition(".")[2].lower())
        if not reader:
            raise UserError(self.env._("Choose an .xlsx or .ics file."))
        try:
            return list(reader(uploads.decode(self.file)))
        except uploads.UnreadableError as error:
            raise UserError(self.env._("The file cannot be read.")) from error
        except uploads.TooLargeError as error:
            raise UserError(self._explain_size(error)) from error

    def _explain_size(self, error):
        if error.what == "rows":
            return self.env._("At most %(count)s rows at a time.", count=MAX_ROWS)
        if error.what in ("nesting", "repetition"):
            return self.env._("The calendar has a rule that is no day or week.")
        return self.env._("The file is too large, or holds too much when unpacked.")

    def _try_row(self, row, state):
        """Values of the line that reports on ``row``; ``state`` if it can be booked."""
        report = {
            "number": row.number,
            "card_number": row.card_number,
            "specialist": row.specialist,
            "start": row.start and f"{row.start:%Y-%m-%d %H:%M}",
            "state": state,
        }
        try:
            with self.env.cr.savepoint():
                self._book_row(row)
        except UserError as error:
            report |= {"state": "clash", "message": self._explain(error)}
        return report

    def _book_row(self, row):
        """Book through the public methods, with the user's own rights."""
        if not row.start:
            raise UserError(self.env._("The start is not understood."))
        branch = self._find("clinic.branch", "name", row.branch)
        start = self._get_start(row, branch)
        vals = {
            "patient_id": self._find(
                "clinic.patient", "card_number", row.card_number
            ).id,
            "specialist_id": self._find("clinic.specialist", "name", row.specialist).id,
            "service_id": self._find("product.product", "name", row.service).id,
            "branch_id": branch.id,
            "duration": row.minutes or None,
        }
        if not row.weeks:
            start = fields.Datetime.to_string(start)
            return self.env["clinic.appointment"].book({**vals, "start": start})
        wall = to_wall(start, branch.tz)
        return self.env["clinic.appointment.series"].book_series(
            {
                **vals,
                "duration": row.minutes,
                "weekday": wall.weekday(),
                "minute_of_day": minute_of_day(wall),
                "date_from": str(wall.date()),
                "date_to": row.until and str(row.until),
                "interval_weeks": row.weeks,
            }
        )

    def _get_start(self, row, branch):
        """Naive UTC."""
        if row.start.tzinfo:
            return row.start.astimezone(timezone.utc).replace(tzinfo=None)
        return to_utc(row.start.date(), minute_of_day(row.start), branch.tz)

    def _find(self, model, name, value):
        """:raises UserError: unless exactly one record is called so"""
        found = self.env[model].search([(name, "=ilike", value)], limit=2)
        if not value or len(found) != 1:
            label = self.env["ir.model"]._get(model).sudo().name
            raise UserError(
                self.env._(
                    "%(kind)s: none or several called “%(value)s”.",
                    kind=label,
                    value=value,
                )
            )
        return found

    def _explain(self, error):
        """The refusal, with the dates of a standing visit that clash."""
        clashes = getattr(error, "context", {}).get("clashes") or ()
        days = ", ".join(clash["date"] for clash in clashes)
        return f"{error.args[0]} {days}".strip()


class ClinicComingImportLine(models.TransientModel):
    """What became of one row."""

    _name = "clinic.coming.import.line"
    _description = "Row of an import of coming visits"
    _order = "state desc, number, id"

    import_id = fields.Many2one(
        "clinic.coming.import", required=True, ondelete="cascade"
    )
    number = fields.Integer(string="Row")
    card_number = fields.Char()
    specialist = fields.Char()
    start = fields.Char()
    state = fields.Selection(
        [
            ("booked", "Booked"),
            ("ready", "Can be booked"),
            ("clash", "Cannot be booked"),
        ],
        required=True,
    )
    message = fields.Char()
