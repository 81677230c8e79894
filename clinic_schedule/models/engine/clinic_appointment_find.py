from odoo import api, models

from odoo.addons.clinic_base.tools.public_methods import open_to

from .clinic_appointment_api import SEARCH_KEYS
from .clinic_appointment_rights import API_GROUP


class ClinicAppointment(models.Model):
    """The search as clients call it: single visits, trips and places in sessions."""

    _inherit = "clinic.appointment"

    @open_to(API_GROUP)
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
            {start, stop, waiting, legs}: minutes between the visits, and each leg as
            above without a score; for a service that is given in sessions, those with
            free places, with ``session_id`` and ``places_left``
        :raises UserError: if a criterion is unknown or makes no sense
        :raises AccessError: without the right to book
        """
        self._check_may_search()
        self._check_api_keys(criteria, SEARCH_KEYS | self._get_public_criteria())
        # Checked just above. The answer names times and places, never patients.
        self = self.sudo()
        parsed = self._get_criteria(criteria)
        if len(parsed.service_ids) > 1:
            return self._find_trips(parsed)
        if self._is_group(parsed):
            return self._export_places(self._find_places(parsed))
        return self._export_slots(self._find_slots(parsed))
