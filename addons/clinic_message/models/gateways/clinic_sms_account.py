from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.clinic_base.tools.outgoing import check_url


class ClinicSmsAccount(models.Model):
    """A company's account with a gateway; the order says who is tried first.

    Without an account messages stay in the outbox, unsent, where they can be read.
    """

    _name = "clinic.sms.account"
    _description = "SMS gateway"
    _inherit = [
        "clinic.archive.mixin",
        "clinic.secret.link.mixin",
        "clinic.bounds.mixin",
    ]
    _order = "company_id, sequence, id"
    _check_company_auto = True

    _link_path = "/clinic/sms/report/{token}"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    provider = fields.Selection(
        [("outbox", "Outbox only")],
        required=True,
        default="outbox",
        help="“Outbox only” sends nothing: messages can be read on the screen.",
    )
    login = fields.Char(copy=False, groups="clinic_base.group_clinic_admin")
    secret = fields.Char(
        string="Password or key", copy=False, groups="clinic_base.group_clinic_admin"
    )
    sender = fields.Char(help="Name or number that the telephone shows.")
    url = fields.Char(
        string="Address",
        groups="clinic_base.group_clinic_admin",
        help="Empty: the provider's usual address.",
    )
    report_url = fields.Char(
        string="Address for reports and replies",
        compute="_compute_report_url",
        groups="clinic_base.group_clinic_admin",
        help="To be entered on the provider's site.",
    )
    can_take_replies = fields.Boolean(compute="_compute_can_take_replies")
    takes_replies = fields.Boolean(
        string="Patients can answer",
        help="The sender is a number that takes messages.",
    )
    replies_read_at = fields.Datetime(readonly=True, copy=False)
    warn_below = fields.Float(
        string="Warn below", help="Managers hear of it when less money is left."
    )
    balance = fields.Float(readonly=True, copy=False)
    balance_at = fields.Datetime(string="Balance as of", readonly=True, copy=False)
    is_low = fields.Boolean(readonly=True, copy=False)

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "warn_below": (0, 10**9),
        }

    @api.constrains("url")
    def _check_url(self):
        """:raises ValidationError: password and numbers would go out in clear"""
        # Hidden from all roles but the one that sets it.
        for url in filter(None, self.sudo().mapped("url")):
            try:
                check_url(url)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "The address of a gateway begins with https:// and names a host"
                        " in Latin letters, without a user or blanks."
                    )
                ) from error

    @api.depends("token_seed")
    def _compute_report_url(self):
        for account in self:
            account.report_url = account._get_address()

    @api.depends("provider")
    def _compute_can_take_replies(self):
        for account in self:
            gateway_class = account._get_gateway_class()
            account.can_take_replies = bool(
                gateway_class and gateway_class.takes_replies
            )

    def _get_gateways(self):
        """{account: gateway} of those that send; see :mod:`..tools.sms_gateway`."""
        gateways = {}
        # Secrets are hidden from all roles but the one that sets them.
        for account in self.sudo():
            if gateway_class := account._get_gateway_class():
                gateways[account] = gateway_class(self.env, account)
        return gateways

    def _get_gateway_class(self):
        """Hook: the subclass of SmsGateway for ``provider``; None keeps it here."""
        return None

    def action_renew_address(self):
        """A fresh address for reports; the one before it is dead."""
        self.check_access("write")
        self._renew_links()

    def action_check_balance(self):
        """Ask the provider now how much money is left."""
        self.check_access("write")
        self.ensure_one()  # somebody waits
        if not self._refresh_balance():
            raise UserError(self.env._("The gateway did not tell the balance."))
        return True

    @api.model
    def _cron_check_balance(self):
        """Ask every gateway; one that does not answer never stops the rest."""
        cron = self.env["ir.cron"]
        accounts = self.search([("provider", "!=", "outbox")])
        cron._commit_progress(remaining=len(accounts))
        for account in accounts:
            account._refresh_balance()
            if not cron._commit_progress(1):
                break

    def _refresh_balance(self):
        """Asks once per account; True if all that send have answered."""
        balances = {
            account: gateway.get_balance()
            for account, gateway in self._get_gateways().items()
        }
        for account, balance in balances.items():
            if balance is not None:
                account._note_balance(balance)
        return None not in balances.values()

    def _note_balance(self, balance):
        """Managers hear once that the money runs out, and again after the next time."""
        is_low = balance < self.warn_below
        if is_low and not self.is_low:
            self._warn_managers(balance)
        self.write(
            {
                "balance": balance,
                "balance_at": self.env.cr.now(),
                "is_low": is_low,
            }
        )

    def _warn_managers(self, balance):
        users = self.env.ref("clinic_base.group_clinic_manager").all_user_ids.filtered(
            lambda user: self.company_id in user.company_ids
        )
        for lang, partners in users.partner_id.grouped("lang").items():
            env = self.with_context(lang=lang).env
            self.env["mail.thread"].message_notify(
                partner_ids=partners.ids,
                subject=env._("SMS: little money is left"),
                body=env._(
                    "%(name)s has %(balance)s left. Without money no messages go out.",
                    name=self.name,
                    balance=f"{balance:.2f}",
                ),
            )
