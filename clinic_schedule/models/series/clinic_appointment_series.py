from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.tools.apart import apart
from odoo.addons.clinic_base.tools.payload import Payload
from odoo.addons.clinic_base.tools.walltime import DAY, to_utc, to_wall

from ...exceptions import NotFreeError, SeriesClashError
from ...tools.recurrence import get_dates
from ...tools.states import MOVABLE
from ..roster.clinic_branch_day import WEEKDAYS
from .clinic_appointment_clash import EXCEPTIONS, NEAR

SERIES_VALS = {
    "patient_id",
    "specialist_id",
    "service_id",
    "branch_id",
    "room_id",
    "telemedicine",
    "payment_source_id",
    "payer_id",
    "duration",
    "weekday",
    "minute_of_day",
    "interval_weeks",
    "date_from",
    "date_to",
}


class ClinicAppointmentSeries(models.Model):
    """A standing visit every n weeks, in wall time, that prolongs itself."""

    _name = "clinic.appointment.series"
    _description = "Standing visit"
    _inherit = ["clinic.engine.mixin", "clinic.archive.mixin"]
    _engine_is_superuser = True
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

    # === CRUD === #

    @api.model
    def _get_engine_fields(self):
        """The terms of a series stand behind its visits: its actions change both."""
        return SERIES_VALS | {"state", "claimed_to"}

    def _raise_engine_only(self):
        raise UserError(self.env._("Book, move or end the series with its actions."))

    # === PUBLIC === #

    @api.model
    def book_series(self, vals):
        """Claim a standing hour with all its dates within the horizon, at once.

        :param dict vals: ``patient_id``, ``specialist_id``, ``service_id``,
            ``branch_id``, ``weekday`` (0 is Monday), ``minute_of_day`` (branch time),
            ``date_from`` ('YYYY-MM-DD'); optionally ``interval_weeks``, ``date_to``,
            ``room_id``, ``duration``, ``telemedicine``, ``payment_source_id``,
            ``payer_id``, ``skip`` (dates that the patient does without) and
            ``instead`` ({date: another start within three days of it, UTC})
        :return: id of the series
        :raises SeriesClashError: some dates cannot be had; nothing is saved.
            ``context['clashes']`` has a reason and the nearest time for each
        """
        appointments = self.env["clinic.appointment"]
        self.check_access("create")
        appointments._check_may_change()
        Payload(self.env, vals, SERIES_VALS | EXCEPTIONS)
        # Checked just above; the engine writes rows that no role writes by hand.
        vals = appointments._with_kept_patient(vals)
        return self.sudo()._create_series(vals).id

    def prolong(self):
        """Claim what has come into the horizon; returns the clashes (see above)."""
        self.check_access("write")
        # Checked just above; the engine writes rows that no role writes by hand.
        return self.sudo()._prolong()

    def skip(self, day, reason_id):
        """Do without the visit on one day ('YYYY-MM-DD').

        :raises UserError: if there is none on that day
        """
        self._check_may_end()
        day = self._parse_day(day)
        if not self._get_visits(day, day):
            raise UserError(self.env._("The series has no visit on this day."))
        return self._cancel_visits(day, day, reason_id)

    def pause(self, date_from, date_to, reason_id):
        """Give the time between two days back; ``date_to`` None: until resumed."""
        self._check_may_end()
        last = (date_to and self._parse_day(date_to)) or self.claimed_to
        result = self._cancel_visits(self._parse_day(date_from), last, reason_id)
        if not date_to:
            self.sudo().write({"state": "paused"})
        return result

    def resume(self):
        """Claim the hour again from today; returns the clashes."""
        self.check_access("write")
        paused = self.filtered(lambda series: series.state == "paused")
        yesterday = fields.Date.context_today(self, self.env.cr.now()) - DAY
        # Checked just above; the engine writes rows that no role writes by hand.
        paused.sudo().write({"state": "active", "claimed_to": yesterday})
        return paused.sudo()._prolong()

    def end(self, last_day, reason_id):
        """No visits after ``last_day`` ('YYYY-MM-DD')."""
        self._check_may_end()
        last = self._parse_day(last_day)
        result = self._cancel_visits(last + DAY, self.claimed_to, reason_id)
        self.sudo().write(
            {"state": "ended", "date_to": max(last, self.date_from), "claimed_to": last}
        )
        return result

    def move_from(
        self,
        day,
        weekday,
        minute_of_day,
        reason_id,
        specialist_id=None,
        exceptions=None,
    ):
        """Continue at another hour from ``day`` ('YYYY-MM-DD') on, in one step.

        :param exceptions: ``skip`` and ``instead`` as for :meth:`book_series`
        :return: id of the series that continues this one
        :raises SeriesClashError: nothing is changed
        """
        self._check_may_end()
        first = self._parse_day(day)
        Payload(self.env, exceptions or {}, EXCEPTIONS)
        vals = {
            **self._prepare_continuation_vals(),
            **(exceptions or {}),
            "specialist_id": specialist_id or self.specialist_id.id,
            "weekday": weekday,
            "minute_of_day": minute_of_day,
            "date_from": day,
        }
        with self.env.cr.savepoint():
            self.end(first - DAY, reason_id)
            return self.book_series(vals)

    def _check_may_end(self):
        """
        :raises AccessError: without the right to change the visits of the series
        """
        self.check_access("write")
        self.env["clinic.appointment"]._check_may_change()
        self.ensure_one()

    @api.model
    def _parse_day(self, text):
        """Date of a client's 'YYYY-MM-DD'.

        :raises UserError: for anything else
        """
        try:
            day = fields.Date.to_date(text)
        except (TypeError, ValueError):
            day = None
        if not day:
            raise UserError(
                self.env._("A date is expected, such as 2026-03-02: %(day)s.", day=text)
            )
        return day

    # === CLAIMING === #

    @api.model
    def _create_series(self, vals):
        values = {key: vals[key] for key in vals.keys() & SERIES_VALS}
        weekday = str(vals.get("weekday"))
        if weekday not in dict(WEEKDAYS):
            raise UserError(
                self.env._(
                    "%(key)s must be a whole number from %(lowest)s to %(highest)s.",
                    key="weekday",
                    lowest=0,
                    highest=6,
                )
            )
        with self.env.cr.savepoint():
            series = self.create({**values, "weekday": weekday})
            series._claim(
                series._get_horizon(), vals.get("skip") or (), vals.get("instead") or {}
            )
        return series

    def _prepare_continuation_vals(self):
        return {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in SERIES_VALS - {"weekday", "minute_of_day", "date_from"}
        }

    def _get_horizon(self):
        """The last day (branch time) that is claimed today."""
        settings = self.env["clinic.schedule.settings"]._get(self.branch_id[:1])
        weeks = settings.series_weeks
        return fields.Date.context_today(self, self.env.cr.now()) + timedelta(
            weeks=weeks
        )

    def _get_starts(self, last):
        """{start (naive UTC): date} of what is not claimed yet, up to ``last``."""
        self.ensure_one()
        first = max(self.date_from, (self.claimed_to or self.date_from - DAY) + DAY)
        anchored = get_dates(
            int(self.weekday),
            self.date_from,
            min(last, self.date_to or last),
            self.interval_weeks,
        )
        return {
            to_utc(day, self.minute_of_day, self.branch_id.tz): day
            for day in anchored
            if day >= first
        }

    def _claim(self, last, skip=(), instead=None, partly=False):
        """Book every date up to ``last``, or none.

        :param skip: dates ('YYYY-MM-DD') that are left out
        :param instead: {date: start} of dates that have another time this once
        :param partly: book what is free and return the clashes instead of raising
        """
        starts = {
            start: day
            for start, day in self.env["clinic.appointment"]
            ._settle_starts(self._get_starts(last), skip, instead or {})
            .items()
            if start > self.env.cr.now()
        }
        total, clashes = len(starts), []
        while found := self._try_to_book(starts):
            clashes += found
            if not partly:
                raise SeriesClashError(
                    self.env._(
                        "%(count)s of the %(total)s dates cannot be had.",
                        count=len(clashes),
                        total=total,
                    ),
                    clashes,
                )
            taken = {clash["date"] for clash in found}
            starts = {
                start: day for start, day in starts.items() if str(day) not in taken
            }
        self.claimed_to = last
        return clashes

    def _try_to_book(self, starts):
        """Book all of ``starts`` ({start: date}) or none of them.

        Whether they are free is asked once, by booking them; reasons and other times
        are looked for only when they are not.

        :return: the clashes, see ``clinic.appointment._find_clashes``; none when all
            are booked
        :raises SlotTakenError: if it cannot be told which of them is taken
        """
        appointments = self.env["clinic.appointment"]
        if not starts:
            return []
        criteria = self._get_criteria(tuple(starts))
        try:
            visits = appointments._create_if_free(
                [criteria],
                self._prepare_visit_vals(),
                state="booked",
                series_id=self.id,
            )
        except NotFreeError:
            if clashes := appointments._find_clashes(criteria, starts):
                return clashes
            # Taken since the snapshot of this transaction.
            with appointments._get_fresh_view() as fresh:
                if clashes := fresh._find_clashes(criteria, starts):
                    return clashes
            raise appointments._prepare_refusal([criteria]) from None
        visits[:1]._notify_patient("series")
        return []

    def _prepare_visit_vals(self):
        """Hook: values that every visit of the series has."""
        return {
            "patient_id": self.patient_id.id,
            "telemedicine": self.telemedicine,
            "payment_source_id": self.payment_source_id.id,
            "payer_id": self.payer_id.id,
        }

    def _get_criteria(self, starts):
        """Criteria that want exactly ``starts`` (naive UTC)."""
        return self.env["clinic.appointment"]._get_criteria(
            {
                "service_id": self.service_id.id,
                "patient_id": self.patient_id.id,
                "duration": self.duration or None,
                "telemedicine": self.telemedicine,
                "payment_source_id": self.payment_source_id.id,
                "repeat": True,
            },
            specialist_ids=(self.specialist_id.id,),
            branch_ids=(self.branch_id.id,),
            room_ids=(self.room_id.id,) if self.room_id else (),
            start=min(starts),
            stop=max(starts) + DAY,
            wanted=tuple(starts),
            limit=None,
        )

    # === LIVING ON === #

    def _prolong(self):
        """Claim what has come into the horizon; every clash becomes a request."""
        clashes = []
        for series in self.filtered(lambda series: series.state == "active"):
            found = series._claim(series._get_horizon(), partly=True)
            series._request_for_clashes(found)
            clashes += found
        return clashes

    def _request_for_clashes(self, clashes):
        """Somebody has to find another time for the dates that cannot be had."""
        self.env["clinic.booking.request"].create(
            [
                {
                    "patient_id": self.patient_id.id,
                    "service_id": self.service_id.id,
                    "specialist_ids": [fields.Command.set(self.specialist_id.ids)],
                    "due_from": fields.Date.to_date(clash["date"]) - NEAR,
                    "due_to": fields.Date.to_date(clash["date"]) + NEAR,
                    "origin": "again",
                    "company_id": self.branch_id.company_id.id,
                }
                for clash in clashes
            ]
        )

    def _stop_prolonging(self):
        """No dates beyond those that are claimed; they stay as they are."""
        for series in self.filtered(lambda series: series.state != "ended"):
            last = max(series.claimed_to or series.date_from, series.date_from)
            series.write({"state": "ended", "date_to": last})

    @api.model
    def _cron_prolong(self):
        """Prolong every series whose horizon has moved on; one never stops the rest."""
        cron = self.env["ir.cron"]
        due = [
            ("state", "=", "active"),
            ("claimed_to", "<", self._get_horizon()),
            "|",
            ("date_to", "=", False),
            ("date_to", ">", fields.Date.context_today(self, self.env.cr.now())),
        ]
        cron._commit_progress(remaining=self.search_count(due))
        for series in self.search(due, order="claimed_to, id"):
            with apart(series):
                series._prolong()
            if not cron._commit_progress(1):
                break

    def _cancel_visits(self, first, last, reason_id):
        """Cancel the visits between two days (branch time)."""
        self.check_access("write")
        visits = self._get_visits(first, last or first)
        return visits.cancel(reason_id) if visits else True

    def _get_visits(self, first, last):
        """Visits between two days (branch time) that have not begun."""
        tz = self.branch_id.tz
        return self.appointment_ids.filtered(
            lambda visit: (
                visit.state in MOVABLE
                and first <= to_wall(visit.start, tz).date() <= last
            )
        )
