from collections import Counter
from contextlib import contextmanager

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.imports.clinic_list_mixin import AskedError
from ..tools import uploads
from ..tools.list_rows import MAX_ROWS, read_tables, write_workbook


class ClinicListImport(models.TransientModel):
    """A list of a former system: services, specialists and what else modules add.

    Checking makes every row and takes it back; importing keeps what could be made. Both
    say of every row what became of it. Rows see what the rows before them have made.
    """

    _name = "clinic.list.import"
    _description = "Import of lists"

    kind = fields.Selection("_get_kind_selection", string="What", required=True)
    file = fields.Binary(attachment=False)
    filename = fields.Char()
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    line_ids = fields.One2many("clinic.list.import.line", "import_id")
    message = fields.Text(readonly=True)

    @api.model
    def _get_kinds(self):
        """Hook: {kind: (its abstract model, label)}."""
        return {
            "services": ("clinic.list.services", self.env._("Services and prices")),
            "specialists": ("clinic.list.specialists", self.env._("Specialists")),
        }

    @api.model
    def _get_kind_selection(self):
        return [(kind, label) for kind, (_model, label) in self._get_kinds().items()]

    def _get_taker(self):
        return self.env[self._get_kinds()[self.kind][0]]

    # === ACTIONS === #

    def action_check(self):
        """Say what would become of every row; nothing stays."""
        return self._run(keep=False)

    def action_import(self):
        """Make every row that can be made; the others stay in the report."""
        return self._run(keep=True)

    def action_sample(self):
        """A workbook with the columns in the user's language and an example."""
        self.check_access("write")
        self.ensure_one()
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{self.kind}.xlsx",
                "raw": write_workbook(*self._get_taker()._get_sample()),
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
        }

    def _run(self, keep):
        # The same right as for making this record; it can be called without one.
        self.check_access("write")
        self.ensure_one()
        if not self.file:
            raise UserError(self.env._("Choose a file."))
        with self._explaining_files():
            content = uploads.decode(self.file)
        reports, message = self._load(content, keep)
        self.line_ids.unlink()
        self.write(
            {
                "line_ids": [Command.create(report) for report in reports],
                "message": message,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Import of lists"),
        }

    # === ROWS === #

    def _load(self, content, keep):
        """([values of a line for each row], what is told of the whole file).

        :raises UserError: the file is no table, or none of this kind
        """
        taker = self._get_taker().with_company(self.company_id)
        tables = self._read(content, taker)
        savepoint = self.env.cr.savepoint()
        taken, reports = [], []
        for table in tables:
            for row in table.rows or ():
                reports.append(self._try_row(taker, row, taken))
        told = self._finish(taker, taken, reports)
        savepoint.close(rollback=not keep)
        if not keep:
            self.env.invalidate_all()
        return reports, "\n".join(filter(None, [*self._describe(tables), told]))

    @api.model
    @contextmanager
    def _explaining_files(self):
        """Refusals of :mod:`tools.uploads`, in words."""
        try:
            yield
        except uploads.TooLargeError as error:
            raise UserError(
                self.env._(
                    "The file is too large: at most %(count)s rows.", count=MAX_ROWS
                )
            ) from error
        except uploads.UnreadableError as error:
            raise UserError(self.env._("The file cannot be read.")) from error

    def _read(self, content, taker):
        with self._explaining_files():
            tables = read_tables(content, taker._rules, taker._needed)
        if not any(table.rows for table in tables):
            titles = taker._get_column_labels().values()
            raise UserError(
                self.env._(
                    "No rows were found. A row of titles names the columns, for"
                    " instance: %(titles)s.",
                    titles=", ".join(titles),
                )
            )
        return tables

    def _try_row(self, taker, row, taken):
        report = {
            "sheet": row.sheet,
            "number": row.number,
            "text": "; ".join(row.values.values()),
            "message": False,
        }
        try:
            with self.env.cr.savepoint():
                made = taker._take(row.values, self)
                # What the database refuses is refused here.
                self.env.flush_all()
        except AskedError as error:
            return report | {"state": "asked", "message": str(error)}
        except UserError as error:
            return report | {"state": "refused", "message": str(error)}
        except psycopg2.IntegrityError as error:
            return report | {"state": "refused", "message": self._word(error)}
        if made:
            taken.append(row.values)
        return report | {"state": "made" if made else "known"}

    def _word(self, error):
        """What a constraint of the database has refused, as its model says it."""
        models = (m for m in self.env.values() if m._table == error.diag.table_name)
        return next(models, self)._sql_error_to_message(error)

    def _finish(self, taker, taken, reports):
        """What is made of all rows together; where it is refused, none of them is."""
        try:
            with self.env.cr.savepoint():
                told = taker._finish(self, taken)
                self.env.flush_all()
        except UserError as error:
            for report in reports:
                if report["state"] == "made":
                    report |= {"state": "refused", "message": str(error)}
            return str(error)
        return told

    def _describe(self, tables):
        """Sentences on what nobody has read: sheets and columns."""
        for table in tables:
            if table.rows is None:
                yield self.env._(
                    "The sheet “%(sheet)s” was left out: no titles.", sheet=table.name
                )
            if table.unknown:
                yield self.env._(
                    "These columns are not read: %(titles)s.",
                    titles=", ".join(table.unknown),
                )

    @api.model
    def _count(self, reports):
        """{state: number of rows}."""
        return Counter(report["state"] for report in reports)


class ClinicListImportLine(models.TransientModel):
    """What became of one row."""

    _name = "clinic.list.import.line"
    _description = "Row of an import of lists"
    _order = "id"

    import_id = fields.Many2one("clinic.list.import", required=True, ondelete="cascade")
    sheet = fields.Char(readonly=True)
    number = fields.Integer(string="Row", readonly=True)
    text = fields.Char(string="What it says", readonly=True)
    state = fields.Selection(
        [
            ("made", "Made"),
            ("known", "Known"),
            ("asked", "To be answered"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
    )
    message = fields.Char(readonly=True)
