from odoo import models


class ClinicEmergencyAccess(models.Model):
    _inherit = "clinic.emergency.access"

    def action_open_record(self):
        """The medical page that was opened."""
        self.ensure_one()
        return self.env["clinic.medical.card"].get_for(self.patient_id)._open()
