import io
from collections import Counter

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.patient_columns import NAMES
from ...tools.patient_rows import Layout

# First rows that are shown of each column.
SHOWN = 3
LONGEST_SHOWN = 40


class ClinicPatientImport(models.Model):
    """What the columns of a file hold: found, shown with the first rows, corrected by
    a person and remembered for the next file of the same source."""

    _inherit = "clinic.patient.import"

    source_id = fields.Many2one(
        "clinic.patient.import.source",
        ondelete="restrict",
        help="The program that the file comes from. What its columns hold is asked"
        " once.",
    )
    sheet = fields.Char(readonly=True, help="Of a workbook: each sheet is a run.")
    hidden_sheets = fields.Char(
        string="Hidden sheets, left out",
        readonly=True,
        help="Show them in the spreadsheet first, if they are wanted.",
    )
    column_ids = fields.One2many("clinic.patient.import.column", "import_id")

    def action_read(self):
        """Find the columns; the sheets of a workbook become runs of their own."""
        for run in self:
            if not run.file:
                raise UserError(self.env._("Choose a file first."))
            tables = run._get_tables()
            run.hidden_sheets = run._find_hidden_sheets()
            if not run.sheet and len(tables) > 1:
                run.sheet, *others = tables
                for sheet in others:
                    run._prepare_sheet(sheet)._read_columns(tables[sheet])
            run._read_columns(tables.get(run.sheet) or next(iter(tables.values())))

    def _prepare_sheet(self, sheet):
        return self.create(
            {
                "name": f"{self.name} ({sheet})",
                "sheet": sheet,
                "file": self.file,
                "source_id": self.source_id.id,
            }
        )

    def _read_columns(self, content):
        """:param content: bytes of the table"""
        decided = (self.source_id.mapping or {}) | (self.mapping or {})
        layout = Layout.of(io.BytesIO(content), decided, named=False)
        self.check_access("write")
        # Rows of a dialog about a run that the user may write.
        self.column_ids.sudo().unlink()
        self.column_ids = [
            Command.create(
                {
                    "number": number,
                    "title": title,
                    "field": field,
                    "sample": self._get_sample(layout, number - 1),
                }
            )
            for number, (title, field) in enumerate(
                zip(layout.titles, layout.columns, strict=True), 1
            )
        ]

    def _get_sample(self, layout, place):
        values = [row[place].strip() for row in layout.sample if len(row) > place]
        shown = [value[:LONGEST_SHOWN] for value in values if value][:SHOWN]
        return " · ".join(shown)

    def action_check(self):
        """Say what would become of every row; nothing is written."""
        return self._restart(dry_run=True)

    def action_import(self):
        """Make the cards."""
        return self._restart(dry_run=False)

    def _restart(self, dry_run):
        self.check_access("write")
        self.lock_for_update()
        self._check_not_begun()
        self._as_engine().write({"state": "draft", "dry_run": dry_run})
        return self.action_start()

    def _settle_mapping(self):
        """Keep what the columns hold, for this file and the next of its source.

        :raises UserError: nobody has said what a column holds, or that it is left out
        """
        self.ensure_one()
        if not self.column_ids:
            self.action_read()
        columns = self.column_ids
        if unknown := columns.filtered(lambda column: not column.field):
            raise UserError(
                self.env._(
                    "Say what these columns hold, or leave them out: %(titles)s.",
                    titles=", ".join(unknown.mapped("title")),
                )
            )
        if not NAMES & set(columns.mapped("field")):
            raise UserError(
                self.env._("Say which column holds the names of the patients.")
            )
        twice = Counter(columns.mapped("title"))
        titled = {c.title: c.field for c in columns if twice[c.title] == 1}
        placed = {f"#{c.number}": c.field for c in columns if twice[c.title] > 1}
        self._as_engine().mapping = {**titled, **placed}
        self.source_id._remember(titled)

    def action_add_categories(self):
        """Make the categories that the file names and the clinic does not have.

        Whoever may not make categories is told so. Cards that were made without one
        get it; rows that are imported afterwards find it.
        """
        rejects = self.reject_ids.filtered(lambda reject: reject.reason == "category")
        known = self._get_category_words()
        names = sorted(set(rejects.mapped("detail")) - known.keys())
        self.env["clinic.patient.category"].create(
            [{"name": name.capitalize()} for name in names]
        )
        self.env.flush_all()
        known = self._get_category_words()
        for category, rows in rejects.grouped("detail").items():
            # Sudo: whoever may make categories and write this run; it made the cards.
            cards = rows.sudo().patient_id
            bare = cards.filtered(lambda card: not card.category_id)
            bare.category_id = known[category]
        # Rows of the report that are answered by this.
        rejects.sudo().unlink()
