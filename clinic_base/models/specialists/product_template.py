from odoo import api, fields, models

DAY = 24 * 60  # minutes


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "clinic.archive.mixin", "clinic.bounds.mixin"]

    is_clinic_service = fields.Boolean(string="Clinic service", index=True)
    clinic_specialty_id = fields.Many2one(
        "clinic.specialty", string="Specialty", ondelete="restrict", index=True
    )
    duration = fields.Integer(default=30, help="Minutes with the patient.")
    buffer_before = fields.Integer(help="Minutes to prepare before the visit.")
    buffer_after = fields.Integer(help="Minutes to clean up after the visit.")
    device_required = fields.Boolean(
        help="A visit also takes one of the devices that offer this service."
    )
    prepayment_policy = fields.Selection(
        [
            ("none", "After the visit"),
            ("optional", "If they wish"),
            ("full", "Required"),
        ],
        string="Prepayment",
        required=True,
        default="none",
    )
    telemedicine_ok = fields.Boolean(string="Telemedicine")
    neutral_label = fields.Char(
        translate=True,
        help="Used outside the clinic, in messages, invoices and payment purposes,"
        " where the name of the service would tell too much.",
    )
    preparation_text = fields.Text(
        string="How to prepare", translate=True, help="Sent to the patient."
    )
    companion_ids = fields.Many2many(
        "product.product",
        "clinic_service_companion_rel",
        "product_tmpl_id",
        "product_id",
        string="Sold together with",
    )
    is_public = fields.Boolean(string="Bookable on the site", default=True)
    clinic_specialist_ids = fields.Many2many(
        "clinic.specialist", string="Given by", compute="_compute_clinic_where"
    )
    clinic_room_ids = fields.Many2many(
        "clinic.room", string="Rooms reserved for it", compute="_compute_clinic_where"
    )
    clinic_device_ids = fields.Many2many(
        "clinic.device", string="On devices", compute="_compute_clinic_where"
    )

    _clinic_minutes_positive = models.Constraint(
        "CHECK (duration > 0 AND buffer_before >= 0 AND buffer_after >= 0"
        " OR NOT is_clinic_service)",
        "A service lasts at least a minute, and its buffers are not negative.",
    )

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "duration": (0, DAY),
            "buffer_before": (0, DAY),
            "buffer_after": (0, DAY),
        }

    def _filtered_kept(self):
        """Clinic services are kept; other goods follow Odoo's own ways."""
        return self.filtered("is_clinic_service")

    @api.depends("product_variant_ids")
    def _compute_clinic_where(self):
        for template in self:
            own = [("product_tmpl_id", "in", template._origin.ids)]
            lines = self.env["clinic.specialist.service"].search(
                [("product_id", "any", own)]
            )
            template.clinic_specialist_ids = lines.specialist_id
            template.clinic_room_ids = self.env["clinic.room"].search(
                [("service_ids", "any", own)]
            )
            template.clinic_device_ids = self.env["clinic.device"].search(
                [("service_ids", "any", own)]
            )
