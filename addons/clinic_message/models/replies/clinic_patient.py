from odoo import models
from odoo.tools import SQL


class ClinicPatient(models.Model):
    _inherit = "clinic.patient"

    def _overwrite_rows(self):
        """What the person has answered: a reply leads to nobody but by its number."""
        self.env["clinic.message.reply"].flush_model()
        self.env.execute_query(
            SQL(
                "UPDATE clinic_message_reply SET number = NULL, body = NULL"
                " WHERE number = ANY(%s)",
                self.phone_ids.mapped("number_e164"),
            )
        )
        return super()._overwrite_rows()
