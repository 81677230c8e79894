from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.imports.name_lookup import NameLookup
from ..tools.letters import fold
from ..tools.list_rows import read_tables


class ClinicListImport(models.TransientModel):
    """A list of a former system: services, specialists and what else modules add."""

    _name = "clinic.list.import"
    _description = "Import of lists"
    _inherit = ["clinic.rows.import.mixin"]

    kind = fields.Selection("_get_kind_selection", string="What", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    line_ids = fields.One2many("clinic.list.import.line", "import_id")
    answer_ids = fields.One2many("clinic.list.import.answer", "import_id")

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

    def _get_list(self):
        model = self._get_kinds()[self.kind][0]
        return self.env[model].with_company(self.company_id)

    def _get_sample(self):
        return f"{self.kind}.xlsx", *self._get_list()._get_sample()

    # === ROWS === #

    def _read(self, content):
        kind = self._get_list()
        with self._explaining_files():
            tables = read_tables(content, kind._find_titles)
        if not any(table.rows for table in tables):
            titles = kind._get_column_labels().values()
            raise UserError(
                self.env._(
                    "No rows were found. A row of titles names the columns, for"
                    " instance: %(titles)s.",
                    titles=", ".join(titles),
                )
            )
        rows = [row for table in tables for row in table.rows or ()]
        return rows, self._describe_unread(tables, content)

    def _get_taker(self):
        return NameLookup(self._get_list().env, self.answer_ids._get_answers())

    def _take_row(self, taker, row, keep):
        for value in row.values.values():
            if value.startswith("="):
                raise UserError(
                    self.env._(
                        "The formula %(formula)s was never calculated: open the file"
                        " in a spreadsheet and save it.",
                        formula=value,
                    )
                )
        return "made" if self._get_list()._take(row.values, self, taker) else "known"

    def _prepare_report(self, row):
        report = super()._prepare_report(row)
        return report | {"text": "; ".join(row.values.values())}

    def _finish(self, taker, rows, reports):
        by_state = {}
        for row, report in zip(rows, reports, strict=True):
            by_state.setdefault(report["state"], []).append(row.values)
        kind, taken = self._get_list(), by_state.pop("made", [])
        told = [kind._finish(self, taken, taker), *kind._tell_rest(self, by_state)]
        return "\n".join(filter(None, told))

    # === ANSWERS === #

    def _report(self, reports, message):
        result = super()._report(reports, message)
        self._ask([report["about"] for report in reports if report.get("about")])
        return result

    def _ask(self, asked):
        """One question for each name, however many rows it stands in; what has been
        answered stays answered."""
        wanted = {}
        for model, text in asked:
            wanted.setdefault((model, fold(text)), text)
        open_ = self.answer_ids.filtered(lambda answer: not answer._get_record())
        # Sudo: questions of an import that the user may write.
        open_.sudo().unlink()
        for answer in self.answer_ids:
            wanted.pop((answer.model, fold(answer.text)), None)
        askable = self.answer_ids._get_fields()
        self.answer_ids = [
            Command.create({"model": model, "text": text})
            for (model, _folded), text in wanted.items()
            if model in askable
        ]

    @api.model
    def _count(self, reports):
        """{state: number of rows}."""
        return Counter(report["state"] for report in reports)


class ClinicListImportLine(models.TransientModel):
    """What became of one row."""

    _name = "clinic.list.import.line"
    _description = "Row of an import of lists"
    _inherit = ["clinic.rows.import.line.mixin"]
    _order = "id"

    import_id = fields.Many2one("clinic.list.import", required=True, ondelete="cascade")
    text = fields.Char(string="What it says", readonly=True)
    state = fields.Selection(
        [
            ("made", "Made"),
            ("known", "Known"),
            ("asked", "To be answered"),
            ("refused", "Refused"),
            ("left", "Not tried yet"),
        ],
        required=True,
        readonly=True,
    )
