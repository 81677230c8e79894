from odoo import fields, models


class ClinicDecisionOverride(models.TransientModel):
    """Why a decision is overridden."""

    _name = "clinic.decision.override"
    _description = "Override a decision"

    log_ids = fields.Many2many("clinic.decision.log", required=True)
    reason = fields.Char(required=True)

    def action_override(self):
        """Undo what the chosen decisions did, as far as it can be undone."""
        self.log_ids.override(self.reason)
        return {"type": "ir.actions.act_window_close"}
