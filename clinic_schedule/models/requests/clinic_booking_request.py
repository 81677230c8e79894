from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.tools.payload import Payload

# Monday first, as Python counts; the names that the widget week_days looks for.
WEEKDAY_FIELDS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class ClinicBookingRequest(models.Model):
    """Somebody should be booked for something by some day. Holds nothing medical."""

    _name = "clinic.booking.request"
    _description = "Booking request"
    _inherit = ["clinic.engine.mixin", "clinic.archive.mixin"]
    _created_by_engine = False
    _engine_is_superuser = True
    _order = "priority desc, due_to, id"

    patient_id = fields.Many2one(
        "clinic.patient", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="restrict",
    )
    service_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_clinic_service", "=", True)],
    )
    specialist_ids = fields.Many2many(
        "clinic.specialist",
        "clinic_booking_request_specialist_rel",
        "request_id",
        "specialist_id",
        help="Empty: anybody who gives the service.",
    )
    branch_ids = fields.Many2many(
        "clinic.branch",
        "clinic_booking_request_branch_rel",
        "request_id",
        "branch_id",
        help="Empty: any branch.",
    )
    due_from = fields.Date(index=True)
    due_to = fields.Date(index=True)
    mon = fields.Boolean()
    tue = fields.Boolean()
    wed = fields.Boolean()
    thu = fields.Boolean()
    fri = fields.Boolean()
    sat = fields.Boolean()
    sun = fields.Boolean()
    hour_from = fields.Char(string="Not before", help="HH:MM in branch time.")
    hour_to = fields.Char(string="Over by", help="HH:MM in branch time.")
    telemedicine = fields.Boolean()
    origin = fields.Selection(
        [
            ("manual", "By hand"),
            ("waiting", "Waiting list"),
            ("again", "Come again"),
            ("referral", "Referral"),
            ("order", "Order"),
            ("plan", "Plan"),
        ],
        required=True,
        default="manual",
    )
    approval = fields.Selection(
        [("none", "Not needed"), ("waiting", "Waiting"), ("given", "Given")],
        required=True,
        default="none",
    )
    priority = fields.Selection(
        [("0", "Usual"), ("1", "Soon"), ("2", "Urgent")], required=True, default="0"
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("offered", "Offered"),
            ("booked", "Booked"),
            ("paid", "Paid"),
            ("lost", "Lost"),
        ],
        required=True,
        default="open",
        index=True,
        readonly=True,
        copy=False,
    )
    user_id = fields.Many2one(
        "res.users", string="Worked on by", index=True, ondelete="restrict"
    )
    refusal_reason_id = fields.Many2one("clinic.cancel.reason", ondelete="restrict")
    appointment_id = fields.Many2one(
        "clinic.appointment", readonly=True, copy=False, ondelete="restrict", index=True
    )

    _dates_ordered = models.Constraint(
        "CHECK (due_from IS NULL OR due_to IS NULL OR due_to >= due_from)",
        "The last day cannot lie before the first.",
    )
    _loss_explained = models.Constraint(
        "CHECK (state <> 'lost' OR refusal_reason_id IS NOT NULL)",
        "Say why the request was lost.",
    )
    _waiting = models.Index("(service_id, due_to) WHERE active AND state = 'open'")

    @api.depends("service_id")
    def _compute_display_name(self):
        for request in self:
            request.display_name = self.env._("Request %(id)s", id=request.id)

    @api.model_create_multi
    def create(self, vals_list):
        keep = self.env["clinic.appointment"]._with_kept_patient
        requests = super().create([keep(vals) for vals in vals_list])
        requests._notify_event("created")
        return requests

    @api.model
    def _get_engine_fields(self):
        return {"state", "appointment_id"}

    def _raise_engine_only(self):
        raise UserError(self.env._("Requests are moved by what happens to visits."))

    def action_find_time(self):
        """The page of a new visit with the wish filled in; the visit answers it."""
        self.check_access("read")
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "clinic_schedule.clinic_new_visit_action"
        )
        today = fields.Date.context_today(self, self.env.cr.now())
        first_day = max(self.due_from or today, today)
        # Several of them are no wish of one, and the page then asks for any.
        specialist, branch = (
            wished.id if len(wished) == 1 else False
            for wished in (self.specialist_ids, self.branch_ids)
        )
        return {
            **action,
            "context": {
                "default_request_id": self.id,
                "default_patient_id": self.patient_id.id,
                "default_service_id": self.service_id.id,
                "default_specialist_id": specialist,
                "default_branch_id": branch,
                "default_telemedicine": self.telemedicine,
                "default_date": first_day.isoformat(),
                "default_due_to": self.due_to
                and max(self.due_to, first_day).isoformat(),
            },
        }

    def action_lose(self, reason_id):
        """Close the request without a visit.

        :param reason_id: id of a ``clinic.cancel.reason``
        """
        self.check_access("write")
        if self.filtered(lambda request: request.state not in ("open", "offered")):
            raise UserError(self.env._("Only an open request can be closed as lost."))
        reason_id = Payload(self.env, {"reason_id": reason_id}).get_id("reason_id")
        reason = self.env["clinic.cancel.reason"].browse(reason_id).exists()
        if not reason:
            raise UserError(self.env._("Choose why the request is lost."))
        # The right to write is checked above; states are closed to everybody else.
        closed = self.sudo()
        closed.write({"state": "lost", "refusal_reason_id": reason.id})
        offered = closed.appointment_id.filtered(lambda visit: visit.state == "hold")
        offered._move_state("expired")
        self._notify_event("lost")
        return True

    def _link_appointment(self, appointment):
        """The request led to ``appointment``.

        :raises UserError: if it is another patient's
        """
        if self.patient_id - appointment.patient_id:
            raise UserError(self.env._("The request is another patient's."))
        self.write({"state": "booked", "appointment_id": appointment.id})
        self._notify_event("booked")

    def _reopen(self):
        """The visit fell through: the wish stands again."""
        booked = self.filtered(lambda request: request.state in ("offered", "booked"))
        booked.write({"state": "open", "appointment_id": False})

    def _mark_paid(self):
        """Called by whoever knows about money."""
        self.write({"state": "paid"})
        self._notify_event("paid")

    def _notify_event(self, event):
        """Hook: ``event`` is created, booked, paid or lost."""
