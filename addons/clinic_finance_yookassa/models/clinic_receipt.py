import logging
import uuid
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.payment_yookassa.tools.api import RefusedError, UncertainError

_logger = logging.getLogger(__name__)

BATCH = 100
STATES = {"pending": "sent", "succeeded": "printed", "canceled": "failed"}
LINE_FIELDS = ("name", "qty", "price", "vat", "payment_subject", "payment_method")
# Keys are remembered for 24 h; a later repetition might print a second receipt.
KEY_LIFE = timedelta(hours=23)


class ClinicReceipt(models.Model):
    """Receipts that YooKassa prints.

    Those of payments and refunds go with the money; an offset is sent by itself, with a
    key that is written down before. The state is what YooKassa tells, asked for until
    it is final.
    """

    _inherit = "clinic.receipt"

    yookassa_key = fields.Char(readonly=True, groups="base.group_system")
    yookassa_body = fields.Json(readonly=True, groups="base.group_system")
    yookassa_reference = fields.Char(readonly=True, groups="base.group_system")
    yookassa_since = fields.Datetime(readonly=True, groups="base.group_system")
    yookassa_ask_at = fields.Datetime(readonly=True, groups="base.group_system")

    _yookassa_ask = models.Index("(yookassa_ask_at) WHERE yookassa_ask_at IS NOT NULL")

    def _hand_over(self):
        result = super()._hand_over()
        for receipt in self:
            transaction = receipt._yookassa_get_transaction()
            # Returns without money are none of YooKassa's: they wait for a register.
            printed = receipt.kind in ("income", "refund", "offset")
            if printed and "receipt" in (transaction.yookassa_body or {}):
                receipt._yookassa_prepare(transaction)
        return result

    def _yookassa_get_transaction(self):
        """The transaction of the money, the payment's own in two stages."""
        # Receipts follow the money, whoever was allowed to move it.
        transaction = self.payment_id.sudo().payment_transaction_id
        return transaction.filtered(lambda tx: tx.provider_code == "yookassa")

    def _yookassa_prepare(self, transaction):
        """Write down what will be sent or asked for; calls nobody."""
        self.ensure_one()
        now = self.env.cr.now()
        vals = {"yookassa_ask_at": now, "yookassa_since": now}
        if self.kind == "offset":
            lines = [
                {name: line[name] for name in LINE_FIELDS} for line in self.line_ids
            ]
            vals["yookassa_key"] = str(uuid.uuid4())
            vals["yookassa_body"] = {
                "type": "payment",
                "payment_id": transaction.provider_reference,
                "send": True,
                **transaction._yookassa_prepare_receipt(lines),
                "settlements": [
                    {
                        "type": "prepayment",
                        "amount": {
                            "value": f"{self.amount:.2f}",
                            "currency": self.currency_id.name,
                        },
                    }
                ],
            }
        else:
            vals["state"] = "sent"
        self.write(vals)
        self.env.ref("clinic_finance_yookassa.ir_cron_receipts")._trigger()

    @api.model
    def _cron_yookassa(self):
        """Send offsets and ask what became of receipts, one after the other."""
        cron = self.env["ir.cron"]
        domain = [("yookassa_ask_at", "<=", self.env.cr.now())]
        cron._commit_progress(remaining=self.search_count(domain))
        for receipt in self.search(domain, limit=BATCH, order="yookassa_ask_at, id"):
            if receipt.try_lock_for_update():
                receipt._yookassa_attend()
            if not cron._commit_progress(1):
                return

    def _yookassa_attend(self):
        """Send or ask about one receipt; never raises."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._yookassa_follow_up()
        except RefusedError as error:
            self.write({"state": "failed", "yookassa_ask_at": False})
            self._yookassa_ask_person(str(error))
        except Exception as error:
            if not isinstance(error, UncertainError):
                _logger.warning(
                    "Receipt %s: %s", self.id, type(error).__name__, exc_info=True
                )
            self._yookassa_plan()

    def _yookassa_follow_up(self):
        transaction = self._yookassa_get_transaction()
        client = transaction.provider_id._yookassa_client()
        if self.kind != "offset":
            path = "refunds" if self.kind == "refund" else "payments"
            found = transaction._yookassa_read(
                client, f"{path}/{transaction.provider_reference}"
            )
            status = found.get("receipt_registration")
        else:
            found = self._yookassa_call_once(transaction, client)
            status = found.get("status")
        self.write(
            {
                "state": STATES.get(status, self.state),
                "fiscal_document": found.get("fiscal_document_number"),
                "fiscal_storage": found.get("fiscal_storage_number"),
                "fiscal_sign": found.get("fiscal_attribute"),
            }
        )
        if self.state == "failed":
            self._yookassa_ask_person(status)
        self._yookassa_plan()

    def _yookassa_call_once(self, transaction, client):
        """The offset at YooKassa, made now if it was not made before.

        :raises RefusedError: not made, or nobody could say any more whether it was
        """
        if self.yookassa_reference:
            return transaction._yookassa_read(
                client, f"receipts/{self.yookassa_reference}"
            )
        if self.yookassa_since < self.env.cr.now() - KEY_LIFE:
            raise RefusedError(0, "not answered for a day")
        found = client.post("receipts", self.yookassa_body, self.yookassa_key)
        self.yookassa_reference = found["id"]
        return found

    def _yookassa_plan(self):
        """When to ask again: seldomer the older it is, never once it is final."""
        now = self.env.cr.now()
        for receipt in self:
            delay = min(
                max((now - receipt.yookassa_since) / 2, timedelta(minutes=1)),
                timedelta(hours=1),
            )
            receipt.yookassa_ask_at = (
                receipt.state in ("pending", "sent") and now + delay
            )

    def _yookassa_ask_person(self, detail):
        transaction = self._yookassa_get_transaction()
        transaction._yookassa_open_case_of(
            transaction.provider_id,
            f"receipt:{self.id}",
            "refused",
            {"id": transaction.provider_reference},
            transaction_id=transaction.id,
            detail=f"receipt {self.key}: {detail}",
        )
