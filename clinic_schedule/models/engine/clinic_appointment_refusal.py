from dataclasses import replace
from datetime import timedelta

from odoo import api, models

from ...exceptions import SlotRefusedError, SlotTakenError
from ...tools.criteria import PERIOD, Person

ALTERNATIVES = 5
AROUND = timedelta(hours=3)


class ClinicAppointment(models.Model):
    """What the loser of a race is told, read on a fresh cursor.

    The snapshot of the loser's own transaction may still show the time as free.
    """

    _inherit = "clinic.appointment"

    @api.model
    def _prepare_refusal(self, criterias):
        """The error for starts that cannot be had, with a reason and the next best."""
        with self._get_fresh_view() as fresh:
            [seen] = self._as_seen_by(fresh, [self._as_told(criterias[0])])
            reason = fresh._explain(seen)
            slots = fresh._find_alternatives(seen)
        error = SlotTakenError if reason.taken else SlotRefusedError
        if self._is_api_client():
            return error(self._get_neutral_refusal(), slots)
        return error(reason.get_text(self.env), slots)

    @api.model
    def _get_neutral_refusal(self):
        return self.env._("This time cannot be booked. Choose another one.")

    @api.model
    def _as_told(self, criteria):
        """``criteria`` as a refusal may speak of them: to a key, of nobody."""
        if not self._is_api_client():
            return criteria
        return replace(criteria, patient_id=None, person=None)

    @api.model
    def _find_lately_free(self, criterias):
        """The next best starts as of now; nobody has to wait for reading."""
        with self._get_fresh_view() as fresh:
            [seen] = self._as_seen_by(fresh, [self._as_told(criterias[0])])
            return fresh._find_alternatives(seen)

    @api.model
    def _find_other_places(self, session):
        """Sessions of the same service near one that is full, as of now."""
        with self._get_fresh_view() as fresh:
            return fresh._find_alternatives(
                fresh._get_booking_criteria(session.with_env(fresh.env)._as_booking())
            )

    @api.model
    def _as_seen_by(self, fresh, criterias):
        """``criterias`` for a fresh view, which shows no card made just now.

        Such a patient has no visits yet: age and sex are all that matters of them.
        """
        patients = self.env["clinic.patient"].browse(
            {one.patient_id for one in criterias if one.patient_id}
        )
        known = set(patients.with_env(fresh.env).exists().ids)
        persons = {
            patient.id: Person(patient.birthdate or None, patient.sex or None)
            for patient in patients.exists()
            if patient.id not in known
        }
        return [
            replace(one, patient_id=None, person=persons[one.patient_id])
            if one.patient_id in persons
            else one
            for one in criterias
        ]

    @api.model
    def _find_alternatives(self, criteria):
        """The next best starts for criteria that wanted exact ones, as exported."""
        start = max(criteria.now, min(criteria.wanted) - AROUND)
        near = replace(
            criteria,
            wanted=(),
            start=start,
            stop=start + PERIOD,
            limit=ALTERNATIVES,
            overbook=False,
        )
        if not criteria.session_ids:
            return self._export_slots(self._find_slots(near))
        # Whose session it is, and where, matters less than that there is a place.
        anywhere = replace(near, session_ids=(), specialist_ids=(), room_ids=())
        return self._export_places(self._find_places(anywhere))
