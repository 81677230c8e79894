from odoo import api, models
from odoo.tools import SQL

from ...tools.states import TAKING_TIME

# What a visit takes: the buffers belong to the specialist and the place, not to the
# patient. A patient who is a specialist is taken as one too: a person is in one place.
# What a group visit takes of the specialist and the room is its session's.
NEEDS = """
      FROM clinic_appointment visit
      JOIN clinic_specialist specialist ON specialist.id = visit.specialist_id
      LEFT JOIN clinic_room room ON room.id = visit.room_id
      LEFT JOIN clinic_device device ON device.id = visit.device_id
      LEFT JOIN LATERAL (
           SELECT own.resource_id
             FROM clinic_patient patient
             JOIN res_users login ON login.partner_id = patient.partner_id
             JOIN clinic_specialist own ON own.user_id = login.id
            WHERE patient.id = visit.patient_id
            LIMIT 1
           ) own ON TRUE
     CROSS JOIN LATERAL (
           SELECT visit.start - make_interval(mins => COALESCE(visit.buffer_before, 0)),
                  visit.stop + make_interval(mins => COALESCE(visit.buffer_after, 0))
           ) wide(start, stop)
     CROSS JOIN LATERAL (VALUES
           ('specialist', specialist.resource_id, NULL::int, wide.start, wide.stop,
            visit.overbook_reason IS NOT NULL),
           ('room', room.resource_id, NULL, wide.start, wide.stop, FALSE),
           ('device', device.resource_id, NULL, wide.start, wide.stop, FALSE),
           ('patient', NULL, visit.patient_id, visit.start, visit.stop, FALSE),
           ('person', own.resource_id, NULL, visit.start, visit.stop, FALSE)
           %(more)s
           ) need(role, resource_id, patient_id, start, stop, overbooked)
     WHERE visit.id = ANY(%(ids)s)
       AND visit.state = ANY(%(taking)s)
       AND (need.resource_id IS NOT NULL OR need.patient_id IS NOT NULL)
       AND (visit.group_session_id IS NULL OR need.role IN ('patient', 'person'))
"""

CLAIM = """
    INSERT INTO clinic_occupancy (
           appointment_id, role, resource_id, patient_id, session_id, start, stop,
           kind, active, expires_at, overbooked, overbook_reason, overbook_user_id,
           create_uid, create_date, write_uid, write_date)
    SELECT visit.id, need.role, need.resource_id, need.patient_id, visit.session_id,
           need.start, need.stop,
           CASE WHEN visit.state = 'hold' THEN 'hold' ELSE 'visit' END,
           TRUE,
           CASE WHEN visit.state = 'hold' THEN visit.expires_at END,
           need.overbooked,
           CASE WHEN need.overbooked THEN visit.overbook_reason END,
           CASE WHEN need.overbooked THEN visit.overbook_user_id END,
           %(uid)s, %(now)s, %(uid)s, %(now)s
    %(needs)s
        ON CONFLICT (appointment_id, role) DO UPDATE
       SET resource_id = EXCLUDED.resource_id,
           patient_id = EXCLUDED.patient_id,
           session_id = EXCLUDED.session_id,
           start = EXCLUDED.start,
           stop = EXCLUDED.stop,
           kind = EXCLUDED.kind,
           active = TRUE,
           expires_at = EXCLUDED.expires_at,
           overbooked = EXCLUDED.overbooked,
           overbook_reason = EXCLUDED.overbook_reason,
           overbook_user_id = EXCLUDED.overbook_user_id,
           write_uid = EXCLUDED.write_uid,
           write_date = EXCLUDED.write_date
"""

FREE = """
    UPDATE clinic_occupancy
       SET active = FALSE, write_uid = %(uid)s, write_date = %(now)s
     WHERE appointment_id = ANY(%(ids)s)
       AND active
       AND (appointment_id, role) NOT IN (SELECT visit.id, need.role %(needs)s)
"""


class ClinicAppointment(models.Model):
    """Occupancy of a visit: one row for each resource, and one for the patient."""

    _inherit = "clinic.appointment"

    def _sync_occupancy(self):
        """Bring the rows of ``self`` in line with the visits, whatever has changed.

        :raises psycopg2.errors.ExclusionViolation: if the time is taken
        """
        self._write_occupancy(FREE)
        self._write_occupancy(CLAIM)

    def _claim_occupancy(self):
        """Write the rows of new visits.

        :raises psycopg2.errors.ExclusionViolation: if the time is taken
        """
        self._write_occupancy(CLAIM)

    def _after_patient_moved(self, _old):
        """Cards were merged: whose time it is may have changed with the person."""
        self._sync_occupancy()

    @api.model
    def _get_taking_states(self):
        """Door: states in which a visit takes its time, for states that are added."""
        return TAKING_TIME

    @api.model
    def _get_more_claims(self):
        """Door: SQL rows of what a visit takes beside what every visit takes.

        Each reads ``('role', resource_id, NULL, wide.start, wide.stop, FALSE)`` and may
        speak of ``visit`` and ``specialist``; no row is written where the resource is
        NULL. The role is added to the selection of ``clinic.occupancy``.

        :return: list of str
        """
        return []

    def _write_occupancy(self, statement):
        self.flush_recordset()
        ids = self.ids
        taking = sorted(self._get_taking_states())
        more = SQL().join(SQL(f", {row}") for row in self._get_more_claims())
        self.env.cr.execute(
            SQL(
                statement,
                needs=SQL(NEEDS, more=more, ids=ids, taking=taking),
                ids=ids,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        self.env["clinic.occupancy"].invalidate_model()
