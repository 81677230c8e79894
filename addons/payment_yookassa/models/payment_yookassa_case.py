from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import mute_logger


class PaymentYookassaCase(models.Model):
    """Something about a payment that only a person can settle; one row, one activity.

    The key makes a second activity for the same thing impossible, however often and
    from how many sides it is noticed.
    """

    _name = "payment.yookassa.case"
    _description = "Payment to look into"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "provider_reference"

    key = fields.Char(required=True, readonly=True)
    kind = fields.Selection(
        [
            ("amount", "Another sum"),
            ("shop", "Another shop or mode"),
            ("unknown", "Unknown payment"),
            ("refused", "Refused by YooKassa"),
            ("unclear", "Outcome not known"),
            ("booking", "Not booked"),
        ],
        required=True,
        readonly=True,
    )
    advice = fields.Text(compute="_compute_advice")
    provider_id = fields.Many2one(
        "payment.provider", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    transaction_id = fields.Many2one(
        "payment.transaction", readonly=True, index="btree_not_null"
    )
    provider_reference = fields.Char(
        string="Number at YooKassa", readonly=True, help="As in the cabinet."
    )
    amount = fields.Monetary(
        string="Sum at YooKassa", readonly=True, help="As YooKassa tells it."
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    detail = fields.Char(readonly=True, help="Code and parameter of the refusal.")
    state = fields.Selection(
        [("open", "Open"), ("done", "Settled")],
        required=True,
        default="open",
        readonly=True,
        tracking=True,
    )

    _key_once = models.Constraint("UNIQUE (key)", "This is being looked into already.")

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_advice(self):
        texts = self._get_advice()
        for case in self:
            case.advice = texts.get(case.kind)

    @api.model
    def _get_advice(self):
        """What the person should do, by kind."""
        return {
            "amount": self.env._(
                "YooKassa has taken another sum or currency than was asked for."
                " Nothing was booked. Compare both in the cabinet, then book what has"
                " come, or refund it there."
            ),
            "shop": self.env._(
                "The payment belongs to another shop, or a test payment has come to a"
                " real shop. Nothing was booked. Check shop ID and mode of the"
                " provider."
            ),
            "unknown": self.env._(
                "The shop has received money that no payment here asked for. Nothing"
                " was booked. Find out in the cabinet whose it is, then book or refund"
                " it."
            ),
            "refused": self.env._(
                "YooKassa refused the request, so nothing has moved. The code tells"
                " why; mend the settings and let the payer try again, or repeat the"
                " refund."
            ),
            "unclear": self.env._(
                "YooKassa has not told for hours what became of this. It is asked again"
                " every hour. Look into the cabinet before you repeat anything."
            ),
            "booking": self.env._(
                "The money has come, but the entry could not be made; it is tried again"
                " every hour. Look at journal, locked periods and the server log."
            ),
        }

    @api.model
    def _open(self, key, kind, provider, again=False, **vals):
        """A case with one activity, unless there is one for ``key``.

        :param key: names the thing, not the moment it was noticed
        :param again: whether a settled case is opened again
        """
        known = self.search([("key", "=", key)])
        if known:
            if again and known.state == "done":
                known.state = "open"
                known._ask_person()
            return known
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                case = self.create(
                    {
                        "key": key,
                        "kind": kind,
                        "provider_id": provider.id,
                        "company_id": provider.company_id.id,
                        **vals,
                    }
                )
        except IntegrityError:
            # Noticed from another side at the same moment.
            return self.search([("key", "=", key)])
        case._ask_person()
        return case

    def _ask_person(self):
        for case in self:
            user = case.provider_id._yookassa_get_responsible()
            case.with_context(lang=user.lang).activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=case.with_context(lang=user.lang).env._(
                    "Look into a payment by YooKassa"
                ),
            )

    def action_settle(self):
        """The person has looked into it."""
        self.check_access("write")
        self.activity_feedback(["mail.mail_activity_data_todo"])
        self.state = "done"

    def action_open_transaction(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "payment.transaction",
            "views": [(False, "form")],
            "res_id": self.transaction_id.id,
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was looked into is kept."))
