import json
import os

from psycopg2.extras import execute_values

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.clinic_base.tools import uploads

from ...tools.icd10_csv import Icd10FormatError, read_icd10
from ...tools.icd10_package import read_package

# The edition has 15 000.
MAX_ROWS = 100_000


class ClinicIcd10(models.Model):
    """ICD-10 code. The classifier itself is public; what points to it is not."""

    _name = "clinic.icd10"
    _description = "ICD-10 code"
    _inherit = ["clinic.archive.mixin"]
    _order = "code"

    code = fields.Char(required=True, readonly=True)
    name = fields.Char(required=True, translate=True, readonly=True, index="trigram")
    parent_id = fields.Many2one(
        "clinic.icd10", index=True, readonly=True, ondelete="restrict"
    )
    mark = fields.Selection(
        [("dagger", "† Cause"), ("asterisk", "* Manifestation")], readonly=True
    )

    _code_once = models.Constraint("UNIQUE (code)", "This code exists already.")

    @api.model
    def _has_own_records(self, modules):
        """None: the classifier is public, and comes back with its module."""
        return False

    @api.depends("code", "name")
    def _compute_display_name(self):
        for code in self:
            code.display_name = f"{code.code} {code.name}"

    @api.model
    def _search_display_name(self, operator, value):
        """A code by its beginning, or names that hold every word."""
        if operator not in ("ilike", "like", "=ilike") or not isinstance(value, str):
            return super()._search_display_name(operator, value)
        words = value.split()
        # Apart: joined by OR they would keep the index of the names from being used.
        if len(words) == 1 and any(letter.isdigit() for letter in value):
            return Domain("code", "=ilike", f"{words[0]}%")
        return Domain.AND(Domain("name", "ilike", word) for word in words)

    # === IMPORT === #

    @api.model
    def _import_csv(self, path, lang="ru_RU"):
        """Load an edition of the classifier; known codes are renamed, none deleted.

        :param path: CSV file as the registry of the Ministry of Health publishes it
        :param lang: language of its names
        :return: number of codes read
        :raises UserError: naming the line, if the file is no such edition
        """
        try:
            if os.path.getsize(path) > uploads.INFLATED:
                raise uploads.TooLargeError("size", uploads.INFLATED)
            with open(path, encoding="utf-8-sig", newline="") as stream:
                rows = list(uploads.take(read_icd10(stream), MAX_ROWS))
        except uploads.TooLargeError as error:
            raise UserError(
                self.env._("The file is too large for a classifier.")
            ) from error
        except Icd10FormatError as error:
            raise UserError(
                self.env._("The file is no ICD-10 classifier: %(error)s", error=error)
            ) from error
        return self._import_rows(rows, lang)

    @api.model
    def _import_package(self):
        """Load the English list, for a start without a file; see ``_import_csv``."""
        return self._import_rows(list(read_package()), "en_US")

    @api.model
    def _import_rows(self, rows, lang):
        self._upsert(rows, lang)
        self._link_parents(rows)
        self.invalidate_model()
        return len(rows)

    @api.model
    def _upsert(self, rows, lang):
        """Names in ``lang``; the source language keeps its own, if it has one."""
        execute_values(
            self.env.cr._obj,
            """
            INSERT INTO clinic_icd10 AS known (code, name, mark, active)
            VALUES %s
                ON CONFLICT (code) DO UPDATE
               SET name = excluded.name || known.name
                          || jsonb_build_object(%%(lang)s, excluded.name -> %%(lang)s),
                   mark = excluded.mark,
                   active = excluded.active
            """.replace("%%(lang)s", self.env.cr.mogrify("%s", [lang]).decode()),
            [
                (
                    row.code,
                    json.dumps({"en_US": row.name, lang: row.name}, ensure_ascii=False),
                    row.mark,
                    row.actual,
                )
                for row in rows
            ],
            template="(%s, %s::jsonb, %s, %s)",
            page_size=2000,
        )

    @api.model
    def _link_parents(self, rows):
        codes = {row.number: row.code for row in rows}
        execute_values(
            self.env.cr._obj,
            """
            UPDATE clinic_icd10 AS child
               SET parent_id = parent.id
              FROM (VALUES %s) AS edge (child, parent)
              JOIN clinic_icd10 AS parent ON parent.code = edge.parent
             WHERE child.code = edge.child
            """,
            [(row.code, codes[row.parent]) for row in rows if row.parent in codes],
            page_size=2000,
        )
