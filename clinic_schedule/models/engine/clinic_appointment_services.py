from dataclasses import replace

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.clinic_base.tools.age import get_age
from odoo.addons.clinic_base.tools.payload import Payload
from odoo.addons.clinic_base.tools.walltime import to_wall

PAGE = 20
MAX_PAGE = 100
MAX_WORDS = 6
# Where the words of a search may stand, from a line of a specialist's services.
SEARCHED = (
    "product_id.name",
    "product_id.clinic_specialty_id.name",
    "specialist_id.name",
    "specialist_id.specialty_ids.name",
)
WISH_KEYS = {
    "text",
    "specialty_ids",
    "service_ids",
    "specialist_ids",
    "room_ids",
    "branch_ids",
    "patient_id",
    "payment_source_id",
    "telemedicine",
    "date_from",
    "date_to",
    "offset",
    "limit",
}
CRITERIA_OF_WISH = WISH_KEYS - {
    "text",
    "specialty_ids",
    "service_ids",
    "offset",
    "limit",
}


class ClinicAppointment(models.Model):
    """What can be done where, by whom, when and for how much: the desk's one page."""

    _inherit = "clinic.appointment"

    @api.model
    @api.readonly
    def find_services(self, wish):
        """Services with those who give them, and the nearest time in each branch.

        As many statements for a hundred services as for one, but for what prices take.

        :param dict wish: all optional: ``text`` (words of a service, a specialty or a
            specialist, in any order), ``specialty_ids``, ``service_ids``,
            ``specialist_ids``, ``room_ids``, ``branch_ids``, ``patient_id``,
            ``payment_source_id``, ``telemedicine``, ``date_from``, ``date_to`` as for
            :meth:`find_slots`; ``offset``, ``limit`` (services, 20)
        :return: {total, branches: [{id, name, tz}], services: [{id, name, specialty,
            is_group, specialists: [{id, name, minutes, why, times}]}]}; times are slots
            as of :meth:`find_slots` with ``price`` ({amount, reason} or False); without
            any, ``why`` says in words what is the matter
        :raises AccessError: without the right to book, and for other sites
        """
        self._check_may_search()
        # What one patient pays is no business of another site.
        self._refuse_api_client()
        return Catalogue(self, Payload(self.env, wish, WISH_KEYS)).read()


class Catalogue:
    """One reading of the list of services.

    Services and specialists are read with the rights of the user; free time, which
    names no patient, and prices without them.
    """

    def __init__(self, appointments, wish):
        self.env = appointments.env
        # The caller has checked the right to search.
        self.appointments = appointments.sudo()
        self.wish = wish
        self.limit = wish.get_int("limit", 1, MAX_PAGE) or PAGE
        self.offset = wish.get_int("offset", 0, 100_000) or 0
        self.criteria = self.appointments._get_criteria(
            {key: wish.values.get(key) for key in CRITERIA_OF_WISH},
            service_ids=(),
            limit=None,
        )
        self.branches = self.appointments._get_branches(self.criteria)
        self.patient = self.appointments._get_patient(self.criteria)
        self.profiled = self.find_profiled()

    def read(self):
        """See :meth:`ClinicAppointment.find_services`."""
        services, total = self.find_page()
        lines = self.find_lines(services)
        slots = self.find_times(services)
        prices = self.get_prices([slot for slot, _place in slots.values()])
        lengths = self.find_lengths(services)
        described = [
            self.describe(service, lines.get(service, ()), slots, prices, lengths)
            for service in services
        ]
        return {
            "total": total,
            "branches": [
                {"id": branch.id, "name": branch.name, "tz": branch.tz}
                for branch in self.branches
            ],
            "services": [service for service in described if service["specialists"]],
        }

    # === CATALOGUE === #

    def get_domain(self):
        """Lines of specialists' services that the wish speaks of."""
        wish = self.wish
        domain = Domain("product_id.is_clinic_service", "=", True)
        domain &= Domain("product_id.active", "=", True)
        domain &= Domain("specialist_id.active", "=", True)
        for key, path in (
            ("specialty_ids", "product_id.clinic_specialty_id"),
            ("service_ids", "product_id"),
            ("specialist_ids", "specialist_id"),
        ):
            if ids := wish.get_ids(key):
                domain &= Domain(path, "in", ids)
        if self.criteria.telemedicine:
            domain &= Domain("product_id.telemedicine_ok", "=", True)
        for word in str(wish.values.get("text") or "").split()[:MAX_WORDS]:
            domain &= Domain.OR(Domain(path, "ilike", word) for path in SEARCHED)
        return domain & self.get_presence_domain()

    def get_presence_domain(self):
        """Who works in the branches or rooms that are asked for."""
        criteria = self.criteria
        if not criteria.branch_ids and not criteria.room_ids:
            return Domain.TRUE
        shifts = Domain("start", "<", criteria.stop) & Domain(
            "stop", ">", criteria.start
        )
        shifts &= Domain("branch_id", "in", self.branches.ids)
        if criteria.room_ids:
            shifts &= Domain("room_id", "in", [*criteria.room_ids, False])
        working = self.appointments.env["clinic.shift"]._read_group(
            shifts, ["specialist_id"]
        )
        return Domain("specialist_id", "in", [one.id for (one,) in working])

    def find_page(self):
        """The services of the asked page by specialty and name, and how many in all."""
        lines = self.env["clinic.specialist.service"]
        groups = lines._read_group(self.get_domain(), ["product_id"])
        services = self.env["product.product"].search_fetch(
            [("id", "in", [service.id for (service,) in groups])],
            ["name", "clinic_specialty_id", "is_group"],
            order="clinic_specialty_id, name, id",
            offset=self.offset,
            limit=self.limit,
        )
        return services, len(groups)

    def find_lines(self, services):
        """{service: lines of those who give it}."""
        lines = self.env["clinic.specialist.service"].search_fetch(
            self.get_domain() & Domain("product_id", "in", services.ids),
            ["product_id", "specialist_id"],
        )
        return lines.grouped("product_id")

    # === TIMES === #

    def split(self, services):
        """Criteria for single visits and for places in groups, where there are any."""
        groups = services.filtered("is_group")
        for kind, is_group in ((services - groups, False), (groups, True)):
            if kind:
                yield replace(
                    self.criteria, service_ids=tuple(kind.ids), group=is_group
                )

    def find_times(self, services):
        """{(service, specialist, branch): (nearest slot, its place as exported)}."""
        found = {}
        for criteria in self.split(services):
            if criteria.group:
                pairs = self.appointments._find_places(criteria)
                exported = self.appointments._export_places(pairs)
                slots = [slot for _session, slot in pairs]
            else:
                slots = self.appointments._find_nearest(criteria)
                exported = [self.appointments._export_leg(slot) for slot in slots]
            for slot, place in zip(slots, exported, strict=True):
                key = (slot.service_id, slot.specialist_id, slot.branch_id)
                found.setdefault(key, (slot, place))
        return found

    def find_lengths(self, services):
        """{(service, specialist): minutes} for those who may receive the patient."""
        lengths = {}
        for criteria in self.split(services):
            lengths |= self.appointments._find_lengths(criteria)
        return lengths

    # === PRICES === #

    def get_prices(self, slots):
        """{key of :meth:`get_price_key`: quote}; each different price is asked once."""
        drafts = {}
        for slot in slots:
            key = self.get_price_key(slot)
            if key not in drafts:
                drafts[key] = self.appointments.new(
                    {
                        "patient_id": self.criteria.patient_id,
                        "service_id": slot.service_id,
                        "specialist_id": slot.specialist_id,
                        "branch_id": slot.branch_id,
                        "start": slot.start,
                        "stop": slot.stop,
                        "payment_source_id": self.criteria.payment_source_id,
                    }
                )
        visits = self.appointments.concat(*drafts.values())
        quotes = visits._prepare_quotes()
        return {key: quotes[visit] for key, visit in drafts.items()}

    def find_profiled(self):
        """{(service, specialist)} for which the patient has a profile of their own."""
        if not self.patient:
            return set()
        profiles = self.appointments.env["clinic.visit.profile"].search_fetch(
            [("patient_id", "=", self.patient.id)], ["service_id", "specialist_id"]
        )
        return {(one.service_id.id, one.specialist_id.id) for one in profiles}

    def get_price_key(self, slot):
        """What a price hangs on: on the specialist only by a profile."""
        pair = (slot.service_id, slot.specialist_id)
        day = to_wall(slot.start, slot.tz).date()
        return (slot.service_id, slot.branch_id, day, pair in self.profiled and pair)

    # === ANSWER === #

    def describe(self, service, lines, slots, prices, lengths):
        """A service as a client gets it, the specialist with the nearest time first."""
        specialists = []
        for line in lines:
            specialist = line.specialist_id
            times = []
            for branch in self.branches:
                if found := slots.get((service.id, specialist.id, branch.id)):
                    slot, place = found
                    price = prices[self.get_price_key(slot)]
                    times.append({**place, "price": price})
            if self.criteria.room_ids and not times:
                continue
            minutes = lengths.get((service.id, specialist.id), 0)
            specialists.append(
                {
                    "id": specialist.id,
                    "name": specialist.name,
                    "minutes": minutes,
                    "why": not times and self.explain(specialist, minutes),
                    "times": times,
                }
            )
        specialists.sort(key=get_urgency)
        return {
            "id": service.id,
            "name": service.name,
            "specialty": service.clinic_specialty_id.name or "",
            "is_group": service.is_group,
            "specialists": specialists,
        }

    def explain(self, specialist, minutes):
        """Why ``specialist`` has no time; 0 ``minutes``: does not receive."""
        born = self.patient and self.patient.birthdate
        country = self.appointments.env.company.country_id.code
        age = get_age(born, self.criteria.start.date(), country) if born else None
        sex = self.patient.sex
        if minutes:
            why = self.env._("No free time")
        elif age is not None and not specialist.min_age <= age <= specialist.max_age:
            why = self.env._(
                "Receives from %(youngest)s to %(oldest)s years",
                youngest=specialist.min_age,
                oldest=specialist.max_age,
            )
        elif sex and specialist.accepted_sex not in ("any", sex):
            why = self.env._("Receives patients of the other sex")
        else:
            why = self.env._("Does not receive this patient")
        return why


def get_urgency(specialist):
    """Order of specialists: the nearest time, then the name; nobody without time."""
    starts = [time["start"] for time in specialist["times"]]
    return (not starts, min(starts, default=""), specialist["name"])
