"""What clients say: any dict into checked values, or words about what is wrong.

Knows no records: of the environment only the user's language is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Any

from odoo.exceptions import UserError
from odoo.fields import Datetime

from .visitor import clean_name, parse_birthdate
from .walltime import MINUTES_PER_DAY

MAX_ID = 2**31 - 1
YEARS = range(1900, 2200)
NAMED_KEYS = {"name", "phone", "birthdate", "sex"}


class Payload:
    """A client's named values; every method reads one of them.

    What is missing or empty reads as None or an empty collection, what cannot be
    understood raises UserError in the user's language.
    """

    def __init__(self, env: Any, values: Any, known: Collection[str] | None = None):
        """
        :param known: the keys that may be given; None for any
        :raises UserError: ``values`` are no dict, or hold an unknown key
        """
        self.env = env
        if not isinstance(values, dict):
            raise UserError(env._("Named values are expected."))
        self.values = values
        if known is not None and (unknown := values.keys() - known):
            raise UserError(
                env._("Unknown values: %(names)s.", names=self.name_keys(unknown))
            )

    @staticmethod
    def name_keys(keys: Collection[Any]) -> str:
        """``keys`` as a sentence lists them; a client's keys may be anything."""
        return ", ".join(sorted(map(str, keys)))

    def get_moment(self, key: str) -> datetime | None:
        """A moment (naive UTC) in whole minutes."""
        value = self.values.get(key)
        if not value:
            return None
        try:
            moment = Datetime.to_datetime(value)
        except (TypeError, ValueError):
            moment = None
        if not moment or moment.year not in YEARS:
            raise UserError(
                self.env._(
                    "%(key)s is no date and time: %(value)s.", key=key, value=value
                )
            )
        return moment.replace(second=0, microsecond=0)

    def get_id(self, key: str) -> int | None:
        """A record's id."""
        value = self.values.get(key)
        return self._check_ids(key, [value])[0] if value else None

    def get_ids(self, key: str) -> tuple[int, ...]:
        """Ids of records."""
        return self._check_ids(key, self.values.get(key) or ())

    def _check_ids(self, key: str, ids: Any) -> tuple[int, ...]:
        if not isinstance(ids, (list, tuple)) or not all(
            isinstance(one, int) and not isinstance(one, bool) and 0 < one <= MAX_ID
            for one in ids
        ):
            raise UserError(self.env._("%(key)s must hold record ids.", key=key))
        return tuple(ids)

    def get_int(self, key: str, lowest: int, highest: int) -> int | None:
        """A whole number between two. Zero is given."""
        value = self.values.get(key)
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

    def get_services(self) -> tuple[int, ...]:
        """Ids of the one service, or of the several of a trip."""
        services = self.values.get("services") or [self.values.get("service_id")]
        if not isinstance(services, (list, tuple)) or not all(
            type(service) is int and 0 < service <= MAX_ID for service in services
        ):
            raise UserError(self.env._("Say which service is wanted."))
        return tuple(services)

    def get_weekdays(self) -> frozenset[int] | None:
        """Days of the week, 0 is Monday."""
        weekdays = self.values.get("weekdays")
        if not weekdays:
            return None
        if not isinstance(weekdays, (list, tuple)) or not all(
            type(day) is int and 0 <= day < 7 for day in weekdays
        ):
            raise UserError(self.env._("Weekdays are numbers from 0 (Monday) to 6."))
        return frozenset(weekdays)

    def get_hour(self, key: str, default: int) -> int:
        """Minutes after midnight of 'HH:MM'; 24:00 is the end of the day."""
        value = self.values.get(key)
        if not value:
            return default
        # Longer numbers are none, and Python refuses to read the longest.
        hours, _colon, minutes = str(value)[:6].partition(":")
        if hours.isdecimal() and minutes.isdecimal() and int(minutes) < 60:
            minute = int(hours) * 60 + int(minutes)
            if minute <= MINUTES_PER_DAY:
                return minute
        raise UserError(
            self.env._("%(key)s must look like 09:30: %(value)s.", key=key, value=value)
        )

    def get_order(self, orders: Sequence[str]) -> str:
        """One of ``orders``, the first by default."""
        order = self.values.get("order") or orders[0]
        if order not in orders:
            raise UserError(self.env._("Unknown order: %(order)s.", order=order))
        return order

    def get_text(self, key: str, longest: int) -> str:
        """Text without spare spaces, cut where it is too long."""
        return str(self.values.get(key) or "").strip()[:longest]

    def get_named(
        self, key: str, today: date, to_e164: Callable[[str], str]
    ) -> dict[str, Any]:
        """What a site says of a person: name, phone (E.164), birthdate, sex.

        :param to_e164: reads a phone, or raises UserError itself
        :raises UserError: it names nobody
        """
        named = self.values[key]
        if isinstance(named, dict) and not named.keys() - NAMED_KEYS:
            found = {
                "name": clean_name(str(named.get("name") or "")),
                "birthdate": parse_birthdate(str(named.get("birthdate") or ""), today),
                "phone": to_e164(str(named.get("phone") or " ")),
            }
            sex = named.get("sex") or False
            if all(found.values()) and sex in (False, "male", "female"):
                return {**found, "sex": sex}
        raise self.get_unnamed_error()

    def get_unnamed_error(self) -> UserError:
        """To be raised where nobody is named, or two are."""
        return UserError(
            self.env._("Please name the patient: name, phone and date of birth.")
        )
