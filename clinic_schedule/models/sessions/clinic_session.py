from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.tools.payload import Payload

from ...exceptions import SlotRefusedError

# What a planned session is: changed by its own actions or not at all.
FIXED_FIELDS = frozenset(
    {
        "service_id",
        "branch_id",
        "device_id",
        "telemedicine",
        "buffer_before",
        "buffer_after",
        "state",
        "cancel_reason_id",
        "active",
    }
)
# Writing one of these moves the session with everybody in it.
MOVING_FIELDS = frozenset({"start", "stop", "specialist_id", "room_id"})


class ClinicSession(models.Model):
    """A group visit: one stretch of time with numbered places.

    The session takes the specialist and the room once; each place is a visit that takes
    its patient. A single visit is a session of its own without a row here: it takes a
    number of the same sequence (:meth:`_next_numbers`).
    """

    _name = "clinic.session"
    _description = "Group session"
    _inherit = ["clinic.engine.mixin", "clinic.archive.mixin"]
    _order = "start, id"
    # Planned by the planner's own form; what it changes goes through the engine.
    _created_by_engine = False

    specialist_id = fields.Many2one(
        "clinic.specialist", required=True, index=True, ondelete="restrict"
    )
    service_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_clinic_service", "=", True), ("is_group", "=", True)],
    )
    branch_id = fields.Many2one("clinic.branch", required=True, ondelete="restrict")
    room_id = fields.Many2one(
        "clinic.room",
        ondelete="restrict",
        domain="[('branch_id', '=', branch_id)]",
        help="Empty: the best room that is free.",
    )
    device_id = fields.Many2one("clinic.device", readonly=True, ondelete="restrict")
    telemedicine = fields.Boolean(string="By video")
    start = fields.Datetime(required=True, index=True)
    stop = fields.Datetime(required=True)
    buffer_before = fields.Integer(readonly=True, help="Minutes, taken with the visit.")
    buffer_after = fields.Integer(readonly=True, help="Minutes, taken with the visit.")
    duration = fields.Integer(
        compute="_compute_duration", help="Minutes. 0: as the service says."
    )
    repeat_until = fields.Date(
        store=False,
        help="Plan a session every week until this day (branch time). Empty: only one.",
    )
    repeat_exceptions = fields.Json(
        store=False,
        help="{skip, instead} as for a series: dates without a session, and other times"
        " for single dates.",
    )
    capacity = fields.Integer(required=True, default=8, string="Places")
    state = fields.Selection(
        [("planned", "Planned"), ("cancelled", "Cancelled")],
        required=True,
        default="planned",
        readonly=True,
        copy=False,
    )
    cancel_reason_id = fields.Many2one(
        "clinic.cancel.reason", readonly=True, copy=False, ondelete="restrict"
    )
    appointment_ids = fields.One2many("clinic.appointment", "group_session_id")
    places_taken = fields.Integer(compute="_compute_places")
    places_left = fields.Integer(compute="_compute_places")

    _stop_after_start = models.Constraint(
        "CHECK (stop > start)", "A session must end after it starts."
    )
    _capacity_positive = models.Constraint(
        "CHECK (capacity BETWEEN 1 AND 1000)", "A session has 1 to 1,000 places."
    )
    _cancel_explained = models.Constraint(
        "CHECK (state <> 'cancelled' OR cancel_reason_id IS NOT NULL)",
        "Say why the session is cancelled.",
    )
    _planned = models.Index("(service_id, start) WHERE active AND state = 'planned'")

    @api.depends("start", "stop")
    def _compute_duration(self):
        for session in self:
            length = session.stop - session.start if session.stop else None
            session.duration = length.total_seconds() // 60 if length else 0

    @api.depends("appointment_ids.state", "capacity")
    def _compute_places(self):
        taken = self._count_places()
        for session in self:
            session.places_taken = taken.get(session._origin, 0)
            session.places_left = max(0, session.capacity - session.places_taken)

    def _count_places(self):
        """{session: taken places}; a hold that has run out takes none."""
        # Counts say nothing about who comes.
        visits = self.env["clinic.appointment"].sudo()
        domain = [
            ("group_session_id", "in", self._origin.ids),
            ("state", "in", sorted(visits._get_taking_states())),
        ]
        expired = visits._get_expired_domain()
        counts = visits._read_group(
            [*domain, "!", "&", *expired], ["group_session_id"], ["__count"]
        )
        return {session.with_env(self.env): count for session, count in counts}

    @api.depends("service_id", "start")
    def _compute_display_name(self):
        for session in self:
            session.display_name = (
                self.env._("Session %(id)s", id=session.id) if session.id else False
            )

    @api.onchange("start", "repeat_until", "specialist_id", "service_id", "branch_id")
    def _onchange_repetition(self):
        """What was settled about single dates was about others."""
        self.repeat_exceptions = False

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if self._is_engine():
            return super().create(vals_list)
        self.check_access("create")
        # Checked just above; no role writes occupancy.
        opened = [self.sudo()._open(vals) for vals in vals_list]
        return self.browse(sessions.ids[0] for sessions in opened)

    def write(self, vals):
        if self._is_engine():
            return super().write(vals)
        if FIXED_FIELDS & vals.keys():
            self._raise_engine_only()
        self.check_access("write")
        moves = {key: vals[key] for key in vals.keys() & MOVING_FIELDS}
        if moves:
            for session in self:
                # Checked just above; no role writes occupancy.
                session.sudo()._move(moves)
        result = super().write({key: vals[key] for key in vals.keys() - MOVING_FIELDS})
        if "capacity" in vals:
            # Checked just above; seats belong to visits of all companies' patients.
            self.sudo()._renumber_places()
        return result

    def copy(self, default=None):
        raise UserError(self.env._("Sessions are planned, not copied."))

    @api.model
    def _get_engine_fields(self):
        return FIXED_FIELDS

    def _raise_engine_only(self):
        raise UserError(self.env._("Cancel the session and plan another one instead."))

    @api.model
    def _find_at(self, service_id, start, specialist_id=None):
        """The planned session of a service at a moment (UTC); empty without one."""
        moment = Payload(self.env, {"start": start}).get_moment("start")
        domain = [("service_id", "=", service_id), ("start", "=", moment)]
        if specialist_id:
            domain.append(("specialist_id", "=", specialist_id))
        return self.search([*domain, ("state", "=", "planned")], limit=1)

    @api.model
    def _prepare_absence(self):
        return SlotRefusedError(
            self.env._("This service is given in groups: choose a session.")
        )

    @api.model
    def _next_numbers(self, count):
        """``count`` fresh session numbers."""
        self.env.cr.execute(
            "SELECT nextval('clinic_session_id_seq') FROM generate_series(1, %s)",
            [count],
        )
        return [number for (number,) in self.env.cr.fetchall()]
