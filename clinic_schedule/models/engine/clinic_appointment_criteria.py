from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.clinic_base.tools.walltime import MINUTE, MINUTES_PER_DAY

from ...tools.criteria import MAX_LIMIT, MAX_WAIT, ORDERS, Criteria, Preference

API_GROUP = "clinic_base.group_booking_api"  # keys of other sites
BOOKING_GROUPS = (
    "clinic_base.group_registrar",
    "clinic_base.group_call_center",
    "clinic_base.group_medical",
    "clinic_base.group_clinic_manager",
    API_GROUP,
)
MAX_ID = 2**31 - 1
YEARS = range(1900, 2200)
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
    """Who may ask for times, and what they ask: clients' dicts into checked values."""

    _inherit = "clinic.appointment"

    # === CRITERIA === #

    @api.model
    def _check_may_search(self, kind="search"):
        """
        :param kind: "search" or "book", which the keys of other sites may do so often
        :raises AccessError: without the right to book
        :raises TooManyCallsError: if another site calls too often
        """
        self._check_has_booking_role()
        if self.env.su:
            return
        if self._is_api_client():
            settings = self.env["clinic.schedule.settings"]._get()
            maximum = settings.api_bookings if kind == "book" else settings.api_searches
            # Counted whatever becomes of the call itself, hence a cursor of its own.
            with self._get_fresh_view() as fresh:
                fresh.env["clinic.api.call"]._count(kind, maximum)

    @api.model
    def _check_has_booking_role(self):
        """:raises AccessError: without the right to book"""
        allowed = self.env.su or any(map(self.env.user.has_group, BOOKING_GROUPS))
        if not allowed:
            raise AccessError(self.env._("You may not look for times or book visits."))

    @api.model
    def _parse_criteria(self, criteria, **forced):
        """Checked :class:`Criteria` of a client's dict.

        :raises UserError: with what is wrong, in words
        """
        self._check_keys(criteria, self._get_criteria_keys())
        now = self._get_now()
        public = self._is_public_client()
        branch_ids = self._parse_ids(criteria, "branch_ids")
        # A search may go through branches of several companies: the first one's hold.
        branch = self.env["clinic.branch"].browse(branch_ids[:1]).exists()
        settings = self.env["clinic.schedule.settings"]._get(branch)
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
            "branch_ids": branch_ids,
            "duration": self._parse_int(criteria, "duration", 1, MINUTES_PER_DAY),
            "repeat": bool(criteria.get("repeat")),
            "telemedicine": bool(criteria.get("telemedicine")),
            "payment_source_id": self._parse_id(criteria, "payment_source_id"),
            "weekdays": self._parse_weekdays(criteria),
            "minute_from": self._parse_hour(criteria, "hour_from", 0),
            "minute_to": self._parse_hour(criteria, "hour_to", MINUTES_PER_DAY),
            "limit": self._parse_int(criteria, "limit", 1, MAX_LIMIT) or 10,
            "order": order,
            "step": self._parse_int(criteria, "step", 1, 60) or max(settings.step, 1),
            "prefer": self._parse_preference(criteria),
            "max_wait": self._parse_int(criteria, "max_wait", 1, MINUTES_PER_DAY)
            or MAX_WAIT,
            "public": public,
            "more": {
                key: parse(criteria, key)
                for key, parse in self._get_more_criteria().items()
                if criteria.get(key)
            },
        }
        if "service_ids" not in forced:
            values["service_ids"] = self._parse_services(criteria)
        return Criteria(**{**values, **forced})

    @api.model
    def _get_criteria_keys(self):
        return CRITERIA_KEYS | self._get_more_criteria().keys()

    @api.model
    def _get_more_criteria(self):
        """Door: criteria of other modules, each with what reads and checks its value.

        The value reaches the search as JSON (``p_more``) and holds for booking too.

        :return: {key: callable(criteria, key)}, for example ``self._parse_id``
        """
        return {}

    @api.model
    def _parse_services(self, criteria):
        services = criteria.get("services") or [criteria.get("service_id")]
        if not all(isinstance(service, int) and service for service in services):
            raise UserError(self.env._("Say which service is wanted."))
        return tuple(services)

    @api.model
    def _is_public_client(self):
        """Whether notice and horizon of the public site hold for the caller."""
        return self._is_api_client() or self.env.user.share

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
                    "Unknown values: %(names)s.",
                    names=", ".join(sorted(map(str, unknown))),
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
        if moment.year not in YEARS:
            raise UserError(
                self.env._(
                    "%(key)s is no date and time: %(value)s.", key=key, value=value
                )
            )
        return moment.replace(second=0, microsecond=0)

    @api.model
    def _parse_id(self, values, key):
        found = self._parse_ids({key: [values[key]]} if values.get(key) else {}, key)
        return found[0] if found else None

    @api.model
    def _parse_ids(self, values, key):
        ids = values.get(key) or ()
        if not isinstance(ids, (list, tuple)) or not all(
            isinstance(one, int) and not isinstance(one, bool) and 0 < one <= MAX_ID
            for one in ids
        ):
            raise UserError(self.env._("%(key)s must hold record ids.", key=key))
        return tuple(ids)

    @api.model
    def _parse_int(self, values, key, lowest, highest):
        """A whole number between two; None where it is not given. Zero is given.

        :raises UserError: no whole number, or beyond them
        """
        value = values.get(key)
        if value is None or value is False:
            return None
        if type(value) is not int or not lowest <= value <= highest:
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
