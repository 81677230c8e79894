from dataclasses import replace
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from ...exceptions import SlotRefusedError
from ..engine.clinic_appointment_placing import ALTERNATIVES

# Sessions that one search looks at.
MAX_SESSIONS = 500


class ClinicAppointment(models.Model):
    """Places in group sessions: found, booked, held and moved like other visits."""

    _inherit = "clinic.appointment"

    # === SEARCH === #

    @api.model
    def _is_group(self, criteria):
        """Whether checked criteria ask for a service that is given in sessions."""
        groups = self.env["product.template"]._get_group_service_ids()
        return not groups.isdisjoint(criteria.service_ids)

    @api.model
    def _find_places(self, criteria):
        """Pairs of a session with a free place and its slot, the earliest first.

        The rules of the search hold for places too: age, sex, refusals, wishes, the
        patient's own visits and the roster. One statement per length of sessions.
        """
        sessions = self._search_sessions(criteria)
        found = {}
        for minutes, alike in sessions.grouped("duration").items():
            slots = self._find_slots(
                replace(
                    criteria,
                    group=True,
                    session_ids=tuple(alike.ids),
                    wanted=tuple({session.start for session in alike}),
                    duration=minutes,
                    limit=None,
                )
            )
            found |= self._match_sessions(alike, slots)
        pairs = [(session, found[session]) for session in sessions if session in found]
        return pairs[: criteria.limit]

    @api.model
    def _find_offers(self, criteria):
        """Slots that can be held for somebody who waits, single or in a session."""
        if self._is_group(criteria):
            return [slot for _session, slot in self._find_places(criteria)]
        return self._find_slots(criteria)

    @api.model
    def _search_sessions(self, criteria):
        domain = [
            ("state", "=", "planned"),
            ("service_id", "in", criteria.service_ids),
            ("telemedicine", "=", criteria.telemedicine),
            ("start", ">=", criteria.start),
            ("stop", "<=", criteria.stop),
            ("branch_id.company_id", "in", self.env.companies.ids),
        ]
        for field, ids in (
            ("specialist_id", criteria.specialist_ids),
            ("room_id", criteria.room_ids),
            ("room_id.department_id", criteria.department_ids),
            ("branch_id", criteria.branch_ids),
        ):
            if ids:
                domain.append((field, "in", ids))
        sessions = self.env["clinic.session"].search(domain, limit=MAX_SESSIONS)
        return sessions.filtered("places_left")

    @api.model
    def _match_sessions(self, sessions, slots):
        """{session: slot} of those whose own time and room the rules allow."""
        allowed = {}
        for slot in slots:
            rooms = {place.room_id for place in slot.places} or {False}
            key = (slot.service_id, slot.specialist_id, slot.branch_id, slot.start)
            allowed |= {(*key, room): slot for room in rooms}
        found = {}
        for session in sessions:
            who = (session.service_id.id, session.specialist_id.id)
            where = (session.branch_id.id, session.start, session.room_id.id)
            slot = allowed.get((*who, *where))
            if slot:
                found[session] = slot
        return found

    @api.model
    def _export_places(self, pairs):
        """Places as a client gets them: slots of a session that stands already."""
        return [
            {
                **self._export_leg(slot),
                "room_id": session.room_id.id,
                "score": 0.0,
                "session_id": session.id,
                "places_left": session.places_left,
            }
            for session, slot in pairs
        ]

    @api.model
    def _find_alternatives(self, criteria):
        if not criteria.session_ids:
            return super()._find_alternatives(criteria)
        start = max(criteria.now, min(criteria.wanted) - timedelta(hours=3))
        return self._export_places(
            self._find_places(
                replace(
                    criteria,
                    wanted=(),
                    session_ids=(),
                    specialist_ids=(),
                    room_ids=(),
                    start=start,
                    stop=start + timedelta(days=30),
                    limit=ALTERNATIVES,
                )
            )
        )

    @api.model
    def _find_other_places(self, session):
        """Sessions of the same service near one that is full, as of now."""
        with self._get_fresh_view() as fresh:
            return fresh._find_alternatives(
                fresh._parse_booking(session.with_env(fresh.env)._as_booking())
            )

    # === BOOKING === #

    @api.model
    def _book(self, vals):
        return super()._book(self._add_session(vals))

    @api.model
    def _hold(self, vals):
        return super()._hold(self._add_session(vals))

    @api.model
    def _add_session(self, vals):
        """``vals`` with what the session they name, or mean by its start, says."""
        groups = self.env["product.template"]._get_group_service_ids()
        session_id = self._parse_id(vals, "session_id")
        if session_id:
            session = self.env["clinic.session"].browse(session_id).exists()
        elif self._parse_id(vals, "service_id") in groups and not vals.get("hold_id"):
            session = self._search_session(
                vals["service_id"],
                self._parse_moment(vals, "start"),
                self._parse_id(vals, "specialist_id"),
            )
        else:
            return vals
        if session.branch_id.company_id not in self.env.companies:
            raise SlotRefusedError(
                self.env._("This service is given in groups: choose a session.")
            )
        return {**vals, **session._as_booking(), "overbook_reason": False}

    @api.model
    def _search_session(self, service_id, start, specialist_id=None):
        domain = [("service_id", "=", service_id), ("start", "=", start)]
        if specialist_id:
            domain.append(("specialist_id", "=", specialist_id))
        planned = [*domain, ("state", "=", "planned")]
        return self.env["clinic.session"].search(planned, limit=1)

    @api.model
    def _parse_booking(self, vals, ignored_ids=()):
        criteria = super()._parse_booking(vals, ignored_ids)
        if not vals.get("session_id"):
            return criteria
        return replace(criteria, session_ids=(vals["session_id"],), group=True)

    def _as_criteria(self, **changes):
        if self.group_session_id:
            changes = {**self.group_session_id._as_booking(), **changes}
        return super()._as_criteria(**changes)

    @api.model
    def _create_placed(self, criteria, vals, **state):
        if not criteria.session_ids:
            return super()._create_placed(criteria, vals, **state)
        visit = self._place(
            [criteria], lambda placing: self._create_seated(placing, vals, state)
        )
        visit._after_state_change(None, state["state"])
        return visit

    @api.model
    def _create_seated(self, placing, vals, state):
        """Visit at the first free place of the session."""
        [slot] = placing.find()
        session = self.env["clinic.session"].browse(vals["session_id"])
        prepared = {
            **self._prepare_appointment_vals(slot, None, vals),
            **session._prepare_seat_vals(),
            **self._prepare_state_vals(slot, state),
        }
        visit = session._take_place(
            lambda number: self._as_engine().create({**prepared, "seat": number})
        )
        visit._claim_occupancy()
        return visit.with_env(self.env)

    # === MOVING === #

    def _reschedule(self, start, specialist_id=None, room_id=None, duration=None):
        if not self.group_session_id:
            return super()._reschedule(start, specialist_id, room_id, duration)
        self._check_movable()
        session = self._search_session(
            self.service_id.id,
            self._parse_moment({"start": start}, "start"),
            specialist_id,
        )
        if not session:
            raise SlotRefusedError(
                self.env._("This service is given in groups: choose a session.")
            )
        old = self.start
        criteria = self._as_criteria(**session._as_booking())
        self._place([criteria], lambda placing: self._move_seated(placing, session))
        self._after_move(old)
        return True

    def _move_seated(self, placing, session):
        placing.find()
        vals = session._prepare_seat_vals()
        session._take_place(
            lambda number: self._as_engine().write({**vals, "seat": number})
        )
        self._sync_occupancy()

    def _swap(self, other):
        if (self | other).group_session_id:
            raise UserError(
                self.env._("A place in a group is moved to another session instead.")
            )
        return super()._swap(other)
