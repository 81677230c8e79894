from odoo import models
from odoo.tools import SQL

from ...tools.documents import digits_of


class ClinicPatient(models.Model):
    """Rows of files that are told of keep what they said of a person."""

    _inherit = "clinic.patient"

    def _overwrite_rows(self):
        # The columns that the statement reads are written by SQL alone.
        self.env["clinic.patient.import.reject"].flush_model()
        for card in self:
            names = [name for name in (card.last_name, card.first_name) if name]
            numbers = [digits_of(n)[-10:] for n in card.phone_ids.mapped("number_e164")]
            self.env.execute_query(
                SQL(
                    """
                    UPDATE clinic_patient_import_reject SET text = NULL, detail = NULL
                     WHERE %(named)s AND text ILIKE ALL(%(names)s)
                        OR regexp_replace(text, '\\D', '', 'g') LIKE ANY(%(numbers)s)
                    """,
                    named=bool(names),
                    names=[f"%{name}%" for name in names],
                    numbers=[f"%{number}%" for number in numbers],
                )
            )
        return super()._overwrite_rows()
