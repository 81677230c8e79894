from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.payment import utils as payment_utils

from ..tools.api import BASE_URL, RefusedError, UncertainError, YooKassa

WEBHOOK_ROUTE = "/payment/yookassa/webhook"


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    code = fields.Selection(
        selection_add=[("yookassa", "YooKassa")], ondelete={"yookassa": "set default"}
    )
    yookassa_shop_id = fields.Char(
        string="Shop ID",
        required_if_provider="yookassa",
        copy=False,
        groups="base.group_system",
        help="shopId in the cabinet of YooKassa. A test shop has its own.",
    )
    yookassa_secret_key = fields.Char(
        string="Secret key",
        required_if_provider="yookassa",
        copy=False,
        groups="base.group_system",
    )
    yookassa_user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        copy=False,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Looks into payments that need a person. Empty: an accountant of the"
        " company.",
    )
    yookassa_webhook_url = fields.Char(
        string="Address for notices", compute="_compute_yookassa_webhook_url"
    )

    @api.depends("code")
    def _compute_yookassa_webhook_url(self):
        for provider in self:
            provider.yookassa_webhook_url = (
                f"{provider.get_base_url().rstrip('/')}{WEBHOOK_ROUTE}/{provider.id}"
                if provider.code == "yookassa" and provider._origin
                else False
            )

    def _compute_feature_support_fields(self):
        result = super()._compute_feature_support_fields()
        self.filtered(lambda provider: provider.code == "yookassa").update(
            # A second capture of the same payment is not possible.
            {"support_manual_capture": "full_only", "support_refund": "partial"}
        )
        return result

    def _get_supported_currencies(self):
        currencies = super()._get_supported_currencies()
        if self.code == "yookassa":
            return currencies.filtered(lambda currency: currency.name == "RUB")
        return currencies

    def _get_default_payment_method_codes(self):
        self.ensure_one()
        if self.code == "yookassa":
            return {"card", "sbp"}
        return super()._get_default_payment_method_codes()

    def _get_reset_values(self):
        if self.code != "yookassa":
            return super()._get_reset_values()
        return {"yookassa_shop_id": False, "yookassa_secret_key": False}

    def _yookassa_client(self):
        """Client of the API for this shop; keeps plain values only."""
        self.ensure_one()
        # Address and secret are the administrator's; whoever pays needs the call only.
        provider = self.sudo()
        url = provider.env["ir.config_parameter"].get_param("payment_yookassa.api_url")
        return YooKassa(
            provider.yookassa_shop_id, provider.yookassa_secret_key, url or BASE_URL
        )

    def _yookassa_get_responsible(self):
        """Who looks into a payment that needs a person; a user."""
        self.ensure_one()
        if self.yookassa_user_id.active:
            return self.yookassa_user_id
        accountants = self.env.ref("account.group_account_user").all_user_ids
        fitting = accountants.filtered(
            lambda user: not user.share and self.company_id in user.company_ids
        )
        # An accountant rather than an administrator who has all rights.
        return fitting.sorted(
            lambda user: (user.has_group("base.group_system"), user.id)
        )[:1] or self.env.ref("base.user_admin")

    def action_yookassa_check(self):
        """Ask YooKassa about the shop, to see that shop and key fit together."""
        self.ensure_one()
        payment_utils.check_rights_on_recordset(self)
        try:
            shop = self._yookassa_client().get("me")
        except RefusedError as error:
            raise UserError(
                self.env._("YooKassa does not accept this shop ID and secret key.")
            ) from error
        except UncertainError as error:
            raise UserError(
                self.env._("YooKassa does not answer. Try again in a minute.")
            ) from error
        message = self.env._("Shop %s answers.", shop.get("account_id"))
        kind = "success"
        if bool(shop.get("test")) != (self.state == "test"):
            kind = "warning"
            message = (
                self.env._("This is a test shop: no real money. Use the test mode.")
                if shop.get("test")
                else self.env._("This is a real shop: enable it, or use a test shop.")
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": kind, "message": message},
        }
