from collections import Counter
from datetime import timedelta

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from odoo.addons.clinic_base.tools.apart import apart
from odoo.addons.clinic_base.tools.walltime import DAY, to_utc, to_wall

KINDS = [("booked", "New"), ("moved", "Moved"), ("cancelled", "Cancelled")]
KEPT = timedelta(days=60)


class ClinicSpecialistNotice(models.Model):
    """One change of a visit that its specialist is told of by e-mail.

    Written with the change, gathered into one letter per specialist when it is due.
    The letter says how many and on which day: a mailbox is read by others too.
    """

    _name = "clinic.specialist.notice"
    _description = "Notice to a specialist"
    _order = "id"
    _rec_name = "key"

    specialist_id = fields.Many2one(
        "clinic.specialist", required=True, ondelete="restrict"
    )
    appointment_id = fields.Many2one(
        "clinic.appointment", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(KINDS, required=True)
    key = fields.Char(required=True)
    due_at = fields.Datetime(required=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("told", "Told"), ("dropped", "Too late")],
        required=True,
        default="waiting",
    )
    message_id = fields.Many2one(
        "clinic.message", index="btree_not_null", ondelete="restrict"
    )

    _key_once = models.UniqueIndex("(key)")
    _waiting = models.Index("(due_at) WHERE state = 'waiting'")

    @api.model
    def _note(self, specialist, kind, visits):
        """Write what ``specialist`` is to be told, in the transaction of the change.

        One statement; what has been noted already is left alone.
        """
        if specialist.tell_mail == "none" or not specialist.user_id.email_normalized:
            return
        rows = [
            {
                "appointment_id": visit.id,
                "key": f"{specialist.id}:{visit._get_message_key(kind)}",
                "due_at": fields.Datetime.to_string(self._get_due(specialist, visit)),
            }
            for visit in visits
        ]
        self.env.execute_query(
            SQL(
                """
                INSERT INTO clinic_specialist_notice (
                       specialist_id, appointment_id, kind, key, due_at, state,
                       create_uid, create_date, write_uid, write_date)
                SELECT %(specialist)s, appointment_id, %(kind)s, key, due_at,
                       'waiting', %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM jsonb_to_recordset(%(rows)s) AS row(
                       appointment_id int, key varchar, due_at timestamp)
                    ON CONFLICT (key) DO NOTHING
             RETURNING id
                """,
                specialist=specialist.id,
                kind=kind,
                rows=Json(rows),
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )

    @api.model
    def _get_due(self, specialist, visit):
        """Moment (UTC) of the letter: the next hour of letters, or now for today."""
        now, tz = self.env.cr.now(), visit.branch_id.tz
        today = to_wall(now, tz).date()
        if specialist.tell_mail == "today" and to_wall(visit.start, tz).date() == today:
            return now
        settings = self.env["clinic.schedule.settings"]._get(visit.branch_id)
        minute = settings.tell_hour * 60
        due = to_utc(today, minute, tz)
        return due if due > now else to_utc(today + DAY, minute, tz)

    # === CRON === #

    @api.model
    def _cron_tell(self):
        """Put the letters that are due into the outbox, one specialist after another.

        Each is committed by itself; one that fails never stops the rest.
        """
        cron = self.env["ir.cron"]
        while notices := self._find_due():
            with apart(notices) as attempt:
                notices._send()
            if attempt.failed:
                notices.state = "dropped"
            if not cron._commit_progress(len(notices)):
                return

    @api.model
    def _find_due(self):
        """All that is due for the specialist who has waited longest."""
        due = [("state", "=", "waiting"), ("due_at", "<=", self.env.cr.now())]
        first = self.search(due, order="due_at, id", limit=1)
        return self.search([*due, ("specialist_id", "=", first.specialist_id.id)])

    def _send(self):
        """One letter of ``self``; what is past by now is news no more."""
        now = self.env.cr.now()
        fresh = self.filtered(lambda notice: notice.appointment_id.start > now)
        (self - fresh).state = "dropped"
        user = self.specialist_id.user_id
        if not fresh or not user.email_normalized:
            fresh.state = "dropped"
            return
        fresh = fresh.with_context(lang=user.lang)
        branch = fresh.appointment_id.branch_id[:1]
        message = self.env["clinic.message"]._enqueue(
            "specialist",
            [
                {
                    "key": f"specialist:{self.specialist_id.id}:{min(fresh.ids)}",
                    "channel": "email",
                    "recipient": user.email_normalized,
                    "branch_id": branch.id,
                    "subject": fresh.env._("Changes in your visits"),
                    "body": fresh._get_text(),
                }
            ],
        )
        fresh.write({"state": "told", "message_id": message.id})

    def _get_text(self):
        """Days and numbers; who comes for what is seen after signing in."""
        lines = [
            self.env._(
                "%(day)s: new %(booked)s, moved %(moved)s, cancelled %(cancelled)s",
                day=format_date(self.env, day, date_format="d MMMM"),
                **{kind: counts[kind] for kind, _label in KINDS},
            )
            for day, counts in sorted(self._count_by_day().items())
        ]
        address = f"{self[:1].get_base_url()}/odoo/my-day"
        link = self.env._("Your day: %(address)s", address=address)
        return "\n".join([*lines, "", link])

    def _count_by_day(self):
        """{day of the visit in branch time: numbers by kind}."""
        days = {}
        for notice in self:
            visit = notice.appointment_id
            day = to_wall(visit.start, visit.branch_id.tz).date()
            days.setdefault(day, Counter())[notice.kind] += 1
        return days

    @api.autovacuum
    def _drop_old(self):
        """Technical rows: the letters themselves stay in the outbox."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM clinic_specialist_notice"
                " WHERE state <> 'waiting' AND create_date < %s",
                self.env.cr.now() - KEPT,
            )
        )
