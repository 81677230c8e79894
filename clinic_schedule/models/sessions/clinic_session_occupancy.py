from odoo import models
from odoo.tools import SQL

CLAIM = """
    INSERT INTO clinic_occupancy (
           role, resource_id, session_id, start, stop, kind, active, overbooked,
           create_uid, create_date, write_uid, write_date)
    SELECT need.role, need.resource_id, session.id,
           session.start - make_interval(mins => COALESCE(session.buffer_before, 0)),
           session.stop + make_interval(mins => COALESCE(session.buffer_after, 0)),
           'visit', TRUE, FALSE, %(uid)s, %(now)s, %(uid)s, %(now)s
      FROM clinic_session session
      JOIN clinic_specialist specialist ON specialist.id = session.specialist_id
      LEFT JOIN clinic_room room ON room.id = session.room_id
      LEFT JOIN clinic_device device ON device.id = session.device_id
     CROSS JOIN LATERAL (VALUES
           ('specialist', specialist.resource_id),
           ('room', room.resource_id),
           ('device', device.resource_id)
           ) need(role, resource_id)
     WHERE session.id = ANY(%(ids)s)
       AND session.state = 'planned'
       AND need.resource_id IS NOT NULL
        ON CONFLICT (session_id, role) WHERE appointment_id IS NULL AND kind = 'visit'
        DO UPDATE
       SET resource_id = EXCLUDED.resource_id,
           start = EXCLUDED.start,
           stop = EXCLUDED.stop,
           active = TRUE,
           write_uid = EXCLUDED.write_uid,
           write_date = EXCLUDED.write_date
"""

FREE = """
    UPDATE clinic_occupancy
       SET active = FALSE, write_uid = %(uid)s, write_date = %(now)s
     WHERE session_id = ANY(%(ids)s)
       AND appointment_id IS NULL
       AND kind = 'visit'
       AND active
"""


class ClinicSession(models.Model):
    """Occupancy of a session: its specialist, room and device, each once."""

    _inherit = "clinic.session"

    def _sync_occupancy(self):
        """Bring the rows of ``self`` in line with the sessions.

        :raises psycopg2.errors.ExclusionViolation: if the time is taken
        """
        self.flush_recordset()
        for statement in (FREE, CLAIM):
            self.env.cr.execute(
                SQL(statement, ids=self.ids, uid=self.env.uid, now=self.env.cr.now())
            )
        self.env["clinic.occupancy"].invalidate_model()
