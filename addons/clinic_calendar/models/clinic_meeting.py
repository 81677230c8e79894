import psycopg2.errors
from psycopg2.extensions import TransactionRollbackError

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.clinic_schedule.models.engine.placing import (
    LOCK_SPECIALIST,
)
from odoo.addons.clinic_schedule.tools.patience import RESET

# Whoever saves a meeting waits no longer for a booking; a job catches up.
BRIEFLY = "SET LOCAL lock_timeout = '1s'; SET LOCAL statement_timeout = '2s'"

# Busy time of specialists in Odoo's calendar. Time off cuts shifts instead, and the
# blocks that show visits there are no meetings. An event of whole days is a date
# without a zone: it takes the specialist's own days.
WANTED = """
    WITH busy AS (
        SELECT event.id, event.user_id,
               event.allday, event.start, event.stop, event.start_date, event.stop_date
          FROM calendar_event event
         WHERE event.active
           AND event.show_as = 'busy'
           AND event.stop > %(now)s - interval '2 days'
           AND (%(event_ids)s IS NULL OR event.id = ANY(%(event_ids)s))
           AND NOT EXISTS (SELECT FROM hr_leave WHERE meeting_id = event.id)
           AND NOT EXISTS (SELECT FROM clinic_calendar_block
                            WHERE event_id = event.id)
    ),
    concerned AS (
        SELECT attendee.event_id, attendee.partner_id
          FROM calendar_attendee attendee
          JOIN busy ON busy.id = attendee.event_id
         WHERE attendee.state = 'accepted'
         UNION
        SELECT busy.id, organizer.partner_id
          FROM busy
          JOIN res_users organizer ON organizer.id = busy.user_id
         WHERE NOT EXISTS (SELECT FROM calendar_attendee attendee
                            WHERE attendee.event_id = busy.id
                              AND attendee.partner_id = organizer.partner_id)
    )
    SELECT busy.id, specialist.id, span.start, span.stop
      FROM busy
      JOIN concerned ON concerned.event_id = busy.id
      JOIN res_partner partner ON partner.id = concerned.partner_id
      JOIN res_users owner ON owner.partner_id = partner.id AND owner.active
      JOIN clinic_specialist specialist
        ON specialist.user_id = owner.id AND specialist.active
     CROSS JOIN LATERAL (SELECT COALESCE(partner.tz, 'UTC')) zone(tz)
     CROSS JOIN LATERAL (
           SELECT CASE WHEN busy.allday
                       THEN busy.start_date::timestamp AT TIME ZONE zone.tz
                            AT TIME ZONE 'UTC'
                       ELSE date_trunc('minute', busy.start) END,
                  CASE WHEN busy.allday
                       THEN (busy.stop_date + 1)::timestamp AT TIME ZONE zone.tz
                            AT TIME ZONE 'UTC'
                       ELSE date_trunc('minute', busy.stop + interval '59 seconds') END
           ) span(start, stop)
     WHERE span.stop > %(now)s
       AND span.stop > span.start
"""

# What is free of a meeting. All meetings of a specialist share one session number, the
# negative id, so that they may overlap each other, but nothing else.
TAKE = """
    INSERT INTO clinic_occupancy (
           role, resource_id, session_id, meeting_id, start, stop, kind, active,
           overbooked, create_uid, create_date, write_uid, write_date)
    SELECT 'specialist', specialist.resource_id, -specialist.id, meeting.id,
           lower(free), upper(free), 'meeting', TRUE,
           FALSE, %(uid)s, %(now)s, %(uid)s, %(now)s
      FROM clinic_meeting meeting
      JOIN clinic_specialist specialist ON specialist.id = meeting.specialist_id
     CROSS JOIN LATERAL (
           SELECT COALESCE(range_agg(tsrange(taken.start, taken.stop)), '{}')
             FROM clinic_occupancy taken
            WHERE taken.active
              AND taken.resource_id = specialist.resource_id
              AND taken.session_id <> -specialist.id
              AND taken.start < meeting.stop
              AND taken.stop > meeting.start
           ) others(spans)
     CROSS JOIN LATERAL unnest(
           tsmultirange(tsrange(meeting.start, meeting.stop)) - others.spans) free
     WHERE meeting.id = ANY(%(ids)s)
       AND meeting.active
"""

COMPARE = """
    UPDATE clinic_meeting meeting
       SET collides = meeting.active AND EXISTS (
           SELECT FROM clinic_occupancy taken
             JOIN clinic_specialist specialist
               ON specialist.id = meeting.specialist_id
              AND specialist.resource_id = taken.resource_id
            WHERE taken.active
              AND taken.kind <> 'meeting'
              AND taken.start < meeting.stop
              AND taken.stop > meeting.start)
     WHERE meeting.id = ANY(%(ids)s)
"""


class ClinicMeeting(models.Model):
    """An accepted busy meeting of a specialist: it takes what is free of its time.

    The rest, where visits stand, is reported. Only the number of the calendar event is
    kept: neither its subject nor anybody in it.
    """

    _name = "clinic.meeting"
    _description = "Meeting of a specialist"
    _order = "start, id"

    event_id = fields.Integer(required=True, readonly=True, index=True)
    specialist_id = fields.Many2one(
        "clinic.specialist", required=True, readonly=True, ondelete="restrict"
    )
    start = fields.Datetime(required=True, readonly=True)
    stop = fields.Datetime(required=True, readonly=True)
    active = fields.Boolean(required=True, default=True, readonly=True)
    collides = fields.Boolean(
        required=True,
        default=False,
        readonly=True,
        help="Visits stand in the time of the meeting: move them.",
    )
    visit_count = fields.Integer(string="Visits", compute="_compute_visit_count")

    _once = models.UniqueIndex("(event_id, specialist_id)")
    _colliding = models.Index("(stop) WHERE active AND collides")

    @api.depends("specialist_id")
    def _compute_display_name(self):
        for meeting in self:
            meeting.display_name = self.env._("Meeting %(id)s", id=meeting.id)

    def _compute_visit_count(self):
        visits = self.env["clinic.appointment"].search_fetch(
            fields.Domain.OR(meeting._get_visits_domain() for meeting in self),
            ["specialist_id", "start", "stop"],
        )
        for meeting in self:
            meeting.visit_count = len(
                visits.filtered_domain(meeting._get_visits_domain())
            )

    def _get_visits_domain(self):
        taking = self.env["clinic.appointment"]._get_taking_states()
        return [
            ("specialist_id", "=", self.specialist_id.id),
            ("state", "in", sorted(taking)),
            ("start", "<", self.stop),
            ("stop", ">", self.start),
        ]

    def action_open_visits(self):
        """The visits that stand in the time of the meeting."""
        self.check_access("read")
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "clinic_schedule.clinic_appointment_action"
        )
        return {**action, "domain": self._get_visits_domain(), "context": {}}

    # === SYNCHRONISATION === #

    @api.model
    def _sync_safely(self, event_ids=None):
        """Follow the calendar now if possible, else in a transaction of its own.

        Saving a meeting never fails because of a visit, nor because of another
        transaction at the same moment, and waits for none of them long.
        """
        self._try(lambda meetings: meetings._sync(event_ids))

    @api.model
    def _retake(self):
        """Time of visits has become free: meetings under them take it."""
        # Whoever cancels a visit need not know of meetings.
        colliding = self.sudo().search(
            [("collides", "=", True), ("stop", ">", self.env.cr.now())]
        )
        if colliding:
            self._try(lambda _meetings: colliding._occupy())

    @api.model
    def _try(self, call):
        # Meetings are saved by people without any clinic role.
        meetings = self.sudo()
        try:
            with self.env.cr.savepoint():
                self.env.cr.execute(BRIEFLY)
                call(meetings)
                self.env.cr.execute(RESET)
        except (
            psycopg2.errors.LockNotAvailable,
            psycopg2.errors.QueryCanceled,
            psycopg2.errors.ExclusionViolation,
            psycopg2.errors.UniqueViolation,
            TransactionRollbackError,
        ):
            cron = self.env.ref("clinic_calendar.ir_cron_sync_meetings", False)
            if cron:
                # The engine wakes its own job; no role may touch jobs.
                cron.sudo()._trigger()

    @api.model
    def _sync(self, event_ids=None):
        """Bring meetings and their occupancy in line with the calendar.

        :param event_ids: ids of ``calendar.event``, also deleted ones; None for all
            that are still to come
        :raises psycopg2.errors.ExclusionViolation: somebody was faster
        """
        wanted = self._get_wanted(event_ids)
        domain = [("stop", ">", self.env.cr.now())]
        if event_ids is not None:
            domain = [("event_id", "in", event_ids)]
        known = {
            (meeting.event_id, meeting.specialist_id.id): meeting
            for meeting in self.with_context(active_test=False).search(domain)
        }
        changed = self.browse()
        for key, meeting in known.items():
            vals = wanted.get(key) or {"active": False}
            if any(meeting[name] != value for name, value in vals.items()):
                meeting.write(vals)
                changed |= meeting
        changed |= self.create(
            [
                {"event_id": event_id, "specialist_id": specialist_id, **vals}
                for (event_id, specialist_id), vals in wanted.items()
                if (event_id, specialist_id) not in known
            ]
        )
        colliding = self.browse(
            meeting.id for meeting in known.values() if meeting.collides
        )
        (changed | colliding)._occupy()

    @api.model
    def _get_wanted(self, event_ids):
        """{(event, specialist): values} of what the calendar says."""
        for model in (
            "calendar.event",
            "calendar.attendee",
            "clinic.calendar.block",
            "clinic.specialist",
            "hr.leave",
            "res.partner",
            "res.users",
        ):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(WANTED, event_ids=event_ids, now=self.env.cr.now())
        )
        return {
            (event_id, specialist_id): {"start": start, "stop": stop, "active": True}
            for event_id, specialist_id, start, stop in rows
        }

    def _occupy(self):
        """Write the occupancy of ``self`` anew, and note what collides."""
        if not self:
            return
        self.flush_model()
        params = {"ids": self.ids, "uid": self.env.uid, "now": self.env.cr.now()}
        self.env.cr.execute(
            """
            SELECT pg_advisory_xact_lock(%s, id)
              FROM unnest(%s::int[]) AS id
            """,
            [LOCK_SPECIALIST, sorted(self.specialist_id.ids)],
        )
        # Derived rows without a history of their own.
        self.env.cr.execute(
            "DELETE FROM clinic_occupancy WHERE meeting_id = ANY(%s)", [self.ids]
        )
        self.env.cr.execute(SQL(TAKE, **params))
        self.env.cr.execute(SQL(COMPARE, ids=self.ids))
        self.env["clinic.occupancy"].invalidate_model()
        self.invalidate_model(["collides"])

    @api.model
    def _cron_sync(self):
        """Catch up with whatever a calendar has changed on any path."""
        self._sync()
