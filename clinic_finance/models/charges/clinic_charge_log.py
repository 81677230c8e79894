from odoo import fields, models


class ClinicChargeLog(models.Model):
    """Who corrected what of a charge, and why. Never changed."""

    _name = "clinic.charge.log"
    _description = "Correction of a charge"
    _inherit = ["clinic.engine.mixin", "clinic.archive.mixin"]
    _order = "id desc"
    _rec_name = "charge_id"

    charge_id = fields.Many2one(
        "clinic.charge", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="charge_id.company_id", store=True)
    changed = fields.Selection(
        [("price", "Price"), ("qty", "Quantity"), ("payer_id", "Payer")],
        string="What",
        required=True,
    )
    old = fields.Char(string="Before")
    new = fields.Char(string="After")
    reason = fields.Char(required=True, help="Never anything medical.")
    user_id = fields.Many2one(
        "res.users",
        string="By",
        required=True,
        default=lambda self: self.env.uid,
        ondelete="restrict",
    )

    def _get_engine_fields(self):
        return self._fields.keys()
