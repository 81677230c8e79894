import logging
from datetime import timedelta

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
    channel = fields.Selection(CHANNELS, required=True)
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
    recipient = fields.Char(required=True)
    subject = fields.Char()
    body = fields.Text(required=True)
    gateway = fields.Char(readonly=True)
    gateway_ref = fields.Char(readonly=True, index="btree_not_null")
    error = fields.Char(readonly=True)
    sending_since = fields.Datetime(readonly=True)

    _key_once = models.Constraint("UNIQUE (key)", "This message exists already.")
    _waiting = models.Index("(scheduled_at) WHERE state IN ('queued', 'sending')")

    # === ENQUEUE === #

    @api.model
    def _enqueue(self, patient, purpose, key, values, appointment=None, at=None):
        """Write a message with the change that it tells of, in the same transaction.

        Nothing is written for a patient who wants none or cannot be reached, nor when
        the key exists already.

        :param values: dict for the template's placeholders
        :param at: not before this moment (naive UTC); now by default
        :return: the message, or an empty recordset
        """
        channel = patient.preferred_channel
        recipient = self._get_recipient(patient, channel)
        template = self._get_template(patient, purpose, channel)
        if not (recipient and template):
            return self.browse()
        subject, body = template._render(values)
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO clinic_message (
                       patient_id, appointment_id, channel, purpose, key, state,
                       scheduled_at, recipient, subject, body, active,
                       create_uid, create_date, write_uid, write_date)
                VALUES (%(patient)s, %(appointment)s, %(channel)s, %(purpose)s, %(key)s,
                       'queued', %(at)s, %(recipient)s, %(subject)s, %(body)s, TRUE,
                       %(uid)s, %(now)s, %(uid)s, %(now)s)
                    ON CONFLICT (key) DO NOTHING
                RETURNING id
                """,
                patient=patient.id,
                appointment=appointment.id if appointment else None,
                channel=channel,
                purpose=purpose,
                key=key,
                at=at or self.env.cr.now(),
                recipient=recipient,
                subject=subject or None,
                body=body,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        return self.browse(row[0] for row in rows)

    @api.model
    def _get_recipient(self, patient, channel):
        """Number in E.164 form or address; False if the patient gave none."""
        if channel == "sms":
            return patient.phone_ids[:1].number_e164 or patient.phone_sanitized
        if channel == "email":
            return patient.email_normalized
        return False

    @api.model
    def _get_template(self, patient, purpose, channel):
        template = self.env["clinic.message.template"].with_context(lang=patient.lang)
        return template.search(
            [("purpose", "=", purpose), ("channel", "=", channel)], limit=1
        )

    # === SEND === #

    @api.model
    def _process_outbox(self):
        """Cron: send what is due, batch by batch; resumes after a kill."""
        self._mark_uncertain()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(self._get_due_domain()))
        while messages := self._claim_due():
            # Committed before the call: after a crash the message shows as uncertain.
            cron._commit_progress()
            for message in messages:
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
