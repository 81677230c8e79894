import logging
from datetime import timedelta

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL

from .clinic_message_template import CHANNELS, PURPOSES

_logger = logging.getLogger(__name__)

BATCH = 100
# A message that was being sent when its worker died: nobody knows what became of it.
SENDING_LASTS = timedelta(minutes=15)


class ClinicMessage(models.Model):
    """The only outbox: what patients are told, written with the change itself.

    A key makes a second sending impossible. Sending goes claim, commit, call with the
    key, commit; whatever happens in between shows as *uncertain* and is asked for by
    its key, never blindly sent again.
    """

    _name = "clinic.message"
    _description = "Message to a patient"
    _inherit = ["clinic.archive.mixin"]
    _order = "id desc"
    _rec_name = "purpose"

    patient_id = fields.Many2one(
        "clinic.patient", required=True, index=True, ondelete="restrict"
    )
    appointment_id = fields.Many2one(
        "clinic.appointment", index="btree_not_null", ondelete="restrict"
    )
    channel = fields.Selection(CHANNELS, readonly=True)
    purpose = fields.Selection(PURPOSES, required=True)
    key = fields.Char(required=True, readonly=True, copy=False)
    state = fields.Selection(
        [
            ("queued", "Queued"),
            ("sending", "Being sent"),
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("uncertain", "Uncertain"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="queued",
        readonly=True,
    )
    scheduled_at = fields.Datetime(required=True, default=fields.Datetime.now)
    values = fields.Json(readonly=True, help="For placeholders; nothing medical.")
    recipient = fields.Char(readonly=True)
    subject = fields.Char(readonly=True)
    body = fields.Text(readonly=True)
    gateway = fields.Char(readonly=True)
    gateway_ref = fields.Char(readonly=True, index="btree_not_null")
    error = fields.Char(readonly=True)
    sending_since = fields.Datetime(readonly=True)

    _key_once = models.Constraint("UNIQUE (key)", "This message exists already.")
    _waiting = models.Index("(scheduled_at) WHERE state IN ('queued', 'sending')")

    # === ENQUEUE === #

    @api.model
    def _enqueue(self, purpose, rows):
        """Write messages with the change that they tell of, in the same transaction.

        One statement, however many; texts are filled in when they are sent
        (:meth:`_fill`), which keeps bookings short. A key that exists already is left
        alone.

        :param rows: dicts of ``key``, ``patient_id``, and optionally
            ``appointment_id``, ``values`` (for placeholders, beside those of the
            appointment) and ``scheduled_at`` (naive UTC, not before this moment)
        :return: the new messages
        """
        now = fields.Datetime.to_string(self.env.cr.now())
        found = self.env.execute_query(
            SQL(
                """
                INSERT INTO clinic_message (
                       key, patient_id, appointment_id, purpose, state, scheduled_at,
                       values, active, create_uid, create_date, write_uid, write_date)
                SELECT key, patient_id, appointment_id, %(purpose)s, 'queued',
                       COALESCE(scheduled_at, %(now)s), values, TRUE,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM jsonb_to_recordset(%(rows)s) AS row(
                       key varchar, patient_id int, appointment_id int,
                       scheduled_at timestamp, values jsonb)
                    ON CONFLICT (key) DO NOTHING
             RETURNING id
                """,
                purpose=purpose,
                rows=Json(rows),
                uid=self.env.uid,
                now=now,
            )
        )
        return self.browse(row[0] for row in found)

    def _fill(self):
        """Channel, recipient and text of messages about to be sent.

        In the patient's language and by the channel that the patient prefers; one that
        cannot be sent to anybody is cancelled and says why.
        """
        for message in self:
            patient = message.patient_id
            channel = patient.preferred_channel
            recipient = message._get_recipient(channel)
            template = message._get_template(channel)
            if not (recipient and template):
                message.write({"state": "cancelled", "error": "No address or template"})
                continue
            subject, body = template._render(message._get_values())
            message.write(
                {
                    "channel": channel,
                    "recipient": recipient,
                    "subject": subject,
                    "body": body,
                }
            )

    def _get_values(self):
        """Values for the placeholders: the visit's, then the message's own."""
        visit = self.appointment_id
        return (visit._get_message_values(self.purpose) if visit else {}) | (
            self.values or {}
        )

    def _get_recipient(self, channel):
        """Number in E.164 form or address; False if the patient gave none."""
        patient = self.patient_id
        if channel == "sms":
            return patient.phone_ids[:1].number_e164 or patient.phone_sanitized
        if channel == "email":
            return patient.email_normalized
        return False

    def _get_template(self, channel):
        lang = self.patient_id.lang or self.env.lang
        return (
            self.env["clinic.message.template"]
            .with_context(lang=lang)
            .search(
                [("purpose", "=", self.purpose), ("channel", "=", channel)], limit=1
            )
        )

    # === SEND === #

    @api.model
    def _process_outbox(self):
        """Cron: send what is due, batch by batch; resumes after a kill."""
        self._mark_uncertain()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(self._get_due_domain()))
        while messages := self._claim_due():
            messages._fill()
            # Committed before the call: after a crash the message shows as uncertain.
            cron._commit_progress()
            for message in messages.filtered(lambda one: one.state == "sending"):
                message._send_one()
                if not cron._commit_progress(1):
                    return

    @api.model
    def _get_due_domain(self):
        return [("state", "=", "queued"), ("scheduled_at", "<=", self.env.cr.now())]

    @api.model
    def _claim_due(self):
        """Take a batch that no other worker has, and note that it is being sent."""
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE clinic_message
                   SET state = 'sending', sending_since = %(now)s
                 WHERE id IN (SELECT id FROM clinic_message
                               WHERE state = 'queued' AND scheduled_at <= %(now)s
                               ORDER BY scheduled_at, id
                               LIMIT %(batch)s
                                 FOR UPDATE SKIP LOCKED)
             RETURNING id
                """,
                now=fields.Datetime.now(),
                batch=BATCH,
            )
        )
        self.invalidate_model()
        return self.browse(row[0] for row in rows)

    def _send_one(self):
        """Hand the message over; one that fails never stops the rest."""
        try:
            result = self._call_gateway()
        except Exception as error:
            # What became of it is unknown, whatever went wrong.
            _logger.warning("Message %s: %s", self.id, type(error).__name__)
            result = {"state": "uncertain", "error": type(error).__name__}
        self.write(result)

    def _call_gateway(self):
        """Hook: send through a gateway that knows ``key``.

        :return: values of state (sent, delivered, failed or uncertain), gateway,
            gateway_ref and error. The built-in gateway keeps the message in the outbox.
        """
        self.ensure_one()
        return {"state": "sent", "gateway": "outbox"}

    @api.model
    def _mark_uncertain(self):
        """Messages whose worker died between the call and its result."""
        self.search(
            [
                ("state", "=", "sending"),
                ("sending_since", "<", fields.Datetime.now() - SENDING_LASTS),
            ]
        ).write({"state": "uncertain", "error": "Interrupted"})
