from odoo import models


class ClinicAppointment(models.Model):
    """No field leads from the visit to its protocol, only this action."""

    _inherit = "clinic.appointment"

    def action_open_encounter(self):
        """Open the protocol of the visit; medical staff only."""
        self.ensure_one()
        encounter = self.env["clinic.encounter"].open_for(self)
        return {
            "type": "ir.actions.act_window",
            "res_model": "clinic.encounter",
            "res_id": encounter.id,
            "views": [(False, "form")],
        }
