from odoo import models

from odoo.addons.clinic_finance.tools.vat import UNKNOWN

VAT_CODES = {
    "none": 1,
    "vat0": 2,
    "vat10": 3,
    "vat110": 5,
    "vat5": 7,
    "vat7": 8,
    "vat105": 9,
    "vat107": 10,
    "vat22": 11,
    "vat122": 12,
}
MODES = {"prepayment": "partial_prepayment"}
OWN_MODES = {
    "prepayment": "full_prepayment",
    "advance": "full_prepayment",
    "partial_payment": "full_payment",
    "credit_payment": "full_payment",
}


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _is_under_way(self):
        # Asked for and not answered: there may be a page where it is paid.
        return super()._is_under_way() or (
            self.state == "draft" and self._yookassa_is_asked_for()
        )

    def _withdraw(self):
        # A cancelled one is not brought to YooKassa any more.
        self.filtered(
            lambda tx: tx.yookassa_call == "create" and not tx._yookassa_is_asked_for()
        )._set_canceled()
        return super()._withdraw()

    def _yookassa_get_description(self):
        lang = self.partner_lang or self.env.lang
        return self.with_context(lang=lang).env._(
            "Services of the clinic, %s", self.reference
        )

    def _yookassa_get_receipt(self):
        """What the receipt of this money will say, for YooKassa to print it."""
        if not self.provider_id.yookassa_receipts:
            return super()._yookassa_get_receipt()
        receipts = self.env["clinic.receipt"].with_context(lang=self.partner_lang)
        source = self.source_transaction_id or self
        charges = source.clinic_request_id.charge_ids.with_env(receipts.env)
        lines = (
            charges._prepare_money_lines(abs(self.amount), self.amount < 0)
            if charges
            else receipts._prepare_sale_lines(
                source.invoice_ids, abs(self.amount), self.currency_id
            )
        )
        if any(line.get("vat") == UNKNOWN for line in lines):
            # The money comes without; the receipt waits here until a person has told
            # the rate, and goes to a register.
            return super()._yookassa_get_receipt()
        return self._yookassa_prepare_receipt(lines)

    def _yookassa_get_owed(self):
        asked = self.clinic_request_id
        return (asked, asked.amount_due) if asked else super()._yookassa_get_owed()

    def _yookassa_prepare_receipt(self, lines):
        """``receipt`` of the API.

        :param lines: values of receipt lines
        """
        modes = OWN_MODES if self.provider_id.yookassa_own_register else MODES
        return {
            "customer": self._yookassa_get_customer(),
            "items": [
                {
                    "description": line["name"][:128],
                    "quantity": line["qty"],
                    "amount": {
                        "value": f"{line['price']:.2f}",
                        "currency": self.currency_id.name,
                    },
                    "vat_code": VAT_CODES[line.get("vat", "none")],
                    "payment_subject": line.get("payment_subject", "service"),
                    "payment_mode": modes.get(
                        line["payment_method"], line["payment_method"]
                    ),
                }
                for line in lines
            ],
        }

    def _yookassa_get_customer(self):
        """Where the receipt goes; the law wants an address, the clinic's at last."""
        if self.partner_email:
            return {"email": self.partner_email}
        digits = "".join(filter(str.isdigit, self.partner_phone or ""))
        if digits:
            return {"phone": digits}
        return {"email": self.company_id.email or ""}
