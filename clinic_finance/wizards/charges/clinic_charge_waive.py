from odoo import fields, models


class ClinicChargeWaive(models.TransientModel):
    """Asks why a fee is waived."""

    _name = "clinic.charge.waive"
    _description = "Waive a fee"

    charge_ids = fields.Many2many("clinic.charge", required=True)
    reason = fields.Char(required=True)

    def action_waive(self):
        """Waive the fees with the reason given."""
        self.charge_ids.action_waive(self.reason)
        return {"type": "ir.actions.act_window_close"}
