from odoo import models


class ClinicAppointment(models.Model):
    _inherit = "clinic.appointment"

    def action_take_payment(self):
        """The cash desk's page with the patient of this visit."""
        self.ensure_one()
        self.check_access("read")
        return self.env["clinic.cash.sale"]._open(patient=self.patient_id, visit=self)
