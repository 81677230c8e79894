from collections import defaultdict
from datetime import timedelta

from psycopg2.extras import DateTimeRange, Json

from odoo import api, fields, models
from odoo.exceptions import MissingError, UserError
from odoo.tools import SQL

from odoo.addons.clinic_base.tools.age import get_age_days
from odoo.addons.clinic_base.tools.statements import fetch
from odoo.addons.clinic_base.tools.walltime import (
    MINUTE,
    minute_of_day,
    to_wall,
    wish_windows,
)

from ...tools import packing, slot_query
from ...tools.criteria import Preference
from ...tools.placement import Run, Slot

# The earliest starts nearly always lie in the next days: look there first.
FIRST_LOOKS = (timedelta(days=2), timedelta(days=9))
SHORT_LIST = 100
# The function whose comment says which definitions the database has.
MARKED_FUNCTION = "clinic_slots_earliest"
DEMAND_DAYS = 90


class ClinicAppointment(models.Model):
    """Search for free time; the rules live in one statement (tools/slot_query.py)."""

    _inherit = "clinic.appointment"

    def init(self):
        """Create the search functions anew with each version of the module."""
        result = super().init()
        self._create_search_functions()
        return result

    def _register_hook(self):
        """The functions know the conditions of the modules that are there now."""
        result = super()._register_hook()
        self._create_search_functions()
        return result

    @api.model
    def _create_search_functions(self):
        """Create the functions, unless they are what they should be already."""
        definitions = slot_query.get_definitions(
            slot_query.More(
                tuple(self._get_offer_conditions()),
                tuple(self._get_shift_conditions()),
                tuple(self._get_more_needs()),
            )
        )
        digest = slot_query.get_digest(definitions)
        if self._get_search_digest() == digest:
            return
        # Servers that start together find the same difference; one of them mends it.
        self.env.cr.execute("SELECT pg_advisory_xact_lock(hashtext('clinic_slots'))")
        if self._get_search_digest() == digest:
            return
        for definition in definitions:
            self.env.cr.execute(definition)
        self.env.cr.execute(f"COMMENT ON FUNCTION {MARKED_FUNCTION} IS %s", [digest])

    @api.model
    def _get_search_digest(self):
        """The digest of the functions that the database has; None without any."""
        self.env.cr.execute(
            "SELECT obj_description(to_regproc(%s), 'pg_proc')", [MARKED_FUNCTION]
        )
        return self.env.cr.fetchone()[0]

    # === DOORS === #

    @api.model
    def _get_offer_conditions(self):
        """Door: SQL that must hold for a specialist to be offered with a service.

        :return: list; what it may speak of is said at :class:`slot_query.More`
        """
        return []

    @api.model
    def _get_shift_conditions(self):
        """Door: SQL that must hold for an offer to be had in a shift; as above."""
        return []

    @api.model
    def _get_more_needs(self):
        """Door: queries of (offer_id, resource_id) that must be free as well.

        Whoever needs more also says what the visit takes, see ``_get_more_claims``.
        """
        return []

    # === SEARCH === #

    @api.model
    def _find_slots(self, criteria):
        """Slots for checked criteria, ranked.

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
            # The card that the named one was merged into.
            "patient_id": criteria.patient_id and patient.id,
            "age_days": self._get_age_days(patient),
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
            "more": Json(criteria.more),
        }

    @api.model
    def _get_branches(self, criteria):
        """Branches of the user's companies that are looked at; of a key, its own."""
        domain = [("company_id", "in", self.env.companies.ids)]
        if self._is_api_client() and (own := self.env.user.sudo().clinic_branch_ids):
            domain.append(("id", "in", own.ids))
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
        patient = self.env["clinic.patient"].browse(criteria.patient_id)
        # What has been read of the card already is not read again.
        patient.fetch(["active", "birthdate", "sex", "merged_into_id", "deceased_on"])
        try:
            patient = patient._get_kept().filtered("active")
        except MissingError:
            patient = patient.browse()
        if not patient:
            raise UserError(self.env._("This patient is not known."))
        if patient.deceased_on:
            raise UserError(self.env._("This patient has died."))
        return patient

    @api.model
    def _get_age_days(self, patient):
        """First days of each age by the law of the country; None if unknown."""
        if not patient or not patient.birthdate:
            return None
        # The laws differ for one birthday only.
        leapling = (patient.birthdate.month, patient.birthdate.day) == (2, 29)
        country = self.env.company.country_id.code if leapling else None
        return get_age_days(patient.birthdate, country)

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
            "clinic.patient",
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
            "res.users",
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
        return {**self._export_leg(slot), "score": round(cost, 1)}

    @api.model
    def _export_leg(self, slot):
        return {
            "start": fields.Datetime.to_string(slot.start),
            "stop": fields.Datetime.to_string(slot.stop),
            "specialist_id": slot.specialist_id,
            "room_id": slot.place.room_id if slot.place else False,
            "branch_id": slot.branch_id,
            "service_id": slot.service_id,
        }

    @api.model
    def _get_demand_mixes(self, specialist_ids):
        """{specialist: [(minutes, weight)]} of the last 90 days, buffers included.

        A specialist without visits yet is asked for half-hours.
        """
        rows = fetch(
            self.env,
            ("clinic.appointment",),
            SQL(
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
                list(specialist_ids),
                self.env.cr.now() - timedelta(days=DEMAND_DAYS),
                self.env.cr.now(),
            ),
        )
        counts = defaultdict(dict)
        for specialist_id, minutes, count in rows:
            counts[specialist_id][minutes] = count
        mixes = defaultdict(lambda: [(30, 1.0)])
        for specialist_id, by_minutes in counts.items():
            total = sum(by_minutes.values())
            mixes[specialist_id] = [(m, n / total) for m, n in by_minutes.items()]
        return mixes
