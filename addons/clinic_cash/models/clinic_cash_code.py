from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.tools.payload import Payload

from ..tools.code import draw_code


class ClinicCashSale(models.Model):
    """What is ticked at a desk, paid online by a code that the payer's phone reads.

    The code is the address of a payment link: what is asked is a request like any
    other, and the money takes the way of all money that is paid online.
    """

    _inherit = "clinic.cash.sale"

    @api.model
    def ask_by_code(self, vals):
        """A page on which what is ticked is paid by phone, and its QR code.

        The same ticks lead to the same page, however often they are asked for.

        :param vals: as of :meth:`pay`; nothing is handed over
        :return: dict of ``link_id``, ``address``, ``image`` (data URI of a PNG),
            ``amount``
        :raises AccessError: for everybody but cashiers of the branch
        :raises UserError: when something does not fit; nothing has been asked then
        """
        desk, vals = self._check_sale(vals)
        # The role and the branch have been checked; nobody writes requests by hand.
        desk = desk.sudo()
        link = desk.env[self._name].with_company(desk.company_id)._ask(desk, vals)
        return {
            "link_id": link.id,
            "address": link.url,
            "image": draw_code(link.url),
            "amount": link.amount_due,
        }

    @api.model
    def _ask(self, desk, vals):
        """The open link of a request for all that ``vals`` name."""
        if not desk._is_paid_online():
            raise UserError(
                self.env._("%s takes no payments online.", desk.company_id.name)
            )
        payer = self._get_payer(vals, desk)
        charges = self._get_charges(vals["charge_ids"], payer, desk)
        invoices = self._get_invoices(vals["invoice_ids"], payer, desk)
        of_invoices = invoices.line_ids.clinic_charge_id
        if invoices - of_invoices.move_line_ids.move_id or vals["prepayment"]:
            raise UserError(
                self.env._(
                    "By code, visits are paid. Take what is for the account, and"
                    " invoices without visits, in another way."
                )
            )
        charges |= of_invoices
        if not charges:
            raise UserError(self.env._("Tick what is paid."))
        self.env["clinic.match"]._match(payer)
        request = charges.payment_request_ids.filtered(
            lambda one: one.charge_ids == charges and one.payer_id == payer
        )[:1] or self.env["clinic.payment.request"]._create_joint(charges)
        if desk.currency_id.compare_amounts(request.amount_due, vals["expected"]):
            self._raise_other_sum(request.amount_due, desk.currency_id)
        return request._open_link()

    @api.model
    @api.readonly
    def get_code_state(self, link_id):
        """What has become of a code that is shown.

        :return: dict of ``state`` (``waiting``, ``paying``: the bank has not answered
            yet, ``paid``, ``over``), ``amount`` (paid) and ``receipt_ids``
        :raises AccessError: for everybody but cashiers of the branch
        """
        self._check_may_sell()
        link_id = Payload(self.env, {"link_id": link_id}).get_id("link_id")
        link = self.env["clinic.payment.link"].browse(link_id or 0).exists()
        link.check_access("read")
        request = link.request_id
        # Providers are not read by cashiers; how a payment stands is no secret.
        transactions = request.sudo()._get_transactions()
        paid = transactions.payment_id.filtered(
            lambda payment: payment.state in ("in_process", "paid")
        )
        return {
            "state": self._get_code_state(link, transactions),
            "amount": sum(paid.mapped("amount")),
            "receipt_ids": paid._get_paid_receipts().ids,
        }

    @api.model
    def _get_code_state(self, link, transactions):
        if link.request_id.state == "paid":
            return "paid"
        if any(transaction._is_under_way() for transaction in transactions):
            return "paying"
        return "waiting" if link and link._is_link_live() else "over"
