from datetime import timedelta

from psycopg2.extras import Json

from odoo import fields, models
from odoo.tools import SQL

from .clinic_appointment import TAKING_TIME


class ClinicAppointment(models.Model):
    """Occupancy of a visit: one row for each resource, and one for the patient."""

    _inherit = "clinic.appointment"

    def _sync_occupancy(self):
        """Write the rows of ``self`` in one statement, whatever has changed.

        :raises psycopg2.errors.ExclusionViolation: if the time is taken
        """
        if not self:
            return
        self.flush_recordset()
        rows = [row for visit in self for row in visit._prepare_occupancy_rows()]
        self._free_occupancy(kept=rows)
        if rows:
            self._upsert_occupancy(rows)
        self.env["clinic.occupancy"].invalidate_model()

    def _prepare_occupancy_rows(self):
        """Rows that the visit needs now: dicts of columns, none if it takes no time."""
        self.ensure_one()
        if self.state not in TAKING_TIME:
            return []
        before = self.start - timedelta(minutes=self.buffer_before)
        after = self.stop + timedelta(minutes=self.buffer_after)
        owners = [
            ("specialist", self.specialist_id, before, after),
            ("room", self.room_id, before, after),
            ("device", self.device_id, before, after),
            ("patient", self.patient_id, self.start, self.stop),
        ]
        return [
            self._prepare_occupancy_row(role, owner, start, stop)
            for role, owner, start, stop in owners
            if owner
        ]

    def _prepare_occupancy_row(self, role, owner, start, stop):
        is_patient = role == "patient"
        overbooked = role == "specialist" and bool(self.overbook_reason)
        is_hold = self.state == "hold"
        return {
            "appointment_id": self.id,
            "role": role,
            "resource_id": None if is_patient else owner.resource_id.id,
            "patient_id": owner.id if is_patient else None,
            "session_id": self.session_id,
            "start": fields.Datetime.to_string(start),
            "stop": fields.Datetime.to_string(stop),
            "kind": "hold" if is_hold else "visit",
            "expires_at": fields.Datetime.to_string(self.expires_at) if is_hold else None,
            "overbooked": overbooked,
            "overbook_reason": self.overbook_reason if overbooked else None,
            "overbook_user_id": self.overbook_user_id.id if overbooked else None,
        }

    def _free_occupancy(self, kept):
        """Free the rows of ``self`` that are not among ``kept``."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE clinic_occupancy
                   SET active = FALSE
                 WHERE active
                   AND appointment_id = ANY(%s)
                   AND (appointment_id, role) NOT IN (
                       SELECT * FROM unnest(%s::int[], %s::varchar[]))
                """,
                self.ids,
                [row["appointment_id"] for row in kept],
                [row["role"] for row in kept],
            )
        )

    def _upsert_occupancy(self, rows):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO clinic_occupancy (
                       appointment_id, role, resource_id, patient_id, session_id,
                       start, stop, kind, active, expires_at, overbooked,
                       overbook_reason, overbook_user_id,
                       create_uid, create_date, write_uid, write_date)
                SELECT row.appointment_id, row.role, row.resource_id, row.patient_id,
                       row.session_id, row.start, row.stop, row.kind, TRUE,
                       row.expires_at, row.overbooked, row.overbook_reason,
                       row.overbook_user_id,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM jsonb_populate_recordset(NULL::clinic_occupancy, %(rows)s) row
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
                """,
                rows=Json(rows),
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
