from odoo import models

from ..outbox.sms_sms import OutboxApi


class ResCompany(models.Model):
    """Through which gateways a company sends."""

    _inherit = "res.company"

    def _get_sms_api_class(self):
        """Odoo's cron of SMS leads into the outbox, never to a paid service."""
        self.ensure_one()
        return OutboxApi

    def _get_sms_accounts(self):
        """Gateways of the company in the order in which they are tried.

        One that is set to “Outbox only” and comes first keeps everything here.
        """
        # Settings that steer the engine; who sends for whom is no secret to it.
        accounts = self.env["clinic.sms.account"].sudo()
        own = accounts.search([("company_id", "=", self.id)])
        if own[:1].provider == "outbox":
            return accounts
        return own.filtered(lambda account: account.provider != "outbox")

    def _get_sms_gateways(self):
        """{account: gateway} in the order in which they are tried."""
        return self._get_sms_accounts()._get_gateways()

    def _has_gateway(self, channel):
        """Hook: whether somebody would send a message of the company by ``channel``."""
        if channel == "email":
            # Whether there is one is no secret.
            return self.env["clinic.mail.gateway"].sudo()._is_set_up()
        return bool(self._get_sms_accounts())

    def _takes_sms_replies(self):
        """Whether answers reach the clinic, whichever gateway sends the question."""
        accounts = self._get_sms_accounts()
        return bool(accounts) and all(
            account.takes_replies and account.can_take_replies for account in accounts
        )
