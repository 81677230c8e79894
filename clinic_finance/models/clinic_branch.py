from odoo import fields, models


class ClinicBranch(models.Model):
    _name = "clinic.branch"
    _inherit = ["clinic.branch", "clinic.analytic.mixin"]

    _analytic_plan = "clinic_finance.clinic_analytic_plan_branch"

    pricelist_id = fields.Many2one(
        "product.pricelist",
        ondelete="restrict",
        help="Prices of this branch. Empty: the services' own prices.",
    )
