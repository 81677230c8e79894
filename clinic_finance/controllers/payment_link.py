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
        """Values for the provider's form; sum, currency and payer are the request's.

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
        asked_sudo = link_sudo.request_id
        asked_sudo._lock_payment()
        path = link_sudo._get_path()
        values = {
            "provider_id": kwargs.get("provider_id"),
            "payment_method_id": kwargs.get("payment_method_id"),
            "amount": asked_sudo.amount_due,
            "flow": flow,
        }
        return self._begin(asked_sudo, path, path, **values) or (
            self._create_transaction(
                partner_id=asked_sudo.payer_id.id,
                currency_id=asked_sudo.currency_id.id,
                token_id=None,
                tokenization_requested=False,
                landing_route=path,
                custom_create_values=asked_sudo._prepare_transaction_vals(),
                **values,
            )._get_processing_values()
        )

    def _process_transaction(
        self, partner_id, currency_id, invoice_ids, payment_reference, **kwargs
    ):
        """One payment at a time, by every button of Odoo's portal, too.

        The money is the payer's, whoever pays; no more is taken than is due.
        """
        invoices_sudo = request.env["account.move"].sudo().browse(invoice_ids)
        amount = self._cast_as_float(kwargs.get("amount"))
        if amount is None or not amount >= 0:
            raise BadRequest()
        kwargs["amount"] = amount
        invoices_sudo._lock_payment()
        payer_sudo = invoices_sudo.partner_id
        if len(payer_sudo) == 1 and payer_sudo.id != partner_id:
            # A card that is saved here would be the payer's, not its owner's.
            kwargs["tokenization_requested"] = False
            partner_id = payer_sudo.id
        path = self._get_portal_path(invoices_sudo)
        return self._begin(invoices_sudo, path, None, **kwargs) or (
            super()._process_transaction(
                partner_id, currency_id, invoice_ids, payment_reference, **kwargs
            )
        )

    def _begin(self, payable_sudo, path, landing, amount=None, flow=None, **kwargs):
        """What goes on instead of a new payment; None where a new one may be made.

        :param payable_sudo: a request, or invoices
        :param path: where it is said what became of the payment
        :param landing: the page that a payment begun before has to lead back to
        """
        if not payable_sudo._can_begin_payment(amount):
            return self._lead_back(path, flow)
        provider_sudo, method_sudo = self._get_chosen(payable_sudo, flow=flow, **kwargs)
        begun_sudo = payable_sudo._get_begun_transaction(
            provider_sudo, method_sudo, amount, f"online_{flow}"
        )
        if not begun_sudo:
            return None
        if landing:
            # Back to the page that shows less, not to the portal's.
            begun_sudo.landing_route = landing
        PaymentPostProcessing.monitor_transaction(begun_sudo)
        return begun_sudo._get_processing_values()

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
        payable_sudo,
        provider_id=None,
        payment_method_id=None,
        token_id=None,
        flow=None,
        **_kwargs,
    ):
        """Provider and method that the payer has chosen among those of the page.

        :raises BadRequest: something else than the page offers
        """
        offer = self._get_offer(payable_sudo)
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
        asked_sudo = link_sudo.request_id
        values = {
            "link": link_sudo,
            "asked": asked_sudo,
            "res_company": asked_sudo.company_id,
            "paid": asked_sudo.state == "paid",
            "processing": asked_sudo._get_payments_under_way(),
        }
        if values["paid"]:
            return values
        return {**values, **self._get_form_values(link_sudo, asked_sudo)}

    def _get_offer(self, payable_sudo):
        """Providers and methods by which something can be paid, as superuser.

        :param payable_sudo: of one payer, company and currency
        """
        payment = (
            payable_sudo.company_id[:1].id,
            payable_sudo._get_payer()[:1].id,
            payable_sudo._get_due(),
        )
        currency = payable_sudo.currency_id[:1]
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

    def _get_form_values(self, link_sudo, asked_sudo):
        """Context of Odoo's payment form for what is still to pay."""
        offer = self._get_offer(asked_sudo)
        return {
            **offer,
            "reference_prefix": asked_sudo.name,
            "amount": asked_sudo.amount_due,
            "currency": asked_sudo.currency_id,
            "partner_id": asked_sudo.payer_id.id,
            # Saved cards belong to a signed-in payer, not to whoever has the link.
            "tokens_sudo": request.env["payment.token"].sudo(),
            "show_tokenize_input_mapping": dict.fromkeys(
                offer["providers_sudo"].ids, False
            ),
            "transaction_route": f"{link_sudo._get_path()}/transaction",
            "landing_route": link_sudo._get_path(),
            "access_token": link_sudo._get_token(),
        }
