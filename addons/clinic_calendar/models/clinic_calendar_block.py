from odoo import api, fields, models
from odoo.tools import SQL

from .calendar_event import BLOCKS

BATCH = 200

# Numbers of sessions whose block is missing, differs or has to go. A group session is
# one block, however many places are taken in it.
DIFFERENCES = """
    WITH wanted AS (
        SELECT visit.session_id, specialist.user_id, visit.start, visit.stop
          FROM clinic_appointment visit
          JOIN clinic_specialist specialist ON specialist.id = visit.specialist_id
         WHERE visit.state IN ('booked', 'confirmed', 'arrived', 'in_progress')
           AND visit.group_session_id IS NULL
           AND visit.stop > %(now)s
         UNION ALL
        SELECT session.id, specialist.user_id, session.start, session.stop
          FROM clinic_session session
          JOIN clinic_specialist specialist ON specialist.id = session.specialist_id
         WHERE session.state = 'planned'
           AND session.stop > %(now)s
    ),
    shown AS (
        SELECT block.id, block.session_id, event.id AS event_id, event.user_id,
               event.start, event.stop
          FROM clinic_calendar_block block
          LEFT JOIN calendar_event event ON event.id = block.event_id AND event.active
         WHERE block.stop > %(now)s
    )
    SELECT shown.id, shown.event_id, wanted.session_id, wanted.user_id,
           wanted.start, wanted.stop
      FROM (SELECT wanted.*
              FROM wanted
              JOIN res_users owner ON owner.id = wanted.user_id AND owner.active
           ) wanted
      FULL JOIN shown ON shown.session_id = wanted.session_id
     WHERE shown.event_id IS NULL
        OR wanted.session_id IS NULL
        OR (shown.user_id, shown.start, shown.stop)
           IS DISTINCT FROM (wanted.user_id, wanted.start, wanted.stop)
     ORDER BY COALESCE(wanted.start, shown.start)
     LIMIT %(batch)s
"""


class ClinicCalendarBlock(models.Model):
    """Which event of a specialist's calendar shows which visit.

    Blocks are compared and written by a job of their own: a booking never waits for
    the calendar, and nothing of a patient or a service gets there. The job compares the
    whole future, so it resumes after a kill and mends what was changed by hand.
    """

    _name = "clinic.calendar.block"
    _description = "Visit in a specialist's calendar"

    session_id = fields.Integer(
        required=True, readonly=True, help="Number of the visit's session."
    )
    event_id = fields.Integer(required=True, readonly=True, index=True)
    stop = fields.Datetime(required=True, readonly=True, index=True)

    _once = models.UniqueIndex("(session_id)")

    @api.model
    def _cron_sync(self):
        """Show, move and remove blocks, batch by batch."""
        cron = self.env["ir.cron"]
        while differences := self._get_differences():
            self._apply(differences)
            if not cron._commit_progress(len(differences)):
                break

    @api.model
    def _get_differences(self):
        """Rows of :data:`DIFFERENCES` as dicts, the soonest first."""
        for model in (
            "calendar.event",
            "clinic.appointment",
            "clinic.session",
            "clinic.specialist",
        ):
            self.env[model].flush_model()
        self.flush_model()
        self.env.cr.execute(SQL(DIFFERENCES, now=self.env.cr.now(), batch=BATCH))
        return self.env.cr.dictfetchall()

    @api.model
    def _apply(self, differences):
        outdated = [row for row in differences if row["id"]]
        self._get_events(row["event_id"] for row in outdated).unlink()
        # Derived rows without a history of their own.
        self.browse(row["id"] for row in outdated).unlink()
        wanted = [row for row in differences if row["session_id"]]
        events = self._get_events(()).create(
            [self._prepare_event_vals(row) for row in wanted]
        )
        self.create(
            [
                {
                    "session_id": row["session_id"],
                    "event_id": event.id,
                    "stop": row["stop"],
                }
                for row, event in zip(wanted, events, strict=True)
            ]
        )

    @api.model
    def _get_events(self, ids):
        """Events, quiet: no mail, no reminder, no trace, and no meeting for us."""
        return (
            self.env["calendar.event"]
            .with_context(
                clinic_blocks=BLOCKS,
                active_test=False,
                dont_notify=True,
                mail_create_nolog=True,
                mail_create_nosubscribe=True,
                no_mail_to_attendees=True,
                skip_contact_description=True,
                tracking_disable=True,
            )
            .browse(one for one in ids if one)
        )

    @api.model
    def _prepare_event_vals(self, row):
        """A private busy block: it says when, and nothing else.

        The specialist stands in ``partner_ids``, which is what their calendar is
        filtered by; nobody is invited.
        """
        user = self.env["res.users"].browse(row["user_id"])
        return {
            "name": self.with_context(lang=user.lang).env._("Visit"),
            "start": row["start"],
            "stop": row["stop"],
            "user_id": user.id,
            "partner_ids": [fields.Command.set(user.partner_id.ids)],
            "attendee_ids": [fields.Command.clear()],
            "alarm_ids": [fields.Command.clear()],
            "privacy": "private",
            "show_as": "busy",
        }
