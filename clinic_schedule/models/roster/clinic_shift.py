from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.clinic_base.tools.spans import subtract
from odoo.addons.clinic_base.tools.walltime import DAY

from ...tools.steps import AfterFreed, run_steps


class ClinicShift(models.Model):
    """Time in which a specialist receives, in a room of a branch or remotely.

    Shifts are written ahead from patterns and may be edited on single days; leaves,
    closures and holidays cut them. A booking locks the shift rows that it stands on,
    whatever cuts time rewrites them, so the two cannot both commit unseen.
    """

    _name = "clinic.shift"
    _description = "Shift"
    _order = "start, id"

    active = fields.Boolean(required=True, default=True)
    specialist_id = fields.Many2one(
        "clinic.specialist", required=True, ondelete="restrict"
    )
    branch_id = fields.Many2one("clinic.branch", required=True, ondelete="restrict")
    company_id = fields.Many2one(related="branch_id.company_id")
    room_id = fields.Many2one(
        "clinic.room",
        ondelete="restrict",
        domain="[('branch_id', '=', branch_id)]",
        help="Empty: any free room in which the specialist works.",
    )
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    telemedicine = fields.Boolean(
        required=True, default=False, help="Receives only by video."
    )
    room_shared = fields.Boolean(
        required=True,
        default=False,
        help="Another specialist may have a shift in the room at the same time; visits"
        " still never overlap there.",
    )
    service_ids = fields.Many2many(
        "product.product",
        "clinic_shift_service_rel",
        "shift_id",
        "product_id",
        string="Services",
        help="Empty: all services of the specialist.",
    )
    payment_source_ids = fields.Many2many(
        "clinic.payment.source",
        "clinic_shift_payment_source_rel",
        "shift_id",
        "source_id",
        string="Kept for",
        help="Payment sources that the time is kept for. Empty: everybody.",
    )
    pattern_id = fields.Many2one(
        "clinic.shift.pattern", readonly=True, ondelete="restrict"
    )
    day = fields.Date(readonly=True, help="Day of the pattern, in branch time.")
    edited = fields.Boolean(
        readonly=True, help="Changed by hand: the pattern leaves this day alone."
    )

    _specialist_no_overlap = models.Constraint(
        "EXCLUDE USING gist (specialist_id WITH =, tsrange(start, stop, '[)') WITH &&)"
        " WHERE (active) DEFERRABLE INITIALLY IMMEDIATE",
        "The specialist has another shift at this time.",
    )
    _room_no_overlap = models.Constraint(
        "EXCLUDE USING gist (room_id WITH =, tsrange(start, stop, '[)') WITH &&)"
        " WHERE (active AND NOT room_shared) DEFERRABLE INITIALLY IMMEDIATE",
        "Another specialist has a shift in this room at this time.",
    )
    # The search reads one day around its window to see whole gaps.
    _length = models.Constraint(
        "CHECK (stop > start AND stop <= start + interval '24 hours')",
        "A shift ends after it starts and lasts 24 hours at most.",
    )
    _whole_minutes = models.Constraint(
        "CHECK (date_trunc('minute', start) = start"
        " AND date_trunc('minute', stop) = stop)",
        "A shift starts and ends on a whole minute.",
    )
    _remote_has_no_room = models.Constraint(
        "CHECK (NOT telemedicine OR room_id IS NULL)",
        "A remote shift takes no room.",
    )
    _ahead = models.Index("(specialist_id, start, stop) WHERE active")
    _pattern_day = models.Index("(pattern_id, day)")
    _branch_ahead = models.Index("(branch_id, start) WHERE active")

    @api.depends("specialist_id", "start")
    @api.depends_context("tz")
    def _compute_display_name(self):
        for shift in self:
            start = fields.Datetime.context_timestamp(
                shift, shift.start or self.env.cr.now()
            )
            shift.display_name = f"{shift.specialist_id.name} {start:%d.%m %H:%M}"

    @api.model_create_multi
    def create(self, vals_list):
        shifts = super().create([{"edited": True, **vals} for vals in vals_list])
        shifts._check_places()
        self._time_freed()
        return shifts

    def write(self, vals):
        result = super().write({"edited": True, **vals})
        if {"room_id", "branch_id"} & vals.keys():
            self._check_places()
        if {"start", "stop", "active", "specialist_id"} & vals.keys():
            self._wake_after_change()
        return result

    def _check_places(self):
        """A shift's room stands in the shift's branch.

        :raises ValidationError: otherwise
        """
        for shift in self:
            if shift.room_id and shift.room_id.branch_id != shift.branch_id:
                raise ValidationError(
                    self.env._(
                        "%(room)s is not a room of %(branch)s.",
                        room=shift.room_id.name,
                        branch=shift.branch_id.name,
                    )
                )

    # === CUTS === #

    @api.model
    @contextmanager
    def _in_any_order(self):
        """Rows may pass through overlaps while they are rewritten, not in the end."""
        constraints = "clinic_shift_specialist_no_overlap, clinic_shift_room_no_overlap"
        # Names of this model's own constraints, never from outside.
        self.env.cr.execute(f"SET CONSTRAINTS {constraints} DEFERRED")  # pylint: disable=sql-injection
        yield
        self.flush_model()
        self.env.cr.execute(f"SET CONSTRAINTS {constraints} IMMEDIATE")  # pylint: disable=sql-injection

    @api.model
    def _recut(self, start, stop, specialists=None, rooms=None):
        """Write anew what leaves and closures between two moments (UTC) change.

        Rows that they cut are rewritten, which is what bookings wait for.
        """
        domain = [("start", "<", stop), ("stop", ">", start)]
        patterns = self.env["clinic.shift.pattern"]
        if specialists:
            domain.append(("specialist_id", "in", specialists.ids))
            patterns = patterns.search([("specialist_id", "in", specialists.ids)])
        if rooms:
            domain.append(("room_id", "in", rooms.ids))
            patterns = patterns.search([("room_id", "in", rooms.ids)])
        today = fields.Date.context_today(self, self.env.cr.now())
        patterns._generate(max(today, (start - DAY).date()), (stop + DAY).date())
        self.search([*domain, ("edited", "=", True)])._cut()
        self._wake_after_change()

    @api.model
    def _wake_after_change(self):
        """What a changed roster means for visits is read after its commit."""
        cron = self.env.ref("clinic_schedule.ir_cron_mark_stranded", False)
        if cron:
            # The engine wakes its own job; no role may touch jobs.
            cron.sudo()._trigger()

    @api.model
    def _time_freed(self):
        """Hook: time that was not to be had may be free now; inside the transaction."""
        run_steps(self, AfterFreed)

    def _cut(self):
        """Take leaves and closures out of shifts that were edited by hand."""
        for shift in self:
            absences = shift.specialist_id._get_absences(
                shift.start, shift.stop, shift.branch_id.tz
            )[shift.specialist_id.id]
            closures = shift.room_id._get_closures(shift.start, shift.stop)
            cuts = absences + closures[shift.room_id.id]
            spans = subtract((shift.start, shift.stop), cuts)
            if spans == [(shift.start, shift.stop)]:
                continue
            with self._in_any_order():
                shift._adjust(None, spans[0] if spans else None)
                for span in spans[1:]:
                    shift.copy({"start": span[0], "stop": span[1]})

    def _adjust(self, pattern, span):
        """Give the row the terms of ``pattern`` and ``span``; None switches it off."""
        terms = pattern._prepare_shift_terms() if pattern else {}
        if span:
            terms |= {"start": span[0], "stop": span[1], "active": True}
        else:
            terms = {"active": False}
        changed = {
            name: value
            for name, value in terms.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }
        if changed:
            self.write({**changed, "edited": self.edited})
