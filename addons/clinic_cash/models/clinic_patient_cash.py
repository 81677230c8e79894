from odoo import models


class ClinicPatient(models.Model):
    _inherit = "clinic.patient"

    def action_take_payment(self):
        """The cash desk's page with this patient."""
        self.ensure_one()
        self.check_access("read")
        return self.env["clinic.cash.sale"]._open(patient=self)

    def _get_personal_fields(self):
        """Where the payer wanted the electronic receipt."""
        return {
            **super()._get_personal_fields(),
            "clinic.cash.sale": {"patient_id": {"contact": None}},
        }
