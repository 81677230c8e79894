import re

import psycopg2.errors

from odoo import api, models

from ...exceptions import BookingBusyError, NotFreeError
from ...tools.patience import Deadline
from .placing import choose_placing

ROOM_TRIES = 5


class ClinicAppointment(models.Model):
    """Attempts to place visits."""

    _inherit = "clinic.appointment"

    @api.model
    def _place(self, criterias, write, ignoring=None):
        """Result of ``write(placing)``, run inside a savepoint.

        A room that somebody has just taken is not the patient's worry: another one is
        tried, unless that very room was asked for.

        :param write: called with a placing, once for every attempt
        :param ignoring: visits whose own time counts as free
        :raises SlotTakenError, SlotRefusedError: with the next best starts
        """
        try:
            return self._try_to_place(criterias, write, ignoring)
        except NotFreeError as error:
            raise self._prepare_refusal(criterias) from error

    @api.model
    def _try_to_place(self, criterias, write, ignoring=None):
        """As :meth:`_place`, for callers that look for other times themselves.

        :raises NotFreeError: with the wanted starts that cannot be had; all of them
            where a race was lost
        :raises BookingBusyError: somebody else has not finished; with the next best
        """
        taken, deadline = set(), Deadline()
        kind = choose_placing(criterias[0].session_ids)
        for _attempt in range(ROOM_TRIES):
            placing = kind(self.browse(), criterias, ignoring, taken, deadline)
            try:
                with self._giving_up_soon():
                    return write(placing)
            except BookingBusyError as error:
                raise self._prepare_busy(self._find_lately_free(criterias)) from error
            except psycopg2.errors.UniqueViolation:
                break
            except psycopg2.errors.ExclusionViolation as error:
                resource_id = self._get_taken_resource(error)
                if resource_id not in placing.chosen_resources or any(
                    one.room_ids for one in criterias
                ):
                    break
                taken |= {resource_id} | self._find_lately_taken(criterias, placing)
        raise NotFreeError([start for one in criterias for start in one.wanted])

    @api.model
    def _get_taken_resource(self, error):
        """Id of the resource that an exclusion constraint found taken.

        The detail reads "Key (resource_id, …)=(12, …) conflicts …" in the language of
        the server; the values keep their place.
        """
        if error.diag.constraint_name != "clinic_occupancy_resource_no_overlap":
            return None
        values = re.search(r"=\((\d+),", error.diag.message_detail or "")
        return int(values[1]) if values else None

    @api.model
    def _find_lately_taken(self, criterias, placing):
        """Resources of rooms that were taken since this transaction's snapshot."""
        with self._get_fresh_view() as fresh:
            seen = self._as_seen_by(fresh, criterias)
            slots = [slot for one in seen for slot in fresh._find_slots(one)]
        free = {place.room_resource_id for slot in slots for place in slot.places}
        return placing.offered_resources - free
