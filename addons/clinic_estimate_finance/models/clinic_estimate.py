from odoo import api, fields, models


class ClinicEstimate(models.Model):
    _name = "clinic.estimate"
    _inherit = ["clinic.engine.mixin", "clinic.estimate"]
    _created_by_engine = False

    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(string="Total", compute="_compute_amount", store=True)
    amount_spent = fields.Monetary(
        string="Spent",
        compute="_compute_amount_spent",
        help="Charged to the patient for these services since the day of the estimate.",
    )

    @api.model
    def _get_engine_fields(self):
        """The lines make the sum, the patient's signature the state."""
        return frozenset({"amount", "state", "accepted_on"})

    @api.depends("line_ids.amount", "line_ids.active")
    def _compute_amount(self):
        for estimate in self:
            lines = estimate.line_ids.filtered("active")
            estimate.amount = sum(lines.mapped("amount"))

    @api.depends("line_ids.service_id", "patient_id", "date")
    def _compute_amount_spent(self):
        # Sudo: a sum over the patient whose estimate is read; the rows stay closed.
        charges = (
            self.env["clinic.charge"]
            .sudo()
            .search(
                [
                    ("patient_id", "in", self.patient_id.ids),
                    ("service_id", "in", self.line_ids.service_id.ids),
                    ("state", "!=", "cancelled"),
                ]
            )
        )
        for estimate in self:
            own = charges.filtered(
                lambda charge, estimate=estimate: (
                    charge.patient_id == estimate.patient_id
                    and charge.service_id in estimate.line_ids.service_id
                    and charge.company_id == estimate.company_id
                    and charge.date >= estimate.date
                )
            )
            estimate.amount_spent = sum(own.mapped("amount"))

    @api.model
    def _get_content_paths(self):
        return (*super()._get_content_paths(), "line_ids.price")
