from odoo import models


class ClinicPatient(models.Model):
    _inherit = "clinic.patient"

    def _get_personal_fields(self):
        """What was written to the person, and where to."""
        texts = ("values", "recipient", "subject", "body", "error")
        return {
            **super()._get_personal_fields(),
            "clinic.message": {"patient_id": dict.fromkeys(texts)},
            "sms.sms": {"partner_id": dict.fromkeys(("number", "body"))},
        }
