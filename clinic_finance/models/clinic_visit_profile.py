from odoo import fields, models


class ClinicVisitProfile(models.Model):
    _inherit = "clinic.visit.profile"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    price_mode = fields.Selection(
        [("list", "By the price list"), ("fixed", "Fixed"), ("discount", "Discount")],
        required=True,
        default="list",
    )
    price = fields.Monetary(help="For a fixed price.")
    discount = fields.Float(string="Discount (%)", digits=(5, 2))
    specialist_share = fields.Float(string="Specialist's share (%)", digits=(5, 2))
    contract_number = fields.Char()

    _price_positive = models.Constraint(
        "CHECK (price >= 0)", "A price cannot be negative."
    )
    _discount_percent = models.Constraint(
        "CHECK (discount BETWEEN 0 AND 100)", "A discount is between 0 and 100 percent."
    )
    _share_percent = models.Constraint(
        "CHECK (specialist_share BETWEEN 0 AND 100)",
        "A share is between 0 and 100 percent.",
    )
