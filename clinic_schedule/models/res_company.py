from odoo import fields, models

from .sms_sms import OutboxApi


class ResCompany(models.Model):
    _inherit = "res.company"

    clinic_site_phone_daily = fields.Integer(
        string="Bookings from outside for one phone a day", default=5
    )
    clinic_site_hourly = fields.Integer(
        string="Bookings on the site from one address an hour", default=20
    )
    clinic_site_daily = fields.Integer(
        string="Bookings on the site from one address a day", default=100
    )
    clinic_site_minutely = fields.Integer(
        string="Bookings from outside in all a minute", default=30
    )

    clinic_api_holds = fields.Integer(
        string="Holds by the key of another site at once", default=20
    )
    clinic_api_hold_minutes = fields.Integer(
        string="Minutes of a hold by another site at most", default=30
    )

    _clinic_site_limits_positive = models.Constraint(
        "CHECK (clinic_site_phone_daily >= 0 AND clinic_site_hourly >= 0"
        " AND clinic_site_daily >= 0 AND clinic_site_minutely >= 0"
        " AND clinic_api_holds >= 0 AND clinic_api_hold_minutes > 0)",
        "A limit cannot be negative.",
    )

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

    def _takes_sms_replies(self):
        """Whether answers reach the clinic, whichever gateway sends the question."""
        accounts = self._get_sms_accounts()
        return bool(accounts) and all(
            account.takes_replies and account.can_take_replies for account in accounts
        )
