from dataclasses import replace

from odoo import api, models

from odoo.addons.clinic_base.tools.payload import Payload

# Sessions that one search looks at.
MAX_SESSIONS = 500


class ClinicAppointment(models.Model):
    """Places in group sessions: searched for, and meant by what somebody books."""

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

    # === BOOKING === #

    @api.model
    def _with_session(self, vals):
        """``vals`` with what the session they name, or mean by its start, says.

        :raises SlotRefusedError: the service is given in groups, and there is none
        """
        sessions = self.env["clinic.session"]
        payload = Payload(self.env, vals)
        service_id = payload.get_id("service_id")
        if session_id := payload.get_id("session_id"):
            session = sessions.browse(session_id).exists()
        elif service_id in self.env["product.template"]._get_group_service_ids():
            session = sessions._find_at(
                service_id, vals.get("start"), payload.get_id("specialist_id")
            )
        else:
            return vals
        if session.branch_id.company_id not in self.env.companies:
            raise sessions._prepare_absence()
        return {**vals, **session._as_booking(), "overbook_reason": False}
