import logging
from collections import defaultdict
from datetime import datetime, time
from itertools import zip_longest

import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.clinic_base.tools.spans import overlaps
from odoo.addons.clinic_base.tools.walltime import DAY

from ...tools import roster
from .clinic_branch_day import WEEKDAYS

_logger = logging.getLogger(__name__)

DAYS_AT_ONCE = 7


class ClinicShiftPattern(models.Model):
    """Weekly or alternating hours, from which shifts are written ahead."""

    _name = "clinic.shift.pattern"
    _description = "Shift pattern"
    _inherit = ["clinic.archive.mixin"]
    _order = "specialist_id, weekday, minute_from, id"

    specialist_id = fields.Many2one(
        "clinic.specialist", required=True, index=True, ondelete="restrict"
    )
    branch_id = fields.Many2one(
        "clinic.branch", required=True, index=True, ondelete="restrict"
    )
    room_id = fields.Many2one(
        "clinic.room",
        ondelete="restrict",
        domain="[('branch_id', '=', branch_id)]",
        help="Empty: any free room in which the specialist works.",
    )
    weekday = fields.Selection(WEEKDAYS, required=True)
    minute_from = fields.Integer(
        string="From",
        required=True,
        aggregator=None,
        help="Minutes after midnight, branch time.",
    )
    minute_to = fields.Integer(
        string="To",
        required=True,
        aggregator=None,
        help="Minutes after midnight, branch time; more than 1440 ends the next day.",
    )
    interval_weeks = fields.Integer(
        string="Every so many weeks", required=True, default=1, aggregator=None
    )
    date_from = fields.Date(required=True, default=fields.Date.context_today)
    date_to = fields.Date(help="Last day. Empty: until changed.")
    telemedicine = fields.Boolean(
        required=True, default=False, help="Receives only by video."
    )
    room_shared = fields.Boolean(required=True, default=False)
    on_holidays = fields.Boolean(string="Also on public holidays")
    service_ids = fields.Many2many(
        "product.product",
        "clinic_shift_pattern_service_rel",
        "pattern_id",
        "product_id",
        string="Services",
        help="Empty: all services of the specialist.",
    )
    payment_source_ids = fields.Many2many(
        "clinic.payment.source",
        "clinic_shift_pattern_payment_source_rel",
        "pattern_id",
        "source_id",
        string="Kept for",
        help="Payment sources that the time is kept for. Empty: everybody.",
    )
    problem = fields.Char(
        readonly=True, copy=False, help="Why some of its shifts are not written."
    )

    _minutes_ordered = models.Constraint(
        "CHECK (minute_from >= 0 AND minute_from < 1440 AND minute_to > minute_from"
        " AND minute_to <= minute_from + 1440)",
        "Hours must end after they start, within 24 hours.",
    )
    _interval_positive = models.Constraint(
        "CHECK (interval_weeks BETWEEN 1 AND 52)", "Every 1 to 52 weeks."
    )
    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A pattern cannot end before it begins.",
    )
    _remote_has_no_room = models.Constraint(
        "CHECK (NOT telemedicine OR room_id IS NULL)", "A remote shift takes no room."
    )

    @api.depends("specialist_id", "weekday")
    def _compute_display_name(self):
        weekdays = dict(self._fields["weekday"]._description_selection(self.env))
        for pattern in self:
            weekday = weekdays.get(pattern.weekday, "")
            pattern.display_name = f"{pattern.specialist_id.name}, {weekday}"

    @api.constrains("room_id", "branch_id")
    def _check_place(self):
        for pattern in self:
            if pattern.room_id and pattern.room_id.branch_id != pattern.branch_id:
                raise ValidationError(
                    self.env._(
                        "%(room)s is not a room of %(branch)s.",
                        room=pattern.room_id.name,
                        branch=pattern.branch_id.name,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            # Nobody may be booked into hours that have been taken away.
            self._generate_together()
        return result

    # === GENERATION === #

    def action_generate(self):
        """Write the shifts of these specialists now, without waiting for the night."""
        self.check_access("write")
        self._generate_together()
        return True

    def _generate_together(self):
        """All patterns of these specialists at once, since they must not overlap."""
        siblings = self.search([("specialist_id", "in", self.specialist_id.ids)])
        (self | siblings)._generate()

    @api.model
    def _cron_generate(self):
        """Write shifts up to the horizon, one specialist after the other."""
        cron = self.env["ir.cron"]
        # Archived patterns too: what is left of their shifts has to go.
        patterns = self.with_context(active_test=False)
        groups = patterns._read_group([], ["specialist_id"])
        cron._commit_progress(remaining=len(groups))
        for (specialist,) in groups:
            patterns.search([("specialist_id", "=", specialist.id)])._generate()
            if not cron._commit_progress(1):
                break

    @api.model
    def _generate_on(self, days, branches=None):
        """Bring the shifts of single days in line at once, for holidays and the like.

        Visits that lose their shift are listed by the job that is woken. A long list,
        such as a whole year's, is left to the nightly job, which starts right after
        the commit instead.

        :param days: dates in branch time
        :param branches: ``clinic.branch`` records, None for all
        """
        today = fields.Date.context_today(self, self.env.cr.now())
        last = max(
            (
                self._get_last_day(today, one)
                for one in branches or self._get_branches()
            ),
            default=today,
        )
        coming = sorted(day for day in days if today <= day <= last)
        if len(coming) > DAYS_AT_ONCE:
            # The engine wakes its own job; no role may touch jobs.
            self.env.ref("clinic_schedule.ir_cron_generate_shifts").sudo()._trigger()
            return
        patterns = self.search([("branch_id", "in", branches.ids)] if branches else [])
        for day in coming:
            patterns._generate(day, day)
        if coming:
            self.env["clinic.shift"]._wake_after_change()

    def _generate(self, first=None, last=None):
        """Bring the shifts of ``self`` in line with patterns, leaves and closures.

        Days edited by hand are left alone, but cut. One pattern that cannot be written
        says why in ``problem`` and does not stop the others.

        :param first, last: dates in branch time; from today to the horizon by default
        """
        today = fields.Date.context_today(self, self.env.cr.now())
        first = first or today
        for branch, patterns in self.grouped("branch_id").items():
            until = last or self._get_last_day(today, branch)
            planned = patterns._plan(branch, first, until)
            for specialist_patterns in patterns.grouped("specialist_id").values():
                specialist_patterns._write_shifts(
                    {pattern: planned[pattern] for pattern in specialist_patterns},
                    first,
                    until,
                )

    @api.model
    def _get_last_day(self, today, branch):
        """The last day for which shifts of ``branch`` are written."""
        settings = self.env["clinic.schedule.settings"]._get(branch)
        return today + settings.horizon * DAY

    @api.model
    def _get_branches(self):
        return self.env["clinic.branch"].search([("active", "=", True)])

    def _plan(self, branch, first, last):
        """{pattern: {day: spans}} for patterns of one branch."""
        calendar = self._get_calendar(branch, first, last)
        start = datetime.combine(first, time.min) - DAY
        stop = datetime.combine(last, time.max) + 2 * DAY
        absences = self.specialist_id._get_absences(start, stop, branch.tz)
        closures = self.room_id._get_closures(start, stop)
        return {
            pattern: roster.plan(
                pattern._to_tool(),
                first,
                last,
                calendar,
                absences[pattern.specialist_id.id] + closures[pattern.room_id.id],
            )
            if pattern.active and pattern.specialist_id.active
            else {}
            for pattern in self
        }

    def _to_tool(self):
        self.ensure_one()
        return roster.Pattern(
            id=self.id,
            weekday=int(self.weekday),
            minute_from=self.minute_from,
            minute_to=self.minute_to,
            date_from=self.date_from,
            date_to=self.date_to or None,
            interval_weeks=self.interval_weeks,
            tz=self.branch_id.tz,
            on_holidays=self.on_holidays,
        )

    @api.model
    def _get_calendar(self, branch, first, last):
        """:class:`roster.Calendar` of public holidays and special days."""
        address = branch.partner_id or branch.company_id.partner_id
        holidays = self.env["calendar.public.holiday"].get_holidays_list(
            start_dt=first, end_dt=last, partner_id=address.id
        )
        days = self.env["clinic.branch.day"].search(
            [
                ("branch_id", "in", (False, branch.id)),
                ("date", ">=", first),
                ("date", "<=", last),
            ]
        )
        # What is said for the branch itself comes last and so wins over the network's.
        kinds = {day.date: day for day in days.sorted(lambda day: bool(day.branch_id))}
        by_kind = defaultdict(list)
        for day in kinds.values():
            by_kind[day.kind].append(day)
        return roster.Calendar(
            holidays=frozenset(holidays.mapped("date")),
            closed=frozenset(day.date for day in by_kind["closed"]),
            open=frozenset(day.date for day in by_kind["open"]),
            like=tuple((day.date, int(day.weekday)) for day in by_kind["like"]),
        )

    def _write_shifts(self, planned, first, last):
        """Make the rows of one specialist's patterns equal to ``planned``."""
        try:
            with self.env.cr.savepoint(), self.env["clinic.shift"]._in_any_order():
                self._replace_shifts(self._drop_clashes(planned), first, last)
        except psycopg2.errors.ExclusionViolation:
            _logger.warning("Shift patterns %s clash with other shifts", self.ids)
            self.problem = self.env._(
                "Clashes with another shift of the specialist or in the room."
            )

    def _drop_clashes(self, planned):
        """Leave out days on which two patterns of one specialist overlap."""
        taken = []
        for pattern in self.sorted("id"):
            clashes = []
            for day, spans in planned[pattern].items():
                if any(overlaps(span, other) for span in spans for other in taken):
                    clashes.append(day)
                taken.extend(spans)
            for day in clashes:
                planned[pattern][day] = []
            problem = clashes and self.env._(
                "Overlaps another pattern, first on %(day)s.", day=clashes[0]
            )
            if (problem or False) != pattern.problem:
                pattern.problem = problem or False
        return planned

    def _replace_shifts(self, planned, first, last):
        """Reuse the rows of each day, add missing ones, switch superfluous ones off."""
        shifts = self.env["clinic.shift"].with_context(active_test=False)
        existing = shifts.search(
            [("pattern_id", "in", self.ids), ("day", ">=", first), ("day", "<=", last)]
        ).grouped(lambda shift: (shift.pattern_id, shift.day))
        keys = {(pattern, day) for pattern in self for day in planned[pattern]}
        missing = []
        for pattern, day in sorted(
            keys | existing.keys(), key=lambda key: (key[0].id, key[1])
        ):
            rows = existing.get((pattern, day), shifts)
            if any(rows.mapped("edited")):
                continue
            spans = planned[pattern].get(day, [])
            for row, span in zip_longest(rows.sorted("start"), spans):
                if row is None:
                    missing.append(pattern._prepare_shift_vals(day, span))
                else:
                    row._adjust(pattern, span)
        shifts.create(missing)

    def _prepare_shift_vals(self, day, span):
        """Values of the shift that the pattern writes for ``day``."""
        return {
            "pattern_id": self.id,
            "day": day,
            "start": span[0],
            "stop": span[1],
            "edited": False,
            **self._prepare_shift_terms(),
        }

    def _prepare_shift_terms(self):
        """What every shift of the pattern has in common."""
        return {
            "specialist_id": self.specialist_id.id,
            "branch_id": self.branch_id.id,
            "room_id": self.room_id.id,
            "telemedicine": self.telemedicine,
            "room_shared": self.room_shared,
            "service_ids": [fields.Command.set(self.service_ids.ids)],
            "payment_source_ids": [fields.Command.set(self.payment_source_ids.ids)],
        }
