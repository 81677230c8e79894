from odoo import api, fields, models


class ClinicEstimateLine(models.Model):
    _name = "clinic.estimate.line"
    _description = "Line of an estimate"
    _inherit = ["clinic.archive.mixin", "clinic.bounds.mixin"]
    _order = "estimate_id, stage, sequence, id"

    _archived_with_reason = False

    estimate_id = fields.Many2one(
        "clinic.estimate", required=True, index=True, ondelete="restrict"
    )
    sequence = fields.Integer(default=10)
    stage = fields.Integer(default=1, required=True, help="Number of the stage.")
    service_id = fields.Many2one(
        "product.product",
        required=True,
        ondelete="restrict",
        domain=[("is_clinic_service", "=", True)],
    )
    quantity = fields.Float(default=1.0, required=True, digits="Product Unit")

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity is above zero."
    )

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "stage": (0, 999),
            "quantity": (0, 10_000),
            "price": (0, 10**9),
        }

    def _get_content(self):
        """What is accepted of this line, as JSON values."""
        return [self.stage, self.service_id.id, self.quantity]

    def action_remove(self):
        """Switch the line off; it stays in the archive."""
        return self.write({"active": False})
