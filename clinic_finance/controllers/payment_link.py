from werkzeug.exceptions import BadRequest

from odoo.http import request, route

from odoo.addons.account_payment.controllers.payment import PaymentPortal


class PaymentLink(PaymentPortal):
    """The page behind a payment link: whoever has it may pay, and sees no more."""

    @route(
        "/clinic/pay/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def clinic_pay(self, token, **_kwargs):
        link_sudo = request.env["clinic.payment.link"]._find(token)
        if not link_sudo:
            return request.render("clinic_finance.payment_link_gone", status=404)
        response = request.render(
            "clinic_finance.payment_link_page", self._get_page_values(link_sudo)
        )
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    @route("/clinic/pay/<string:token>/transaction", type="jsonrpc", auth="public")
    def clinic_pay_transaction(self, token, access_token=None, amount=None, **kwargs):
        """Values for the provider's form; sum, currency and payer are the invoice's."""
        link_sudo = request.env["clinic.payment.link"]._find(token)
        invoice_sudo = link_sudo.move_id
        if not link_sudo or invoice_sudo.amount_residual <= 0:
            return {}
        self._validate_transaction_kwargs(kwargs)
        if kwargs.get("flow") not in ("redirect", "direct"):
            raise BadRequest()  # Saved cards are for a payer who has signed in.
        for key in ("landing_route", "is_validation", "token_id"):
            kwargs.pop(key, None)
        return self._process_transaction(
            invoice_sudo.partner_id.id,
            invoice_sudo.currency_id.id,
            invoice_sudo.ids,
            None,
            amount=invoice_sudo.amount_residual,
            token_id=None,
            landing_route=f"/clinic/pay/{token}",
            **kwargs,
        )

    def _get_page_values(self, link_sudo):
        invoice_sudo = link_sudo.move_id
        values = {
            "link": link_sudo,
            "invoice": invoice_sudo,
            "res_company": invoice_sudo.company_id,
            "paid": invoice_sudo.amount_residual <= 0,
            "processing": invoice_sudo.transaction_ids.filtered(
                lambda tx: tx.state in ("pending", "authorized")
            ),
        }
        if values["paid"]:
            return values
        return {**values, **self._get_form_values(link_sudo, invoice_sudo)}

    def _get_form_values(self, link_sudo, invoice_sudo):
        """Context of Odoo's payment form for what is still to pay."""
        payment = (
            invoice_sudo.company_id.id,
            invoice_sudo.partner_id.id,
            invoice_sudo.amount_residual,
        )
        currency = invoice_sudo.currency_id
        # The form reads the providers' public settings for a visitor without a login.
        providers_sudo = (
            request.env["payment.provider"]
            .sudo()
            ._get_compatible_providers(*payment, currency_id=currency.id)
        )
        methods_sudo = (
            request.env["payment.method"]
            .sudo()
            ._get_compatible_payment_methods(
                providers_sudo.ids, invoice_sudo.partner_id.id, currency_id=currency.id
            )
        )
        return {
            "reference_prefix": invoice_sudo.name,
            "amount": invoice_sudo.amount_residual,
            "currency": currency,
            "partner_id": invoice_sudo.partner_id.id,
            "providers_sudo": providers_sudo,
            "payment_methods_sudo": methods_sudo,
            # Saved cards belong to a signed-in payer, not to whoever has the link.
            "tokens_sudo": request.env["payment.token"].sudo(),
            "show_tokenize_input_mapping": dict.fromkeys(providers_sudo.ids, False),
            "transaction_route": f"/clinic/pay/{link_sudo.token}/transaction",
            "landing_route": f"/clinic/pay/{link_sudo.token}",
            "access_token": link_sudo.token,
        }
