import json
import logging
import re

from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    LengthRequired,
    NotFound,
)

from odoo.http import Controller, request, route
from odoo.tools import consteq

from odoo.addons.payment.controllers.post_processing import PaymentPostProcessing

from ..models.payment_provider import WEBHOOK_ROUTE
from ..models.payment_transaction import REDIRECT_ROUTE, RETURN_ROUTE
from ..models.payment_yookassa_notice import EVENTS
from ..tools.api import RefusedError, UncertainError, is_known_address

_logger = logging.getLogger(__name__)

NOTICE_SIZE = 64 * 1024
OBJECT_ID = re.compile(r"[0-9A-Za-z-]{1,64}")


class YooKassaController(Controller):
    @route(
        REDIRECT_ROUTE,
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        website=True,
        sitemap=False,
    )
    def yookassa_redirect(self, reference=None, access_token=None, **_kwargs):
        """Create the payment at YooKassa and lead the payer to its page.

        The token, made for this one transaction, stands in for Odoo's own against
        forms of other sites. Sent twice, it leads to the same payment.
        """
        tx_sudo = self._find(reference, access_token)
        try:
            tx_sudo._yookassa_lock()
            url = tx_sudo._yookassa_start()
        except UncertainError:
            return self._render_trouble(tx_sudo, again=True)
        except RefusedError:
            return self._render_trouble(tx_sudo, again=False)
        if not url or tx_sudo.state not in ("draft", "pending"):
            return request.redirect(tx_sudo.landing_route or "/payment/status")
        return request.redirect(url, code=303, local=False)

    @route(RETURN_ROUTE, type="http", auth="public", methods=["GET"])
    def yookassa_return(self, ref=None, token=None, **_kwargs):
        """The payer is back: see what has become of the payment."""
        tx_sudo = self._find(ref, token)
        tx_sudo._yookassa_refresh()
        monitored = request.session.get(PaymentPostProcessing.MONITORED_TX_ID_KEY)
        if monitored == tx_sudo.id:
            return request.redirect("/payment/status")
        # Back in another browser, the bank's for instance.
        return request.redirect(tx_sudo.landing_route or "/payment/status")

    @route(
        f"{WEBHOOK_ROUTE}/<int:provider_id>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=NOTICE_SIZE,
    )
    def yookassa_webhook(self, provider_id, **_kwargs):
        """Take a notice: a reason to ask YooKassa, and nothing in it is believed."""
        # Anybody may call; the address is looked at, then only what to ask for is kept.
        parameter = request.env["ir.config_parameter"].sudo().get_param
        networks = parameter("payment_yookassa.networks", "")
        if not is_known_address(request.httprequest.remote_addr, networks):
            _logger.warning("Notice from %s refused", request.httprequest.remote_addr)
            raise Forbidden()
        provider_sudo = request.env["payment.provider"].sudo().browse(provider_id)
        if not provider_sudo.exists() or provider_sudo.code != "yookassa":
            raise NotFound()
        event, object_id = self._read_notice()
        if event in EVENTS and provider_sudo.state != "disabled":
            provider_sudo.env["payment.yookassa.notice"]._receive(
                provider_sudo, event, object_id
            )
        return request.make_response("")

    def _read_notice(self):
        """Event and number of the object.

        :raises BadRequest: the body is not a notice
        """
        # A body in pieces has no end that is known before it has been read.
        if request.httprequest.content_length is None:
            raise LengthRequired()
        try:
            notice = json.loads(request.httprequest.get_data())
            event, object_id = notice["event"], notice["object"]["id"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise BadRequest() from error
        if not isinstance(event, str) or not isinstance(object_id, str):
            raise BadRequest()
        if not OBJECT_ID.fullmatch(object_id):
            raise BadRequest()
        return event, object_id

    def _find(self, reference, token):
        """The transaction of a visitor who has the token made for it, as superuser.

        :raises NotFound: no such transaction, or another one's token
        """
        # The token, checked below, is the visitor's right to this one transaction.
        tx_sudo = (
            request.env["payment.transaction"]
            .sudo()
            .search(
                [
                    ("reference", "=", reference or ""),
                    ("yookassa_call", "=", "create"),
                ]
            )
        )
        expected = tx_sudo and tx_sudo._yookassa_get_token()
        # Bytes: as text, only ASCII can be compared.
        if not tx_sudo or not consteq(expected.encode(), (token or "").encode()):
            raise NotFound()
        return tx_sudo

    def _render_trouble(self, tx_sudo, again):
        values = {**tx_sudo._yookassa_get_form_values(), "tx": tx_sudo, "again": again}
        return request.render("payment_yookassa.trouble", values)
