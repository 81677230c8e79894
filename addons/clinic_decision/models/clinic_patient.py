from odoo import models


class ClinicPatient(models.Model):
    _inherit = "clinic.patient"

    def _get_personal_fields(self):
        """What was decided of the person, and what people have said of it."""
        return {
            **super()._get_personal_fields(),
            "clinic.decision.exemption": {"patient_id": {"reason": None}},
            "clinic.decision.log": {
                "patient_id": dict.fromkeys(("facts", "error", "override_reason"))
            },
            "clinic.financial.block": {
                "patient_id": dict.fromkeys(("reason", "lift_reason"))
            },
        }
