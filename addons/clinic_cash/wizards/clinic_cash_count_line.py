from odoo import api, fields, models


class ClinicCashCountLine(models.TransientModel):
    """So many notes or coins of one face value."""

    _name = "clinic.cash.count.line"
    _description = "Counted notes or coins"
    _order = "id"

    count_id = fields.Many2one("clinic.cash.count", required=True, index=True)
    currency_id = fields.Many2one(related="count_id.currency_id")
    face = fields.Char(string="Face value", required=True, readonly=True)
    number = fields.Integer(string="Pieces")
    amount = fields.Monetary(compute="_compute_amount")

    @api.depends("face", "number")
    def _compute_amount(self):
        for line in self:
            line.amount = float(line.face or 0) * line.number
