from odoo import api, fields, models


class ClinicDayLimit(models.Model):
    """At most so many visits of a kind a day; "day" is the local day of the shift."""

    _name = "clinic.day.limit"
    _description = "Daily limit"
    _inherit = ["clinic.archive.mixin", "clinic.bounds.mixin"]
    _order = "specialist_id, service_id, id"

    specialist_id = fields.Many2one(
        "clinic.specialist", required=True, index=True, ondelete="restrict"
    )
    service_id = fields.Many2one(
        "product.product",
        ondelete="restrict",
        domain=[("is_clinic_service", "=", True)],
        help="Empty: all services together.",
    )
    maximum = fields.Integer(required=True)

    _maximum_positive = models.Constraint(
        "CHECK (maximum > 0)", "A limit is at least one visit."
    )
    _once = models.UniqueIndex(
        "(specialist_id, COALESCE(service_id, 0)) WHERE active",
        "The specialist already has this limit.",
    )

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "maximum": (0, 10_000),
        }

    @api.depends("specialist_id", "maximum")
    def _compute_display_name(self):
        for limit in self:
            limit.display_name = f"{limit.specialist_id.name}: {limit.maximum}"

    def _get_key(self, day):
        """Key of the numbered rows for ``day`` (date in branch time)."""
        self.ensure_one()
        return f"day:{self.id}:{day:%Y-%m-%d}"
