from odoo import api, fields, models

from .clinic_branch_day import WEEKDAYS


class ClinicAppointmentSeries(models.Model):
    """A standing visit every n weeks, in wall time, that prolongs itself."""

    _name = "clinic.appointment.series"
    _description = "Standing visit"
    _inherit = ["clinic.archive.mixin"]
    _order = "id desc"

    patient_id = fields.Many2one(
        "clinic.patient", required=True, index=True, ondelete="restrict"
    )
    specialist_id = fields.Many2one(
        "clinic.specialist", required=True, index=True, ondelete="restrict"
    )
    service_id = fields.Many2one(
        "product.product",
        required=True,
        ondelete="restrict",
        domain=[("is_clinic_service", "=", True)],
    )
    branch_id = fields.Many2one("clinic.branch", required=True, ondelete="restrict")
    room_id = fields.Many2one("clinic.room", ondelete="restrict", help="Empty: any.")
    telemedicine = fields.Boolean()
    payment_source_id = fields.Many2one("clinic.payment.source", ondelete="restrict")
    payer_id = fields.Many2one("res.partner", ondelete="restrict")
    duration = fields.Integer(help="Minutes. 0: as the service says.")
    weekday = fields.Selection(WEEKDAYS, required=True)
    minute_of_day = fields.Integer(
        required=True, help="Minutes after midnight, branch time."
    )
    interval_weeks = fields.Integer(required=True, default=1)
    date_from = fields.Date(required=True)
    date_to = fields.Date(help="Last day. Empty: until ended.")
    claimed_to = fields.Date(readonly=True, help="Dates up to this one are booked.")
    state = fields.Selection(
        [("active", "Active"), ("paused", "Paused"), ("ended", "Ended")],
        required=True,
        default="active",
    )
    appointment_ids = fields.One2many("clinic.appointment", "series_id")

    _minute_possible = models.Constraint(
        "CHECK (minute_of_day BETWEEN 0 AND 1439)", "A time of the day is expected."
    )
    _interval_positive = models.Constraint(
        "CHECK (interval_weeks BETWEEN 1 AND 52)", "Every 1 to 52 weeks."
    )
    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A series cannot end before it begins.",
    )

    @api.depends("specialist_id")
    def _compute_display_name(self):
        for series in self:
            series.display_name = self.env._("Series %(id)s", id=series.id)
