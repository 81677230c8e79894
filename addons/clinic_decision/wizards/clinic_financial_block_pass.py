from odoo import fields, models


class ClinicFinancialBlockPass(models.TransientModel):
    """Why somebody may book in spite of a debt."""

    _name = "clinic.financial.block.pass"
    _description = "Let a booking pass"

    block_ids = fields.Many2many("clinic.financial.block", required=True)
    reason = fields.Char(required=True)

    def action_pass(self):
        """Let the chosen payers book for the next two hours."""
        self.block_ids.let_pass(self.reason)
        return {"type": "ir.actions.act_window_close"}
