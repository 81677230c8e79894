from odoo import api, fields, models

DAY = 24 * 60  # minutes


class ClinicSpecialistService(models.Model):
    """A service that a specialist gives, with lengths of their own.

    A length or buffer of 0 means: as the service says. Minutes.
    """

    _name = "clinic.specialist.service"
    _description = "Service of a specialist"
    _inherit = ["clinic.archive.mixin", "clinic.bounds.mixin"]
    _order = "specialist_id, product_id, id"

    specialist_id = fields.Many2one(
        "clinic.specialist", required=True, index=True, ondelete="restrict"
    )
    product_id = fields.Many2one(
        "product.product",
        string="Service",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_clinic_service", "=", True)],
    )
    duration_first = fields.Integer(string="First visit (min)")
    duration_repeat = fields.Integer(string="Repeat visit (min)")
    buffer_before = fields.Integer(string="Before (min)")
    buffer_after = fields.Integer(string="After (min)")
    date_from = fields.Date()
    date_to = fields.Date()

    _service_once = models.UniqueIndex(
        "(specialist_id, product_id) WHERE active",
        "The specialist already has this service.",
    )
    _minutes_positive = models.Constraint(
        "CHECK (duration_first >= 0 AND duration_repeat >= 0"
        " AND buffer_before >= 0 AND buffer_after >= 0)",
        "Minutes cannot be negative.",
    )

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "duration_first": (0, DAY),
            "duration_repeat": (0, DAY),
            "buffer_before": (0, DAY),
            "buffer_after": (0, DAY),
        }

    @api.depends("specialist_id", "product_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.specialist_id.name}: {line.product_id.name}"
