from odoo import api, fields, models
from odoo.fields import Domain


class ClinicVisitProfile(models.Model):
    """What holds for one patient with one specialist, between two dates."""

    _name = "clinic.visit.profile"
    _description = "Visit profile"
    _inherit = ["clinic.archive.mixin", "clinic.bounds.mixin"]
    _order = "patient_id, date_from desc, id desc"

    patient_id = fields.Many2one("clinic.patient", required=True, ondelete="restrict")
    specialist_id = fields.Many2one(
        "clinic.specialist", required=True, index=True, ondelete="restrict"
    )
    service_id = fields.Many2one(
        "product.product",
        required=True,
        ondelete="restrict",
        domain=[("is_clinic_service", "=", True)],
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    duration = fields.Integer(help="Minutes. 0: as the specialist's service says.")
    room_id = fields.Many2one(
        "clinic.room", ondelete="restrict", help="Always in this room. Empty: any."
    )
    telemedicine = fields.Boolean(help="Usually by video; proposed when booking.")
    date_from = fields.Date(required=True, default=fields.Date.context_today)
    date_to = fields.Date(help="Last day. Empty: until changed.")

    # Dates are branch time: those of the shift in which the visit stands.
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (patient_id WITH =, specialist_id WITH =,"
        " service_id WITH =, daterange(date_from, date_to, '[]') WITH &&)"
        " WHERE (active)",
        "The patient already has a profile for this service and these dates.",
    )
    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A profile cannot end before it begins.",
    )
    _duration_positive = models.Constraint(
        "CHECK (duration >= 0)", "Minutes cannot be negative."
    )

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "duration": (0, 24 * 60),
        }

    def _get_patient_merge_domain(self, kept):
        """What the kept card has agreed for the same days holds; the other stays."""
        agreed = self.search([("patient_id", "=", kept.id)])
        return ~Domain.OR(profile._get_rival_domain() for profile in agreed)

    def _get_rival_domain(self):
        """Profiles, whoever's, for the same specialist, service and days."""
        same = Domain("specialist_id", "=", self.specialist_id.id) & Domain(
            "service_id", "=", self.service_id.id
        )
        after = Domain("date_to", "=", False) | Domain("date_to", ">=", self.date_from)
        before = (
            Domain("date_from", "<=", self.date_to) if self.date_to else Domain.TRUE
        )
        return same & after & before & Domain("active", "=", True)

    @api.depends("service_id", "specialist_id")
    def _compute_display_name(self):
        for profile in self:
            profile.display_name = self.env._("Profile %(id)s", id=profile.id)
