from odoo import fields, models


class ClinicBranch(models.Model):
    _inherit = "clinic.branch"

    pricelist_id = fields.Many2one(
        "product.pricelist",
        ondelete="restrict",
        help="Prices of this branch. Empty: the services' own prices.",
    )
