from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from psycopg2.extras import DateTimeRange

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import packing, slot_query
from ..tools.criteria import MAX_LIMIT, MAX_WAIT, ORDERS, Criteria, Preference
from ..tools.placement import Run, Slot
from ..tools.walltime import (
    MINUTE,
    MINUTES_PER_DAY,
    minute_of_day,
    to_wall,
    wish_windows,
)

API_GROUP = "clinic_base.group_booking_api"  # keys of other sites
BOOKING_GROUPS = (
    "clinic_base.group_registrar",
    "clinic_base.group_call_center",
    "clinic_base.group_medical",
    "clinic_base.group_clinic_manager",
    API_GROUP,
)
# The earliest starts nearly always lie in the next days: look there first.
FIRST_LOOKS = (timedelta(days=2), timedelta(days=9))
SHORT_LIST = 100
DEMAND_DAYS = 90
CRITERIA_KEYS = {
    "service_id",
    "services",
    "specialist_ids",
    "room_ids",
    "department_ids",
    "branch_ids",
    "patient_id",
    "date_from",
    "date_to",
    "duration",
    "repeat",
    "telemedicine",
    "payment_source_id",
    "weekdays",
    "hour_from",
    "hour_to",
    "limit",
    "order",
    "step",
    "prefer",
    "max_wait",
}


class ClinicAppointment(models.Model):
    """Search for free time; the rules live in one statement (tools/slot_query.py)."""

    _inherit = "clinic.appointment"

    def init(self):
        """Create the search functions anew with each version of the module."""
        result = super().init()
        for definition in slot_query.get_definitions():
            self.env.cr.execute(definition)
        return result

    # === PUBLIC === #

    @api.model
    @api.readonly
    def find_slots(self, criteria):
        """Starts that can be booked, best first.

        :param dict criteria: ``service_id``, or ``services`` for several visits in one
            trip; all others are optional and mean "any" when missing:
            ``specialist_ids``, ``room_ids``, ``department_ids``, ``branch_ids``;
            ``patient_id``; ``date_from``, ``date_to`` (UTC, 'YYYY-MM-DD HH:MM:SS'; the
            whole visit lies between them); ``duration`` (minutes); ``repeat`` (a
            repeat visit of an unnamed patient); ``telemedicine``;
            ``payment_source_id``; ``weekdays`` (0 is Monday), ``hour_from``,
            ``hour_to`` ('HH:MM', branch time); ``limit`` (10); ``order``
            ('earliest', 'compact', 'preferred'); ``prefer`` ({specialist_id, weekday,
            hour}, the patient's last visit by default); ``step`` (minutes, 5);
            ``max_wait`` (minutes between two visits of a trip at most, 60)
        :return: list of {start, stop (UTC), specialist_id, room_id, branch_id,
            service_id, score}; score is the number of bookable minutes that the visit
            destroys around itself, so 0 is best. With ``services``, a list of
            {start, stop, score, legs}, each leg as above; for a service that is given
            in sessions, those with free places, with ``session_id`` and ``places_left``
        :raises UserError: if a criterion is unknown or makes no sense
        :raises AccessError: without the right to book
        """
        self._check_may_search()
        # Checked just above. The answer names times and places, never patients.
        self = self.sudo()
        parsed = self._parse_criteria(criteria)
        if len(parsed.service_ids) > 1:
            return self._find_trips(parsed)
        if self._is_group(parsed):
            return self._export_places(self._find_places(parsed))
        return self._export_slots(self._find_slots(parsed))

    # === CRITERIA === #

    @api.model
    def _check_may_search(self, kind="search"):
        """
        :param kind: "search" or "book", which the keys of other sites may do so often
        :raises AccessError: without the right to book
        :raises TooManyCallsError: if another site calls too often
        """
        if self.env.su:
            return
        if not any(map(self.env.user.has_group, BOOKING_GROUPS)):
            raise AccessError(self.env._("You may not look for times or book visits."))
        if self.env.user.has_group(API_GROUP):
            settings = self.env["clinic.schedule.settings"]._get()
            maximum = settings.api_bookings if kind == "book" else settings.api_searches
            # Counted whatever becomes of the call itself, hence a cursor of its own.
            with self._get_fresh_view() as fresh:
                fresh.env["clinic.api.call"]._count(kind, maximum)

    @api.model
    def _parse_criteria(self, criteria, **forced):
        """Checked :class:`Criteria` of a client's dict.

        :raises UserError: with what is wrong, in words
        """
        self._check_keys(criteria, CRITERIA_KEYS)
        now = self._get_now()
        public = self._is_public_client()
        settings = self.env["clinic.schedule.settings"]._get()
        start = self._parse_moment(criteria, "date_from") or now
        stop = self._parse_moment(criteria, "date_to") or start + timedelta(days=30)
        if public:
            now += timedelta(minutes=settings.public_notice)
            stop = min(stop, now + timedelta(days=settings.public_horizon))
        order = criteria.get("order") or "earliest"
        if order not in ORDERS:
            raise UserError(self.env._("Unknown order: %(order)s.", order=order))
        values = {
            "start": max(start, now),
            "stop": min(stop, start + timedelta(days=settings.horizon)),
            "now": now,
            "patient_id": self._parse_id(criteria, "patient_id"),
            "specialist_ids": self._parse_ids(criteria, "specialist_ids"),
            "room_ids": self._parse_ids(criteria, "room_ids"),
            "department_ids": self._parse_ids(criteria, "department_ids"),
            "branch_ids": self._parse_ids(criteria, "branch_ids"),
            "duration": self._parse_int(criteria, "duration", 1, MINUTES_PER_DAY),
            "repeat": bool(criteria.get("repeat")),
            "telemedicine": bool(criteria.get("telemedicine")),
            "payment_source_id": self._parse_id(criteria, "payment_source_id"),
            "weekdays": self._parse_weekdays(criteria),
            "minute_from": self._parse_hour(criteria, "hour_from", 0),
            "minute_to": self._parse_hour(criteria, "hour_to", MINUTES_PER_DAY),
            "limit": self._parse_int(criteria, "limit", 1, MAX_LIMIT) or 10,
            "order": order,
            "step": self._parse_int(criteria, "step", 1, 60) or settings.step,
            "prefer": self._parse_preference(criteria),
            "max_wait": self._parse_int(criteria, "max_wait", 1, MINUTES_PER_DAY)
            or MAX_WAIT,
            "public": public,
        }
        if "service_ids" not in forced:
            values["service_ids"] = self._parse_services(criteria)
        return Criteria(**{**values, **forced})

    @api.model
    def _parse_services(self, criteria):
        services = criteria.get("services") or [criteria.get("service_id")]
        if not all(isinstance(service, int) and service for service in services):
            raise UserError(self.env._("Say which service is wanted."))
        return tuple(services)

    @api.model
    def _is_public_client(self):
        """Whether notice and horizon of the public site hold for the caller."""
        user = self.env.user
        return user.has_group(API_GROUP) or user.share

    @api.model
    def _get_now(self):
        """The database's clock, rounded up to a whole minute (naive UTC)."""
        now = self.env.cr.now()
        floor = now.replace(second=0, microsecond=0)
        return floor if floor == now else floor + MINUTE

    @api.model
    def _check_keys(self, values, known):
        if not isinstance(values, dict):
            raise UserError(self.env._("Named values are expected."))
        if unknown := values.keys() - known:
            raise UserError(
                self.env._(
                    "Unknown values: %(names)s.", names=", ".join(sorted(unknown))
                )
            )

    @api.model
    def _parse_moment(self, values, key):
        """Moment of a client (UTC), whole minutes."""
        value = values.get(key)
        if not value:
            return None
        try:
            moment = fields.Datetime.to_datetime(value)
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._(
                    "%(key)s is no date and time: %(value)s.", key=key, value=value
                )
            ) from error
        return moment.replace(second=0, microsecond=0)

    @api.model
    def _parse_id(self, values, key):
        found = self._parse_ids({key: [values[key]]} if values.get(key) else {}, key)
        return found[0] if found else None

    @api.model
    def _parse_ids(self, values, key):
        ids = values.get(key) or ()
        if not isinstance(ids, (list, tuple)) or not all(
            isinstance(one, int) and not isinstance(one, bool) for one in ids
        ):
            raise UserError(self.env._("%(key)s must hold record ids.", key=key))
        return tuple(ids)

    @api.model
    def _parse_int(self, values, key, lowest, highest):
        value = values.get(key)
        if value in (None, False):
            return None
        if not isinstance(value, int) or not lowest <= value <= highest:
            raise UserError(
                self.env._(
                    "%(key)s must be a whole number from %(lowest)s to %(highest)s.",
                    key=key,
                    lowest=lowest,
                    highest=highest,
                )
            )
        return value

    @api.model
    def _parse_weekdays(self, values):
        weekdays = values.get("weekdays")
        if not weekdays:
            return None
        if not isinstance(weekdays, (list, tuple)) or not set(weekdays) <= set(
            range(7)
        ):
            raise UserError(self.env._("Weekdays are numbers from 0 (Monday) to 6."))
        return frozenset(weekdays)

    @api.model
    def _parse_hour(self, values, key, default):
        """Minutes after midnight of 'HH:MM'; 24:00 is the end of the day."""
        value = values.get(key)
        if not value:
            return default
        hours, _colon, minutes = str(value).partition(":")
        if hours.isdecimal() and minutes.isdecimal() and int(minutes) < 60:
            minute = int(hours) * 60 + int(minutes)
            if minute <= MINUTES_PER_DAY:
                return minute
        raise UserError(
            self.env._("%(key)s must look like 09:30: %(value)s.", key=key, value=value)
        )

    @api.model
    def _parse_preference(self, values):
        prefer = values.get("prefer")
        if not prefer:
            return None
        self._check_keys(prefer, {"specialist_id", "weekday", "hour"})
        weekday = self._parse_int(prefer, "weekday", 0, 6)
        return Preference(
            specialist_id=self._parse_id(prefer, "specialist_id"),
            weekday=weekday or 0,
            minute_of_day=self._parse_hour(prefer, "hour", 0),
        )

    # === SEARCH === #

    @api.model
    def _find_slots(self, criteria):
        """Slots for checked criteria, ranked; see :meth:`find_slots`.

        :rtype: list[Slot]
        """
        params = self._get_query_params(criteria)
        if params is None:
            return []
        for first_before in self._get_looks(criteria):
            rows = self._run_query(
                "wanted" if criteria.wanted else criteria.order,
                {**params, "first_before": first_before},
            )
            if criteria.limit and len(rows) >= criteria.limit:
                break
        return [Slot.from_row(row) for row in rows]

    @api.model
    def _find_nearest(self, criteria):
        """The earliest slot of each service, specialist and branch; one statement.

        :rtype: list[Slot]
        """
        params = self._get_query_params(criteria)
        if params is None:
            return []
        rows = self._run_query(
            "nearest", {**params, "first_before": criteria.stop + MINUTE}
        )
        return [Slot.from_row(row) for row in rows]

    @api.model
    def _find_lengths(self, criteria):
        """{(service, specialist): minutes} of who may receive; free or not."""
        params = self._get_query_params(criteria)
        if params is None:
            return {}
        rows = self._run_query(
            "offers", {**params, "first_before": criteria.stop + MINUTE}
        )
        return {
            (row["service_id"], row["specialist_id"]): row["minutes"] for row in rows
        }

    @api.model
    def _find_runs(self, criteria):
        """All stretches of possible starts for checked criteria.

        :rtype: list[Run]
        """
        params = self._get_query_params(criteria)
        if params is None:
            return []
        rows = self._run_query(
            "runs", {**params, "first_before": criteria.stop + MINUTE}
        )
        return [Run(**row) for row in rows]

    @api.model
    def _get_looks(self, criteria):
        """Ends of ever wider windows; the earliest starts do not depend on the rest."""
        end = criteria.stop + MINUTE
        short = criteria.limit and criteria.limit <= SHORT_LIST
        if criteria.order == "earliest" and short and not criteria.wanted:
            for look in FIRST_LOOKS:
                if criteria.start + look < end:
                    yield criteria.start + look
        yield end

    @api.model
    def _run_query(self, name, params):
        """Rows of a search function as dicts.

        The window is narrowed to the starts that are looked at.
        """
        self._flush_for_search()
        stop = min(params["stop"], params["first_before"] + timedelta(days=1))
        self.env.cr.execute(slot_query.get_call(name), {**params, "stop": stop})
        return self.env.cr.dictfetchall()

    @api.model
    def _get_query_params(self, criteria):
        """Parameters of the statement; None if no branch is left to look at."""
        branches = self._get_branches(criteria)
        if not branches or criteria.stop <= criteria.start:
            return None
        patient = self._get_patient(criteria)
        prefer = self._get_preference(criteria)
        wish = self._get_wish(criteria, {branch.tz for branch in branches})
        return {
            "service_ids": list(criteria.service_ids),
            "specialist_ids": list(criteria.specialist_ids) or None,
            "room_ids": list(criteria.room_ids) or None,
            "department_ids": list(criteria.department_ids) or None,
            "branch_ids": branches.ids,
            "patient_id": criteria.patient_id,
            "age": self._get_age(patient, criteria.start.date()),
            "sex": patient.sex or None,
            "start": criteria.start,
            "stop": criteria.stop,
            "now": criteria.now,
            "clock": self.env.cr.now(),
            "duration": criteria.duration,
            "repeat": criteria.repeat,
            "remote": criteria.telemedicine,
            "payment_source_id": criteria.payment_source_id,
            "ignored_ids": list(criteria.ignored_appointment_ids),
            "session_ids": list(criteria.session_ids),
            "group": criteria.group,
            "any_room": criteria.any_room,
            "overbook": criteria.overbook,
            "wanted": list(criteria.wanted),
            "wish_tz": [tz for tz, _span in wish],
            "wish": [DateTimeRange(*span) for _tz, span in wish],
            "step": criteria.step,
            "limit": criteria.limit,
            "reach": criteria.limit if criteria.order == "earliest" else 10_000,
            "place_limit": None if criteria.wanted else 1,
            "prefer_specialist_id": prefer.specialist_id,
            "prefer_weekday": prefer.weekday,
            "prefer_minute": prefer.minute_of_day,
        }

    @api.model
    def _get_branches(self, criteria):
        """Branches of the user's companies that are looked at."""
        domain = [("company_id", "in", self.env.companies.ids)]
        if criteria.branch_ids:
            domain.append(("id", "in", criteria.branch_ids))
        return self.env["clinic.branch"].search_fetch(domain, ["tz", "company_id"])

    @api.model
    def _get_patient(self, criteria):
        """Card or :class:`Person` that the search is for; an empty card for anybody.

        :raises UserError: if the named patient does not exist
        """
        if not criteria.patient_id:
            return criteria.person or self.env["clinic.patient"]
        patient = self.env["clinic.patient"].search_fetch(
            [("id", "=", criteria.patient_id)], ["birthdate", "sex"]
        )
        if not patient:
            raise UserError(self.env._("This patient is not known."))
        return patient

    @api.model
    def _get_age(self, patient, day):
        """Full years on ``day``; None if unknown."""
        if not patient or not patient.birthdate:
            return None
        return relativedelta(day, patient.birthdate).years

    @api.model
    def _get_wish(self, criteria, zones):
        """Pairs (zone, span) inside which a visit must lie."""
        return [
            (tz, span)
            for tz in zones
            for span in wish_windows(
                criteria.start,
                criteria.stop,
                tz,
                criteria.weekdays,
                criteria.minute_from,
                criteria.minute_to,
            )
        ]

    @api.model
    def _get_preference(self, criteria):
        """As asked, else as at the patient's last visit."""
        if criteria.prefer or criteria.order != "preferred":
            return criteria.prefer or Preference(None, 0, 0)
        last = self.search(
            [
                ("patient_id", "=", criteria.patient_id),
                ("service_id", "in", criteria.service_ids),
                ("state", "not in", ("hold", "expired", "cancelled")),
            ],
            order="start desc",
            limit=1,
        )
        if not last:
            return Preference(None, 0, 0)
        wall = to_wall(last.start, last.branch_id.tz)
        return Preference(last.specialist_id.id, wall.weekday(), minute_of_day(wall))

    @api.model
    def _flush_for_search(self):
        """Write what the statement reads and the transaction has not written yet."""
        for model in (
            "clinic.appointment",
            "clinic.branch",
            "clinic.device",
            "clinic.patient.refusal",
            "clinic.room",
            "clinic.room.closure",
            "clinic.shift",
            "clinic.specialist",
            "clinic.specialist.limit",
            "clinic.specialist.service",
            "clinic.visit.profile",
            "clinic.day.limit",
            "product.product",
            "product.template",
        ):
            self.env[model].flush_model()

    # === EXPORT === #

    @api.model
    def _export_slots(self, slots):
        """Slots as a client gets them, with the cost of each."""
        mixes = self._get_demand_mixes({slot.specialist_id for slot in slots})
        return [self._export_slot(slot, mixes) for slot in slots]

    @api.model
    def _export_slot(self, slot, mixes):
        cost = packing.cost(slot.placement, mixes[slot.specialist_id])
        return {
            "start": fields.Datetime.to_string(slot.start),
            "stop": fields.Datetime.to_string(slot.stop),
            "specialist_id": slot.specialist_id,
            "room_id": slot.place.room_id if slot.place else False,
            "branch_id": slot.branch_id,
            "service_id": slot.service_id,
            "score": round(cost, 1),
        }

    @api.model
    def _get_demand_mixes(self, specialist_ids):
        """{specialist: [(minutes, weight)]} of the last 90 days, buffers included.

        A specialist without visits yet is asked for half-hours.
        """
        self.env.cr.execute(
            """
            SELECT specialist_id, minutes, count(*)
              FROM (SELECT specialist_id,
                           (EXTRACT(EPOCH FROM stop - start) / 60)::int
                           + COALESCE(buffer_before, 0) + COALESCE(buffer_after, 0)
                           AS minutes
                      FROM clinic_appointment
                     WHERE specialist_id = ANY(%s)
                       AND start BETWEEN %s AND %s
                       AND state NOT IN ('hold', 'expired', 'cancelled')) visit
             GROUP BY specialist_id, minutes
            """,
            [
                list(specialist_ids),
                self.env.cr.now() - timedelta(days=DEMAND_DAYS),
                self.env.cr.now(),
            ],
        )
        counts = defaultdict(dict)
        for specialist_id, minutes, count in self.env.cr.fetchall():
            counts[specialist_id][minutes] = count
        mixes = defaultdict(lambda: [(30, 1.0)])
        for specialist_id, by_minutes in counts.items():
            total = sum(by_minutes.values())
            mixes[specialist_id] = [(m, n / total) for m, n in by_minutes.items()]
        return mixes
