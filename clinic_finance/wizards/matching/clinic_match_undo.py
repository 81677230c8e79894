from odoo import fields, models


class ClinicMatchUndo(models.TransientModel):
    """Why a match is undone."""

    _name = "clinic.match.undo"
    _description = "Undo a match"

    match_ids = fields.Many2many("clinic.match", required=True)
    reason = fields.Char(required=True)

    def action_undo(self):
        """Undo the chosen matches; their payments wait for a person."""
        self.match_ids.undo(self.reason)
        return {"type": "ir.actions.act_window_close"}
