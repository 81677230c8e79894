from odoo import api, fields, models


class ClinicChargeCorrect(models.TransientModel):
    """Corrects price, quantity or payer of a charge, and asks why."""

    _name = "clinic.charge.correct"
    _description = "Correct a charge"

    charge_id = fields.Many2one("clinic.charge", required=True)
    currency_id = fields.Many2one(related="charge_id.currency_id")
    price = fields.Monetary(
        compute="_compute_terms", store=True, readonly=False, help="Of one."
    )
    qty = fields.Float(
        string="Quantity",
        compute="_compute_terms",
        store=True,
        readonly=False,
        digits="Product Unit",
    )
    payer_id = fields.Many2one(
        "res.partner", compute="_compute_terms", store=True, readonly=False
    )
    reason = fields.Char(required=True)

    @api.depends("charge_id")
    def _compute_terms(self):
        for wizard in self:
            wizard.price = wizard.charge_id.price
            wizard.qty = wizard.charge_id.qty
            wizard.payer_id = wizard.charge_id.payer_id

    def action_correct(self):
        """Correct the charge with the reason given."""
        self.ensure_one()
        self.charge_id.action_correct(
            {"price": self.price, "qty": self.qty, "payer_id": self.payer_id.id},
            self.reason,
        )
        return {"type": "ir.actions.act_window_close"}
