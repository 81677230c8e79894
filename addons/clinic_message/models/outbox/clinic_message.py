from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL


class ClinicMessage(models.Model):
    """The only outbox: what patients are told, written with the change itself.

    A key makes a second sending impossible. Sending goes claim, commit, call with the
    key, commit; whatever happens in between shows as *uncertain* and is asked for by
    its key, never blindly sent again. Without a gateway a message is *unsent*, which a
    person may send on later.
    """

    _name = "clinic.message"
    _description = "Message to a patient"
    _inherit = ["clinic.archive.mixin", "clinic.message.purpose.mixin"]
    _order = "id desc"
    _rec_name = "purpose"

    patient_id = fields.Many2one(
        "clinic.patient",
        index=True,
        ondelete="restrict",
        help="Empty only for what is sent to somebody who is no patient.",
    )
    branch_id = fields.Many2one(
        "clinic.branch",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Whose night is kept and whose gateway sends.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        index=True,
        help="Of the branch; without one, of whoever sends it.",
    )
    channel = fields.Selection(readonly=True)
    key = fields.Char(required=True, readonly=True, copy=False)
    state = fields.Selection(
        [
            ("queued", "Queued"),
            ("sending", "Being sent"),
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("unsent", "Not sent: no gateway"),
            ("uncertain", "Uncertain"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="queued",
        readonly=True,
    )
    scheduled_at = fields.Datetime(
        required=True, default=lambda self: self.env.cr.now()
    )
    values = fields.Json(readonly=True, help="For placeholders; nothing medical.")
    recipient = fields.Char(readonly=True)
    subject = fields.Char(readonly=True)
    body = fields.Text(readonly=True)
    gateway = fields.Char(readonly=True)
    gateway_ref = fields.Char(readonly=True, index="btree_not_null")
    # Why it did not go out, or nobody knows whether it did.
    reason = fields.Selection(
        [
            ("no_address", "No address"),
            ("of_age", "Only a relative's telephone, and the patient is of age"),
            ("unwanted", "The patient wants no messages"),
            ("departed", "The patient has left or died"),
            ("no_template", "No template"),
            ("late", "Too late"),
            ("gone", "What it was written for is no longer installed"),
            ("broken", "The text cannot be filled in"),
            ("interrupted", "Sending was interrupted"),
            ("unreached", "Gateway not reached"),
            ("refused", "Refused by the gateway"),
            ("uncertain", "No clear answer from the gateway"),
            ("restored", "Waited when the database was restored"),
        ],
        readonly=True,
    )
    error = fields.Char(readonly=True, string="Code of the error")
    cost = fields.Float(readonly=True, digits=(12, 4))

    _key_once = models.Constraint("UNIQUE (key)", "This message exists already.")
    _somebody = models.Constraint(
        "CHECK (patient_id IS NOT NULL OR recipient IS NOT NULL)",
        "A message goes to somebody.",
    )
    _waiting = models.Index("(scheduled_at) WHERE state IN ('queued', 'sending')")
    _by_recipient = models.Index("(recipient, sending_since) WHERE channel = 'sms'")

    @api.depends("branch_id")
    def _compute_company_id(self):
        for message in self:
            message.company_id = (
                message._get_home().company_id or message.company_id or self.env.company
            )

    def _get_home(self):
        """Hook: the branch that the message speaks of; empty if it speaks of none."""
        return self.branch_id

    # === ENQUEUE === #

    @api.model
    def _enqueue(self, purpose, rows):
        """Write messages with the change that they tell of, in the same transaction.

        One statement, however many; texts are filled in when they are sent
        (:meth:`_fill`), which keeps the change short. A key that exists already is left
        alone.

        :param rows: dicts of ``key``, ``patient_id``, and optionally ``branch_id``,
            ``company_id`` (where there is no branch; the present one by default),
            ``values`` (for placeholders) and ``scheduled_at`` (naive UTC as text, not
            before this moment); or ``channel``, ``recipient``, ``subject`` and ``body``
            of a text that is written already. More by :meth:`_get_row_columns`
        :return: the new messages
        """
        now = fields.Datetime.to_string(self.env.cr.now())
        columns = self._get_row_columns()
        found = self.env.execute_query(
            SQL(
                """
                INSERT INTO clinic_message (
                       purpose, state, active, create_uid, create_date, write_uid,
                       write_date, scheduled_at, company_id, %(columns)s)
                SELECT %(purpose)s, 'queued', TRUE, %(uid)s, %(now)s, %(uid)s,
                       %(now)s, COALESCE(row.scheduled_at, %(now)s),
                       COALESCE((SELECT branch.company_id
                                   FROM clinic_branch branch
                                  WHERE branch.id = row.branch_id),
                                row.company_id, %(company)s),
                       %(columns)s
                  FROM jsonb_to_recordset(%(rows)s) AS row(
                       scheduled_at timestamp, company_id int, %(typed)s)
                    ON CONFLICT (key) DO NOTHING
             RETURNING id
                """,
                purpose=purpose,
                columns=SQL(", ").join(map(SQL.identifier, columns)),
                typed=SQL(", ").join(map(self._get_typed_column, columns)),
                rows=Json(rows),
                uid=self.env.uid,
                company=self.env.company.id,
                now=now,
            )
        )
        messages = self.browse(row[0] for row in found)
        if messages and self.env["clinic.quiet"]._is_catching_up():
            messages._set_rewritten_aside()
        return messages

    @api.model
    def _get_row_columns(self):
        """Hook: stored fields that rows of :meth:`_enqueue` bring as they are."""
        return [
            "key",
            "patient_id",
            "branch_id",
            "values",
            "channel",
            "recipient",
            "subject",
            "body",
            "resend_of_id",
        ]

    def _get_typed_column(self, name):
        kind = self._fields[name].column_type[0]
        return SQL("%s %s", SQL.identifier(name), SQL.identifier(kind))

    # === TEXT === #

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

    def _is_written(self):
        """Whether the text came with the message, rather than from a template."""
        return self.purpose == "other" or not self.patient_id

    def _drop(self, reason):
        """Not sent, and never will be; says why."""
        return self.write({"state": "cancelled", "reason": reason})

    def _filtered_waiting(self):
        """Those of ``self`` that may still go out and are not on their way."""
        return self.filtered(lambda message: message.state in ("queued", "unsent"))

    def _lose_purpose(self):
        self._filtered_waiting()._drop("gone")
        return super()._lose_purpose()

    def _get_values(self, channel):
        """Values for the placeholders: the usual ones, then the message's own."""
        return self._get_usual_values(channel) | (self.values or {})

    def _get_usual_values(self, channel):
        """Hook: what any message may say; neutral, in the patient's language."""
        message = self.with_context(lang=self._get_lang())
        branch = message._get_home()
        values = {
            "patient_first_name": message.patient_id.first_name or "",
            "branch": branch.name or "",
            "address": (branch and branch._get_address_line()) or "",
            "phone": branch.phone or "",
        }
        if channel == "sms" and self.company_id._takes_sms_replies():
            values["reply"] = message._get_reply_hint()
        return values

    def _get_lang(self):
        return self.patient_id.lang or self.env.lang or "en_US"

    @api.model
    def _get_reply_hint(self):
        """Hook: how to answer by SMS, in the language of the environment."""
        return ""

    def _get_recipient(self, channel):
        """Number in E.164 form or address; False if the patient gave none."""
        patient = self.patient_id
        if channel == "sms":
            told = patient.phone_ids._filtered_tellable()
            # The card's number is one of these, where there are any.
            known = not patient.phone_ids and patient.phone_sanitized
            return told[:1].number_e164 or known
        if channel == "email":
            return patient._get_tellable_email()
        return False

    def _get_template(self, channel):
        return (
            self.env["clinic.message.template"]
            .with_context(lang=self._get_lang())
            .search(
                [("purpose", "=", self.purpose), ("channel", "=", channel)], limit=1
            )
        )
