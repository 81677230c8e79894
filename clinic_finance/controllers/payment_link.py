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
        link_sudo = request.env["clinic.payment.link"]._find_or_refuse(token)
        return request.render(
            "clinic_finance.payment_link_page", self._get_page_values(link_sudo)
        )

    @route("/clinic/pay/<string:token>/transaction", type="jsonrpc", auth="public")
    def clinic_pay_transaction(self, token, access_token=None, amount=None, **kwargs):
        """Values for the provider's form; sum, currency and payer are the invoice's.

        One payment at a time: whoever has the link open twice goes on with the payment
        that has begun, or is led back to the page, which says what became of it.
        """
        link_sudo = request.env["clinic.payment.link"]._find(token)
        if not link_sudo:
            return {}
        self._validate_transaction_kwargs(kwargs)
        flow = kwargs.get("flow")
        if flow not in ("redirect", "direct"):
            raise BadRequest()  # Saved cards are for a payer who has signed in.
        link_sudo._claim()
        invoice_sudo = link_sudo.move_id
        if invoice_sudo.amount_residual <= 0 or link_sudo._get_under_way():
            return self._lead_to_page(link_sudo)
        provider_sudo, method_sudo = self._get_chosen(
            invoice_sudo, kwargs.get("provider_id"), kwargs.get("payment_method_id")
        )
        if begun_sudo := link_sudo._get_begun(provider_sudo, method_sudo):
            return begun_sudo._get_processing_values()
        return self._process_transaction(
            invoice_sudo.partner_id.id,
            invoice_sudo.currency_id.id,
            invoice_sudo.ids,
            None,
            provider_id=provider_sudo.id,
            payment_method_id=method_sudo.id,
            amount=invoice_sudo.amount_residual,
            flow=flow,
            token_id=None,
            tokenization_requested=False,
            landing_route=link_sudo._get_path(),
        )

    def _lead_to_page(self, link_sudo):
        """What Odoo's payment form takes for a way to a bank: the page itself."""
        form = request.env["ir.qweb"]._render(
            "clinic_finance.payment_link_back", {"path": link_sudo._get_path()}
        )
        return {"redirect_form_html": form}

    def _get_chosen(self, invoice_sudo, provider_id, payment_method_id):
        """Provider and method that the payer has chosen among those of the page.

        :raises BadRequest: something else than the page offers for this invoice
        """
        offer = self._get_offer(invoice_sudo)
        provider_sudo = offer["providers_sudo"].filtered(
            lambda provider: provider.id == provider_id
        )
        method_sudo = offer["payment_methods_sudo"].filtered(
            lambda method: (
                method.id == payment_method_id and provider_sudo in method.provider_ids
            )
        )
        if not provider_sudo or not method_sudo:
            raise BadRequest()
        return provider_sudo, method_sudo

    def _get_page_values(self, link_sudo):
        invoice_sudo = link_sudo.move_id
        values = {
            "link": link_sudo,
            "invoice": invoice_sudo,
            "res_company": invoice_sudo.company_id,
            "paid": invoice_sudo.amount_residual <= 0,
            "processing": link_sudo._get_under_way(),
        }
        if values["paid"]:
            return values
        return {**values, **self._get_form_values(link_sudo, invoice_sudo)}

    def _get_offer(self, invoice_sudo):
        """Providers and methods by which ``invoice_sudo`` can be paid, as superuser."""
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
        return {"providers_sudo": providers_sudo, "payment_methods_sudo": methods_sudo}

    def _get_form_values(self, link_sudo, invoice_sudo):
        """Context of Odoo's payment form for what is still to pay."""
        offer = self._get_offer(invoice_sudo)
        return {
            **offer,
            "reference_prefix": invoice_sudo.name,
            "amount": invoice_sudo.amount_residual,
            "currency": invoice_sudo.currency_id,
            "partner_id": invoice_sudo.partner_id.id,
            # Saved cards belong to a signed-in payer, not to whoever has the link.
            "tokens_sudo": request.env["payment.token"].sudo(),
            "show_tokenize_input_mapping": dict.fromkeys(
                offer["providers_sudo"].ids, False
            ),
            "transaction_route": f"{link_sudo._get_path()}/transaction",
            "landing_route": link_sudo._get_path(),
            "access_token": link_sudo._get_token(),
        }
