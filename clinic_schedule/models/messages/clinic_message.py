from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL

from .clinic_message_template import CHANNELS, PURPOSES

# Why a message did not go out, or nobody knows whether it did.
REASONS = [
    ("no_address", "No address"),
    ("of_age", "Only a relative's telephone, and the patient is of age"),
    ("unwanted", "The patient wants no messages"),
    ("no_template", "No template"),
    ("late", "Too late"),
    ("changed", "The visit has changed"),
    ("broken", "The text cannot be filled in"),
    ("interrupted", "Sending was interrupted"),
    ("unreached", "Gateway not reached"),
    ("refused", "Refused by the gateway"),
    ("uncertain", "No clear answer from the gateway"),
    ("restored", "Waited when the database was restored"),
]


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
        "clinic.patient",
        index=True,
        ondelete="restrict",
        help="Empty only for what Odoo itself sends to somebody who is no patient.",
    )
    appointment_id = fields.Many2one(
        "clinic.appointment", index="btree_not_null", ondelete="restrict"
    )
    branch_id = fields.Many2one(
        "clinic.branch",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Whose night is kept and whose gateway sends, where there is no visit.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        index=True,
        help="Of the visit or the branch; without either, of whoever sends it.",
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
    reason = fields.Selection(REASONS, readonly=True)
    error = fields.Char(readonly=True, string="Code of the error")
    cost = fields.Float(readonly=True, digits=(12, 4))

    _key_once = models.Constraint("UNIQUE (key)", "This message exists already.")
    _somebody = models.Constraint(
        "CHECK (patient_id IS NOT NULL OR recipient IS NOT NULL)",
        "A message goes to somebody.",
    )
    _waiting = models.Index("(scheduled_at) WHERE state IN ('queued', 'sending')")
    _by_recipient = models.Index("(recipient, sending_since) WHERE channel = 'sms'")

    @api.depends("appointment_id", "branch_id")
    def _compute_company_id(self):
        for message in self:
            branch = message.appointment_id.branch_id or message.branch_id
            message.company_id = (
                branch.company_id or message.company_id or self.env.company
            )

    # === ENQUEUE === #

    @api.model
    def _enqueue(self, purpose, rows):
        """Write messages with the change that they tell of, in the same transaction.

        One statement, however many; texts are filled in when they are sent
        (:meth:`_fill`), which keeps bookings short. A key that exists already is left
        alone.

        :param rows: dicts of ``key``, ``patient_id``, and optionally
            ``appointment_id``, ``branch_id``, ``company_id`` (where there is neither;
            the present one by default), ``values`` (for placeholders, beside those of
            the appointment) and ``scheduled_at`` (naive UTC as text, not
            before this moment); or ``channel``, ``recipient`` and ``body`` of a text
            that is written already
        :return: the new messages
        """
        now = fields.Datetime.to_string(self.env.cr.now())
        found = self.env.execute_query(
            SQL(
                """
                INSERT INTO clinic_message (
                       key, patient_id, appointment_id, purpose, state, scheduled_at,
                       values, branch_id, channel, recipient, body, resend_of_id,
                       company_id,
                       active, create_uid, create_date, write_uid, write_date)
                SELECT key, patient_id, appointment_id, %(purpose)s, 'queued',
                       COALESCE(scheduled_at, %(now)s), values, branch_id, channel,
                       recipient, body, resend_of_id,
                       COALESCE((SELECT visit.company_id
                                   FROM clinic_appointment visit
                                  WHERE visit.id = row.appointment_id),
                                (SELECT branch.company_id
                                   FROM clinic_branch branch
                                  WHERE branch.id = row.branch_id),
                                row.company_id, %(company)s),
                       TRUE, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM jsonb_to_recordset(%(rows)s) AS row(
                       key varchar, patient_id int, appointment_id int,
                       scheduled_at timestamp, values jsonb, branch_id int,
                       channel varchar, recipient varchar, body text,
                       resend_of_id int, company_id int)
                    ON CONFLICT (key) DO NOTHING
             RETURNING id
                """,
                purpose=purpose,
                rows=Json(rows),
                uid=self.env.uid,
                company=self.env.company.id,
                now=now,
            )
        )
        return self.browse(row[0] for row in found)

    def _fill(self):
        """Channel, recipient and text of a message about to be sent.

        In the patient's language and by the channel that the patient prefers; one that
        cannot be sent to anybody is cancelled and says why.
        """
        self.ensure_one()
        if self.body:
            return True
        channel = self.patient_id.preferred_channel
        if channel == "none":
            return self._drop("unwanted")
        recipient = self._get_recipient(channel)
        if not recipient:
            only_theirs = channel == "sms" and self.patient_id.phone_ids
            return self._drop("of_age" if only_theirs else "no_address")
        template = self._get_template(channel)
        if not template:
            return self._drop("no_template")
        subject, body = template._render(self._get_values(channel))
        return self.write(
            {
                "channel": channel,
                "recipient": recipient,
                "subject": subject,
                "body": body,
            }
        )

    def _drop(self, reason):
        """Not sent, and never will be; says why."""
        return self.write({"state": "cancelled", "reason": reason})

    def _get_values(self, channel):
        """Values for the placeholders: the visit's, then the message's own."""
        visit = self.appointment_id
        values = visit._get_message_values(self.purpose) if visit else {}
        if channel == "sms" and self._get_branch().company_id._takes_sms_replies():
            lang = self.patient_id.lang or self.env.lang
            values["reply"] = self.with_context(lang=lang)._get_reply_hint()
        return values | (self.values or {})

    @api.model
    def _get_reply_hint(self):
        """How to answer; see :func:`..tools.sms_answers.read_answer`."""
        return self.env._("Or answer this message: 1 = yes, 2 = no.")

    def _get_recipient(self, channel):
        """Number in E.164 form or address; False if the patient gave none."""
        patient = self.patient_id
        if channel == "sms":
            told = patient.phone_ids._filtered_tellable()
            # The card's number is one of these, where there are any.
            known = not patient.phone_ids and patient.phone_sanitized
            return told[:1].number_e164 or known
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
