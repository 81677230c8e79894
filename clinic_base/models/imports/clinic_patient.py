from odoo import api, models


class ClinicPatient(models.Model):
    _inherit = "clinic.patient"

    @api.model
    def _get_personal_fields(self):
        """Rows of files that were told of say what stood in them."""
        told = {"patient_id": dict.fromkeys(("text", "detail"))}
        return {
            **super()._get_personal_fields(),
            "clinic.patient.import.reject": told,
        }
