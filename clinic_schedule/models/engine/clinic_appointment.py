from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.clinic_base.tools.payload import Payload

from ...exceptions import StateMoveError
from ...tools.placement import Standing
from ...tools.states import MOVABLE, MOVES, REVERSALS, STATES
from ...tools.steps import AfterMove, AfterState, News, run_steps, step

# Fields that only the engine writes: each of them has a rule or a row of occupancy
# behind it.
ENGINE_FIELDS = frozenset(
    {
        "patient_id",
        "specialist_id",
        "service_id",
        "room_id",
        "device_id",
        "branch_id",
        "start",
        "stop",
        "buffer_before",
        "buffer_after",
        "state",
        "expires_at",
        "session_id",
        "seat",
        "group_session_id",
        "telemedicine",
        "active",
        "overbook_reason",
        "overbook_user_id",
        "arrived_at",
        "called_at",
        "placed_by_id",
    }
)


class ClinicAppointment(models.Model):
    """A booked visit, or a hold while the patient decides or pays.

    Neither chatter nor anything medical: the fact of a visit is a secret already.
    """

    _name = "clinic.appointment"
    _description = "Appointment"
    _inherit = ["clinic.engine.mixin", "clinic.archive.mixin"]
    _order = "start desc, id desc"

    patient_id = fields.Many2one("clinic.patient", ondelete="restrict")
    specialist_id = fields.Many2one(
        "clinic.specialist", required=True, ondelete="restrict"
    )
    service_id = fields.Many2one("product.product", required=True, ondelete="restrict")
    room_id = fields.Many2one("clinic.room", ondelete="restrict")
    device_id = fields.Many2one("clinic.device", ondelete="restrict")
    branch_id = fields.Many2one("clinic.branch", required=True, ondelete="restrict")
    company_id = fields.Many2one(
        related="branch_id.company_id", store=True, precompute=True
    )
    start = fields.Datetime(required=True, help="UTC; shown in branch time.")
    stop = fields.Datetime(required=True)
    buffer_before = fields.Integer(readonly=True, help="Minutes, taken with the visit.")
    buffer_after = fields.Integer(readonly=True, help="Minutes, taken with the visit.")
    state = fields.Selection(STATES, required=True, default="booked", copy=False)
    is_first = fields.Boolean(readonly=True, help="First visit to the specialist.")
    telemedicine = fields.Boolean()
    request_id = fields.Many2one(
        "clinic.booking.request",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    series_id = fields.Many2one(
        "clinic.appointment.series",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    payer_id = fields.Many2one("res.partner", ondelete="restrict")
    payment_source_id = fields.Many2one("clinic.payment.source", ondelete="restrict")
    cancel_reason_id = fields.Many2one(
        "clinic.cancel.reason", readonly=True, copy=False, ondelete="restrict"
    )
    expires_at = fields.Datetime(readonly=True, copy=False, help="End of a hold, UTC.")
    hold_phone = fields.Char(readonly=True, copy=False)
    session_id = fields.Integer(required=True, readonly=True, copy=False)
    group_session_id = fields.Many2one(
        "clinic.session", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    seat = fields.Integer(required=True, readonly=True, default=1)
    overbook_reason = fields.Char(readonly=True, copy=False)
    overbook_user_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict"
    )
    placed_by_id = fields.Many2one(
        "res.users",
        string="Booked by",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Who brought this patient to this specialist at this hour.",
    )
    move_count = fields.Integer(
        readonly=True,
        copy=False,
        help="How often the visit has moved; a visit that moves back is told again.",
    )
    arrived_at = fields.Datetime(readonly=True, copy=False, help="UTC.")
    called_at = fields.Datetime(
        readonly=True, copy=False, help="When the hall screen last called them, UTC."
    )
    log_ids = fields.One2many("clinic.appointment.log", "appointment_id", readonly=True)

    _stop_after_start = models.Constraint(
        "CHECK (stop > start)", "A visit must end after it starts."
    )
    _patient_known = models.Constraint(
        "CHECK (patient_id IS NOT NULL OR state IN ('hold', 'expired', 'cancelled'))",
        "Only a hold may be without a patient.",
    )
    _hold_expires = models.Constraint(
        "CHECK (state <> 'hold' OR expires_at IS NOT NULL)", "A hold must run out."
    )
    _cancel_explained = models.Constraint(
        "CHECK (state <> 'cancelled' OR cancel_reason_id IS NOT NULL"
        " OR expires_at IS NOT NULL)",
        "Say why the visit is cancelled.",
    )
    _seat_once = models.UniqueIndex(
        "(session_id, seat) WHERE state NOT IN ('cancelled', 'expired', 'no_show')",
        "This place is taken.",
    )
    _patient_once = models.UniqueIndex(
        "(group_session_id, patient_id) WHERE group_session_id IS NOT NULL"
        " AND state NOT IN ('cancelled', 'expired', 'no_show')",
        "The patient already has a place in this session.",
    )
    _patient_specialist = models.Index("(patient_id, specialist_id, start)")
    _specialist_start = models.Index("(specialist_id, start)")
    _branch_start = models.Index("(branch_id, start)")
    _holds = models.Index("(expires_at) WHERE state = 'hold'")

    @api.depends("start")
    def _compute_display_name(self):
        """Neutral: a reference to a visit must not say whose it is, or for what."""
        for appointment in self:
            appointment.display_name = self.env._("Visit %(id)s", id=appointment.id)

    # === CRUD === #

    @api.model
    def _get_engine_fields(self):
        return ENGINE_FIELDS

    def _raise_engine_only(self):
        raise UserError(
            self.env._("Book, move, confirm or cancel visits with their own actions.")
        )

    # === STATES === #

    def action_confirm(self):
        """The patient has confirmed that they will come."""
        return self._check_and_move("confirmed")

    def action_start(self):
        """The specialist receives the patient."""
        return self._check_and_move("in_progress")

    def action_done(self):
        """The visit is over."""
        return self._check_and_move("done")

    def action_no_show(self):
        """The patient has not come; what is left of the time becomes free."""
        return self._check_and_move("no_show")

    def action_reverse(self):
        """Take back an arrival or a no-show that was noted by mistake.

        :raises AccessError: without the role; the database refuses it if the time of a
            no-show has been given away
        """
        self.check_access("write")
        if not self._is_chief():
            raise AccessError(
                self.env._("Only a chief registrar can take an arrival back.")
            )
        # Checked just above; the engine also writes rows that no role writes.
        with self._waiting_briefly():
            return self.sudo()._move_state("booked", reverse=True)

    def cancel(self, reason_id):
        """Give the time back.

        :param reason_id: id of a ``clinic.cancel.reason``
        """
        self.check_access("write")
        self._check_may_change()
        reason_id = Payload(self.env, {"reason_id": reason_id}).get_id("reason_id")
        reason = self.env["clinic.cancel.reason"].browse(reason_id).exists()
        if not reason:
            raise UserError(self.env._("Choose why the visit is cancelled."))
        # Checked just above; the engine also writes rows that no role writes.
        with self._waiting_briefly():
            return self.sudo()._cancel(reason)

    def _cancel(self, reason):
        self._move_state("cancelled", cancel_reason_id=reason.id)
        self._notify_patient(self._get_cancel_purpose(reason))
        return True

    @api.model
    def _get_cancel_purpose(self, _reason):
        """Hook: which message tells the patient that the visit is cancelled."""
        return "cancelled"

    def _check_and_move(self, state):
        self.check_access("write")
        # Checked just above; the engine also writes rows that no role writes.
        with self._waiting_briefly():
            return self.sudo()._move_state(state)

    def _move_state(self, state, reverse=False, **vals):
        """The one gate through which states change.

        :param state: the new state
        :param reverse: puts a mistake right; the caller has checked the role
        :raises StateMoveError: if one of ``self`` cannot go there
        """
        by_old = self.grouped("state")
        for old, appointments in by_old.items():
            appointments._check_move(old, state, reverse)
        if state == "arrived":
            vals["arrived_at"] = self._get_second()
        elif reverse:
            vals |= {"arrived_at": False, "called_at": False}
        self._as_engine().write({"state": state, **vals})
        for old, appointments in by_old.items():
            event = "reversed" if reverse else "state"
            appointments._log_event(event, old=old, new=state)
        self._sync_occupancy()
        if state not in self._get_taking_states():
            self.env["clinic.limit.claim"]._release(self)
        for old, appointments in by_old.items():
            appointments._after_state_change(old, state)
        return True

    def _get_second(self):
        return self.env.cr.now().replace(microsecond=0)

    @api.model
    def _get_moves(self):
        """Door: {state: states that a visit may go on to}, for states that are added.

        One that takes time stands in :meth:`_get_taking_states` too; an action of its
        own calls :meth:`_check_and_move`.
        """
        return MOVES

    def _check_move(self, old, new, reverse):
        moves = self._get_moves()
        allowed = (old, new) in REVERSALS if reverse else new in moves[old]
        if not allowed:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise StateMoveError(
                self.env._(
                    "A visit that is “%(old)s” cannot become “%(new)s”.",
                    old=labels[old],
                    new=labels[new],
                )
            )

    def _after_state_change(self, old, new):
        """Hook: ``self`` has moved from ``old`` (None when new) to ``new``.

        Runs inside the transaction; nothing external may happen here. Rooms of this
        module stand in the order of :class:`..tools.steps.AfterState`.
        """
        run_steps(self, AfterState, old, new)

    @step(AfterState.FREE_TIME)
    def _give_time_back(self, old, new):
        if new in ("cancelled", "expired"):
            self.request_id._reopen()
        if old and new not in self._get_taking_states():
            self.env["clinic.shift"]._time_freed()

    # === PLACES === #

    def _check_movable(self):
        if self.filtered(lambda visit: visit.state not in MOVABLE):
            raise StateMoveError(
                self.env._("Only a visit that has not begun can be moved.")
            )

    def _get_standing(self):
        """Where the visit stands, to be remembered while it moves."""
        return Standing(self.start, self.specialist_id.id)

    def _after_move(self, before):
        """Hook: the visit has moved; it stood at ``before`` (:class:`Standing`).

        As above, with the order of :class:`..tools.steps.AfterMove`.
        """
        self._log_event("moved", old=before.start, new=self.start)
        self.clock_before = False
        run_steps(self, AfterMove, before)

    @step(AfterMove.TELL_PATIENT)
    def _tell_patient_of_move(self, before):
        if self.state != "hold" and self.start != before.start:
            self.move_count += 1
            self._notify_patient("moved")

    @step(AfterMove.FREE_TIME)
    def _free_former_time(self, _before):
        self.env["clinic.shift"]._time_freed()

    # === TELLING === #

    def _log_event(self, event, old=None, new=None, reason=None):
        self.env["clinic.appointment.log"].create(
            [
                {
                    "appointment_id": visit.id,
                    "event": event,
                    "old": old,
                    "new": new,
                    "reason": reason,
                }
                for visit in self
            ]
        )

    def _notify_patient(self, purpose, scheduled_at=None):
        """Hook: tell each patient, once per purpose and move, however often called.

        :param purpose: what the message is for, e.g. ``booked`` or ``moved``
        :param scheduled_at: naive UTC before which nothing is sent; None is at once
        """
        run_steps(self, News, purpose, scheduled_at)

    # === QUOTES === #

    def get_quote(self):
        """What the visit or hold would cost, to be said to the patient.

        :return: {amount (text with currency), reason (text)}, or False if unpriced
        """
        self.check_access("read")
        self.ensure_one()
        return self._prepare_quote()

    def _prepare_quote(self):
        """Hook: see :meth:`get_quote`; the right to read has been checked."""
        return False

    def _prepare_quotes(self):
        """Hook: {visit: its quote}; the visits may be drafts that are never saved."""
        return {visit: visit._prepare_quote() for visit in self}
