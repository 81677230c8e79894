from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.clinic_base.tools.statements import fetch
from odoo.addons.clinic_base.tools.walltime import DAY, day_bounds, to_utc, to_wall

BATCH = 200
# Whoever hears of the visit so shortly before needs no reminder of it.
JUST_TOLD = timedelta(hours=12)
# Too late to remind: the patient is on the way, or will not come.
SHORTEST_NOTICE = timedelta(hours=2)


class ClinicAppointment(models.Model):
    """Reminders of coming visits."""

    _inherit = "clinic.appointment"

    @api.model
    def _cron_remind(self):
        """Remind of coming visits, batch by batch; resumes after a kill.

        After a downtime the reminders that still make sense are written once; they
        wait for the morning like all others.
        """
        cron = self.env["ir.cron"]
        for branch in self.env["clinic.branch"].search([("tz", "!=", False)]):
            while visits := self._find_to_remind(branch):
                for purpose, some in visits.grouped(_get_purpose).items():
                    some._notify_patient(purpose)
                if not cron._commit_progress(len(visits), remaining=0):
                    return

    @api.model
    def _find_to_remind(self, branch):
        """Visits of ``branch`` whose hour of reminding has come; a batch of them."""
        settings = self.env["clinic.schedule.settings"]._get(branch)
        now = self.env.cr.now()
        today = to_wall(now, branch.tz).date()
        for ahead in range(settings.remind_days + 1):
            day = today + DAY * ahead
            reminded_at = to_utc(
                day - DAY * settings.remind_days, settings.remind_hour * 60, branch.tz
            )
            if now < reminded_at:
                break
            first, last = day_bounds(day, branch.tz)
            first = max(first, now + SHORTEST_NOTICE)
            if visits := self._find_unreminded(branch, first, last, reminded_at):
                return visits
        return self.browse()

    @api.model
    def _find_unreminded(self, branch, first, last, reminded_at):
        rows = fetch(
            self.env,
            ("clinic.appointment", "clinic.message"),
            SQL(
                """
                SELECT visit.id
                  FROM clinic_appointment visit
                 WHERE visit.branch_id = %(branch)s
                   AND visit.state IN ('booked', 'confirmed')
                   AND visit.patient_id IS NOT NULL
                   AND visit.start >= %(first)s AND visit.start < %(last)s
                   AND NOT EXISTS (
                       SELECT FROM clinic_message told
                        WHERE told.appointment_id = visit.id
                          AND (told.purpose IN ('reminder', 'prepare')
                               AND split_part(told.key, ':', 4)
                                   = COALESCE(visit.move_count, 0)::text
                            OR told.purpose IN ('booked', 'moved', 'series', 'offer')
                               AND told.create_date > %(lately)s))
                 ORDER BY visit.start, visit.id
                 LIMIT %(limit)s
                """,
                branch=branch.id,
                first=first,
                last=last,
                lately=reminded_at - JUST_TOLD,
                limit=BATCH,
            ),
        )
        return self.browse(row[0] for row in rows)


def _get_purpose(visit):
    """One message, not two, where something has to be prepared."""
    return "prepare" if visit.service_id.preparation_text else "reminder"
