from odoo import api, fields, models

INVOICING = [
    ("booking", "When booked"),
    ("before", "Some days before the visit"),
    ("after", "After the visit"),
    ("monthly", "Once a month, all visits together"),
]


class ProductTemplate(models.Model):
    _inherit = "product.template"

    clinic_invoicing = fields.Selection(
        INVOICING,
        string="Invoice",
        compute="_compute_clinic_invoicing",
        store=True,
        readonly=False,
        precompute=True,
        help="When the invoice is made. How many days before the visit: see the"
        " branch.",
    )
    package_service_id = fields.Many2one(
        "product.product",
        string="Package of",
        ondelete="restrict",
        index="btree_not_null",
        domain=[("is_clinic_service", "=", True)],
        help="Sold once, drawn down by every visit of this service.",
    )
    package_visits = fields.Integer(string="Visits in the package")
    package_days = fields.Integer(
        string="Valid (days)", default=180, help="From the day of the sale."
    )

    _clinic_package_positive = models.Constraint(
        "CHECK (package_service_id IS NULL OR package_visits > 0 AND package_days > 0)",
        "A package has at least one visit and is valid for at least a day.",
    )

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "package_visits": (0, 1000),
            "package_days": (0, 3660),
        }

    @api.depends("prepayment_policy")
    def _compute_clinic_invoicing(self):
        for template in self:
            paid_after = template.prepayment_policy == "none"
            template.clinic_invoicing = "after" if paid_after else "before"
