from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.tools.payload import Payload
from odoo.addons.clinic_base.tools.walltime import DAY, to_wall

from .clinic_appointment_board import VISIT_FIELDS, Board

DAY_KEYS = {"branch_id", "day", "specialist_id", "ids"}
MOMENTS = ("arrived_at", "called_at")
# A day of a branch lies within so much of the same day in UTC.
AROUND = 2 * DAY


class ClinicAppointment(models.Model):
    """A day in the order of time: for the reception, and for one specialist."""

    _inherit = "clinic.appointment"

    @api.model
    @api.readonly
    def get_reception(self, criteria):
        """Today's visits of a branch, as the user may see them.

        :param criteria: ``branch_id``; ``day`` ('YYYY-MM-DD' in branch time, today if
            left out); ``ids`` (only these visits; those that are not in the answer have
            left the day)
        :return: dict of ``version``, ``now`` (UTC), ``tz``, ``day``, ``may_reverse``;
            ``visits`` (list of dicts as on the board, with ``arrived_at`` and
            ``called_at``, UTC or False); ``patients`` ({id: {name, card, phone}});
            ``services`` and ``specialists`` ({id: name}); ``rooms``
        """
        self.check_access("read")
        return DayList(self, criteria).read()

    @api.model
    @api.readonly
    def get_specialist_day(self, criteria):
        """The day of one specialist where they receive, as the user may see it.

        :param criteria: as for :meth:`get_reception`, with ``specialist_id`` (the
            user's own if left out); without ``branch_id``, where the specialist
            receives on that day
        :return: as :meth:`get_reception`, with ``shifts``, ``absences``, ``buttons``,
            ``branch_id``, ``specialist_id``, and ``places`` (branches of the day); or
            False for a user who is no specialist and asks for none
        """
        self.check_access("read")
        payload = Payload(self.env, criteria, DAY_KEYS)
        specialist_id = payload.get_id("specialist_id")
        if not specialist_id:
            own = [("user_id", "=", self.env.uid)]
            specialist_id = self.env["clinic.specialist"].search(own, limit=1).id
        if not specialist_id:
            return False
        places = self._find_day_places(specialist_id, criteria.get("day"))
        branch_id = payload.get_id("branch_id") or places[:1].id
        day = DayList(
            self,
            {**criteria, "specialist_id": specialist_id, "branch_id": branch_id},
        )
        return {
            "shifts": day.read_shifts(),
            **day.read(),
            "absences": day.read_absences(),
            "branch_id": branch_id,
            "specialist_id": specialist_id,
            "places": [{"id": place.id, "name": place.name} for place in places],
            "buttons": self._get_day_buttons(),
        }

    @api.model
    def _find_day_places(self, specialist_id, day):
        """Branches where the specialist receives on ``day``; the first one otherwise.

        In the order of time; without a day, today's by the clock of each branch.
        """
        now = self.env.cr.now()
        around = fields.Datetime.to_datetime(day) or now
        shifts = self.env["clinic.shift"].search_fetch(
            [
                ("specialist_id", "=", specialist_id),
                ("stop", ">", around - AROUND),
                ("start", "<", around + AROUND),
            ],
            ["branch_id", "start"],
            order="start, id",
        )

        def is_on_the_day(shift):
            tz = shift.branch_id.tz
            return str(to_wall(shift.start, tz).date()) == (
                day or str(to_wall(now, tz).date())
            )

        branches = shifts.filtered(is_on_the_day).branch_id
        return branches or self.env["clinic.branch"].search([], limit=1)

    @api.model
    def _get_day_buttons(self):
        """Hook: what else can be done with a visit of the day, if the user may.

        :return: list of dicts: ``method`` of a visit, which may return an action,
            ``label``, ``icon`` ('fa-…')
        """
        return []


class DayList(Board):
    """One reading of a day with the rights of ``appointments.env``."""

    def __init__(self, appointments, criteria):
        criteria = dict(Payload(appointments.env, criteria, DAY_KEYS).values)
        self.ids = criteria.pop("ids", None)
        if not criteria.get("day"):
            criteria["day"] = self._get_today(appointments, criteria)
        super().__init__(appointments, criteria)
        if self.ids is not None:
            self.ids = self.parse_ids(self.ids)

    @staticmethod
    def _get_today(appointments, criteria):
        """:raises UserError: without a branch that the user may see"""
        payload = Payload(appointments.env, criteria)
        branch = appointments.env["clinic.branch"].search_fetch(
            [("id", "=", payload.get_id("branch_id"))], ["tz"]
        )
        if not branch:
            raise UserError(appointments.env._("Choose a branch."))
        return str(to_wall(appointments.env.cr.now(), branch.tz).date())

    def find_visits(self, domain=()):
        if self.ids is not None:
            domain = [*domain, ("id", "in", self.ids)]
        shown = (self.appointments._get_taking_states() | {"no_show"}) - {"hold"}
        return self.appointments.search_fetch(
            [
                *domain,
                ("branch_id", "=", self.branch.id),
                ("state", "in", sorted(shown)),
                *self._get_time_domain(),
            ],
            [*VISIT_FIELDS, *MOMENTS],
            order="start, id",
        )

    def read(self):
        visits = self.find_visits()
        rows = self.read_visits(visits)
        for visit, row in zip(visits, rows, strict=True):
            for moment in MOMENTS:
                row[moment] = fields.Datetime.to_string(visit[moment])
        return {
            "now": fields.Datetime.to_string(self.env.cr.now()),
            "tz": self.tz,
            "day": str(self.first),
            "visits": rows,
            **self.read_names(),
            "patients": self.read_patients(),
            "rooms": self.read_rooms(),
            "may_reverse": self.appointments._is_chief(),
        }

    def read_patients(self):
        """What patients are found by; phones are empty for who may not see them."""
        patients = self.env["clinic.patient"].with_context(active_test=False)
        return {
            row["id"]: {
                "name": row["name"],
                "card": row["card_number"],
                "phone": row["phone"] or "",
            }
            for row in patients.search_read(
                [("id", "in", list(self.patient_ids))],
                ["name", "card_number", "phone"],
                load=None,
            )
        }
