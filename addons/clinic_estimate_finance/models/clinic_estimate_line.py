from odoo import api, fields, models


class ClinicEstimateLine(models.Model):
    _name = "clinic.estimate.line"
    _inherit = ["clinic.engine.mixin", "clinic.estimate.line"]
    _created_by_engine = False

    currency_id = fields.Many2one(related="estimate_id.currency_id")
    price = fields.Monetary(
        compute="_compute_price", store=True, readonly=False, help="Of one."
    )
    amount = fields.Monetary(compute="_compute_amount", store=True)

    @api.model
    def _get_engine_fields(self):
        return frozenset({"amount"})

    @api.depends("service_id")
    def _compute_price(self):
        """As it would be charged on the day of the estimate; it can be changed."""
        # Sudo: pricing reads lists that the desk may not see; it shows their result
        # when a visit is booked too.
        charges = self.env["clinic.charge"].sudo()
        no_profile = self.env["clinic.visit.profile"].sudo()
        for line in self.sudo():
            estimate = line.estimate_id
            if not line.service_id or not estimate.branch_id:
                line.price = line.service_id.lst_price
                continue
            line.price = charges._get_price(
                line.service_id,
                estimate.patient_id,
                estimate.branch_id,
                no_profile,
                estimate.date,
            ).price

    @api.depends("price", "quantity")
    def _compute_amount(self):
        for line in self:
            amount = line.price * line.quantity
            line.amount = line.currency_id.round(amount) if line.currency_id else amount

    def _get_content(self):
        return [*super()._get_content(), self.price]
