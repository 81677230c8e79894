from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.sms_answers import keepable

LONGEST = 1000


class ClinicMessageReply(models.Model):
    """What a patient has answered by SMS.

    Kept first, by the provider's own number of it, then dealt with once. What is not
    beyond doubt changes nothing and waits for a person. The text may hold anything, so
    whoever reads messages reads it, and no log and no other record has it.
    """

    _name = "clinic.message.reply"
    _description = "Reply of a patient"
    _inherit = ["clinic.archive.mixin"]
    _order = "id desc"

    account_id = fields.Many2one(
        "clinic.sms.account",
        required=True,
        readonly=True,
        ondelete="restrict",
        groups="clinic_base.group_clinic_manager,clinic_base.group_clinic_admin",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    gateway_ref = fields.Char(required=True, readonly=True)
    number = fields.Char(string="Sender", readonly=True)
    body = fields.Text(string="Text", readonly=True)
    received_at = fields.Datetime(string="Received", required=True, readonly=True)
    answer = fields.Selection(
        [
            ("stop", "Wants no messages"),
            ("unclear", "Not clear"),
        ],
        readonly=True,
    )
    state = fields.Selection(
        [
            ("new", "Received"),
            ("done", "Done"),
            ("review", "Needs a person"),
            ("settled", "Settled by a person"),
        ],
        required=True,
        default="new",
        readonly=True,
    )
    # Why a person has to read it: nothing was done with it.
    reason = fields.Selection(
        [
            ("stranger", "No patient has this number"),
            ("of_age", "A relative's number: the patient answers for themselves"),
            ("unclear", "The answer is not clear"),
            ("unasked", "Nothing was asked lately"),
            ("broken", "The reply could not be dealt with"),
        ],
        readonly=True,
    )
    message_id = fields.Many2one(
        "clinic.message",
        string="Question",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    patient_ids = fields.Many2many(
        "clinic.patient", string="Patients", compute="_compute_patient_ids"
    )
    settled_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")

    _once = models.UniqueIndex("(account_id, gateway_ref)")
    _waiting = models.Index("(id) WHERE state IN ('new', 'review')")

    @api.depends("number")
    def _compute_display_name(self):
        """Neutral: neither whose it is nor what it says."""
        for reply in self:
            reply.display_name = self.env._("Reply %(id)s", id=reply.id)

    @api.depends("number")
    def _compute_patient_ids(self):
        owners = self._find_owners(self.mapped("number"))
        for reply in self:
            reply.patient_ids = owners.get(reply.number)

    @api.model
    def _find_owners(self, numbers):
        """{number in E.164: patients who have it today, their own or a relative's}."""
        phones = self.env["clinic.patient.phone"].search(
            [("number_e164", "in", numbers), ("patient_id.active", "=", True)]
        )
        return {
            number: some.patient_id
            for number, some in phones.grouped("number_e164").items()
        }

    @api.model
    def _note(self, account, replies):
        """Keep what came; what is here already, from whatever read, is left alone.

        :param replies: list of :class:`..tools.sms_gateway.Reply`
        """
        phones = self.env["clinic.patient.phone"]
        rows = [
            {
                "ref": reply.ref,
                "number": phones._format_e164(reply.number) or keepable(reply.number),
                "body": keepable(reply.text)[:LONGEST],
            }
            for reply in replies
        ]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO clinic_message_reply (
                       account_id, company_id, gateway_ref, number, body, state,
                       received_at, active,
                       create_uid, create_date, write_uid, write_date)
                SELECT %(account)s, %(company)s, ref, number, body, 'new',
                       %(now)s, TRUE, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM jsonb_to_recordset(%(rows)s) AS row(
                       ref varchar, number varchar, body text)
                    ON CONFLICT (account_id, gateway_ref) DO NOTHING
                """,
                account=account.id,
                company=account.company_id.id,
                rows=Json(rows),
                uid=self.env.uid,
                now=fields.Datetime.to_string(self.env.cr.now()),
            )
        )

    def action_settle(self):
        """A person has dealt with what the replies ask for."""
        # Whoever reads messages to patients also answers for them: the desk.
        self.check_access("read")
        waiting = self.filtered(lambda reply: reply.state == "review").sudo()
        return waiting.write({"state": "settled", "settled_by_id": self.env.uid})
