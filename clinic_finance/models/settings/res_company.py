from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    clinic_payment_link_days = fields.Integer(
        string="Days that a payment link lives", default=30
    )

    _clinic_link_positive = models.Constraint(
        "CHECK (clinic_payment_link_days >= 0)",
        "A payment link cannot end before it is sent.",
    )

    @api.model
    def _get_bounds(self):
        return {**super()._get_bounds(), "clinic_payment_link_days": (0, 365)}
