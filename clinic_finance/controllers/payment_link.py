from werkzeug.exceptions import BadRequest

from odoo.http import request, route

from odoo.addons.account_payment.controllers.payment import PaymentPortal
from odoo.addons.payment.controllers.post_processing import PaymentPostProcessing


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

        Whoever has the link open twice goes on with the payment that has begun, or is
        led back to the page, which says what became of it.
        """
        link_sudo = request.env["clinic.payment.link"]._find(token)
        if not link_sudo:
            return {}
        self._validate_transaction_kwargs(kwargs)
        flow = kwargs.get("flow")
        if flow not in ("redirect", "direct"):
            raise BadRequest()  # Saved cards are for a payer who has signed in.
        invoice_sudo = link_sudo.move_id
        return self._process_transaction(
            invoice_sudo.partner_id.id,
            invoice_sudo.currency_id.id,
            invoice_sudo.ids,
            None,
            provider_id=kwargs.get("provider_id"),
            payment_method_id=kwargs.get("payment_method_id"),
            amount=invoice_sudo.amount_residual,
            flow=flow,
            token_id=None,
            tokenization_requested=False,
            landing_route=link_sudo._get_path(),
            way_back=link_sudo._get_path(),
        )

    def _process_transaction(
        self,
        partner_id,
        currency_id,
        invoice_ids,
        payment_reference,
        way_back=None,
        **kwargs,
    ):
        """One payment at a time, by our link and by every button of Odoo's portal.

        The money is the payer's, whoever pays; no more is taken than is due.

        :param way_back: path of a page that says what became of the payment, where
            the visitor may not open the invoice
        """
        invoices_sudo = request.env["account.move"].sudo().browse(invoice_ids)
        amount = self._cast_as_float(kwargs.get("amount"))
        if amount is None or not amount >= 0:
            raise BadRequest()
        kwargs["amount"] = amount
        invoices_sudo._touch()
        if not invoices_sudo._can_begin_payment(amount):
            return self._lead_back(
                way_back or self._get_portal_path(invoices_sudo), kwargs["flow"]
            )
        payer_sudo = invoices_sudo.partner_id
        if len(payer_sudo) == 1 and payer_sudo.id != partner_id:
            # A card that is saved here would be the payer's, not its owner's.
            kwargs["tokenization_requested"] = False
            partner_id = payer_sudo.id
        provider_sudo, method_sudo = self._get_chosen(invoices_sudo, **kwargs)
        begun_sudo = invoices_sudo._get_begun_transaction(
            provider_sudo, method_sudo, amount, f"online_{kwargs['flow']}"
        )
        if begun_sudo:
            if way_back:
                # Back to the page that shows less, not to the portal's.
                begun_sudo.landing_route = way_back
            PaymentPostProcessing.monitor_transaction(begun_sudo)
            return begun_sudo._get_processing_values()
        return super()._process_transaction(
            partner_id, currency_id, invoice_ids, payment_reference, **kwargs
        )

    def _get_portal_path(self, invoices_sudo):
        if len(invoices_sudo) == 1:
            return invoices_sudo.get_portal_url()
        return "/my/invoices"

    def _lead_back(self, path, flow):
        """What Odoo's payment form takes for a way to a bank: the page itself."""
        if flow != "redirect":
            return {
                "state": "error",
                "state_message": request.env._(
                    "This is paid already, or a payment is under way. Please reload"
                    " the page."
                ),
            }
        form = request.env["ir.qweb"]._render(
            "clinic_finance.payment_link_back", {"path": path}
        )
        return {"redirect_form_html": form}

    def _get_chosen(
        self,
        invoices_sudo,
        provider_id=None,
        payment_method_id=None,
        token_id=None,
        flow=None,
        **_kwargs,
    ):
        """Provider and method that the payer has chosen among those of the page.

        :raises BadRequest: something else than the page offers for the invoices
        """
        offer = self._get_offer(invoices_sudo)
        provider_sudo = offer["providers_sudo"].filtered(
            lambda provider: provider.id == provider_id
        )
        if flow == "token":
            # Whose it is, Odoo asks; here only whether the provider is its own.
            token_sudo = (
                request.env["payment.token"]
                .sudo()
                .search([("id", "=", token_id), ("provider_id", "=", provider_sudo.id)])
            )
            method_sudo = token_sudo.payment_method_id
        else:
            method_sudo = offer["payment_methods_sudo"].filtered(
                lambda method: (
                    method.id == payment_method_id
                    and provider_sudo in method.provider_ids
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
            "processing": invoice_sudo._get_payments_under_way(),
        }
        if values["paid"]:
            return values
        return {**values, **self._get_form_values(link_sudo, invoice_sudo)}

    def _get_offer(self, invoices_sudo):
        """Providers and methods by which invoices can be paid, as superuser.

        :param invoices_sudo: of one payer, company and currency
        """
        payment = (
            invoices_sudo.company_id[:1].id,
            invoices_sudo.partner_id[:1].id,
            sum(invoices_sudo.mapped("amount_residual")),
        )
        currency = invoices_sudo.currency_id[:1]
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
                providers_sudo.ids, payment[1], currency_id=currency.id
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
