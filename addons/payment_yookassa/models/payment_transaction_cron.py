import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, models

from ..tools.api import RefusedError, UncertainError
from .payment_transaction_answer import OPEN

_logger = logging.getLogger(__name__)

BATCH = 100
# Keys are remembered for 24 h; a later repetition might do the same thing again.
KEY_LIFE = timedelta(hours=23)


class PaymentTransaction(models.Model):
    """Asks again for whatever is not known yet, and books what is."""

    _inherit = "payment.transaction"

    # === CRON === #

    @api.model
    def _cron_yookassa(self):
        """Act on notices, ask for what is open, send what waits, book what has come.

        One after the other, each in a transaction of its own: a kill loses nothing, and
        one bad record never stops the rest. What has come is booked before anything
        else is asked for.
        """
        notices = self.env["payment.yookassa.notice"]
        cron = self.env["ir.cron"]
        steps = (
            (notices, notices._get_waiting_domain(), "_attend"),
            (self, self._yookassa_get_due_domain(), "_yookassa_attend"),
        )
        cron._commit_progress(
            remaining=sum(model.search_count(domain) for model, domain, _ in steps)
        )
        in_time = self._yookassa_book_all()
        for model, domain, method in steps:
            for record in model.search(domain, limit=BATCH, order="id"):
                if not in_time:
                    # Odoo's server for crons would rest for a minute.
                    self.env.ref("payment_yookassa.ir_cron_follow_up")._trigger()
                    return
                getattr(record, method)()
                in_time = cron._commit_progress(1) and self._yookassa_book_all()

    @api.model
    def _yookassa_book_all(self):
        """Book what has come; whether there is time left."""
        domain = self._yookassa_get_booking_domain()
        for transaction in self.search(domain, limit=BATCH, order="id"):
            transaction._yookassa_book()
            if not self.env["ir.cron"]._commit_progress():
                return False
        return True

    @api.model
    def _yookassa_get_due_domain(self):
        return [
            ("yookassa_ask_at", "<=", self.env.cr.now()),
            ("state", "in", OPEN),
        ]

    @api.model
    def _yookassa_get_booking_domain(self):
        return [
            ("yookassa_call", "!=", False),
            ("state", "in", ("done", "cancel")),
            ("is_post_processed", "=", False),
            "|",
            ("yookassa_ask_at", "=", False),
            ("yookassa_ask_at", "<=", self.env.cr.now()),
        ]

    def _yookassa_attend(self):
        """Ask about one transaction; never raises."""
        self.ensure_one()
        payment = self.source_transaction_id or self
        try:
            if not payment.try_lock_for_update():
                return
            with self.env.cr.savepoint():
                if self._yookassa_is_forgotten():
                    self._yookassa_give_up()
                else:
                    self._yookassa_follow_up()
        except OperationalError:
            # Somebody else has changed it just now, and plans what comes next.
            self.env.cr.rollback()
        except RefusedError as error:
            self._yookassa_note_refusal(error)
        except UncertainError as error:
            _logger.info("Transaction %s: %s", self.reference, error)
            self._yookassa_note_silence()
        except Exception as error:
            _logger.warning(
                "Transaction %s: %s",
                self.reference,
                type(error).__name__,
                exc_info=True,
            )
            self._yookassa_note_silence()

    def _yookassa_is_forgotten(self):
        """Whether YooKassa may no longer know the key of a call without an answer."""
        return (
            not self.provider_reference
            and self.yookassa_call in ("create", "refund")
            and self.yookassa_sent_at < self.env.cr.now() - KEY_LIFE
        )

    def _yookassa_give_up(self):
        """Never send again what a forgotten key would do twice; look for it instead."""
        if self.yookassa_call == "create":
            # Nobody has seen the page where it could be paid.
            self._set_canceled(self.env._("YooKassa did not answer."))
            self._yookassa_schedule()
            return
        refunds = self.provider_id._yookassa_client().get(
            "refunds", payment_id=self.source_transaction_id.provider_reference
        )
        for refund in refunds.get("items") or ():
            if (refund.get("metadata") or {}).get("reference") == self.reference:
                self._yookassa_apply_refund(refund)
                return
        self._set_error(self.env._("YooKassa did not answer; nothing was refunded."))
        self._yookassa_schedule()
        self._yookassa_open_case("unclear")

    def _yookassa_book(self):
        """Make the entries of one transaction; never raises.

        Trouble in the books leaves the payment received, and asks a person.
        """
        self.ensure_one()
        try:
            if not self.try_lock_for_update():
                return
            with self.env.cr.savepoint():
                self._post_process()
        except OperationalError:
            self.env.cr.rollback()
        except Exception as error:
            _logger.warning(
                "Transaction %s could not be booked: %s",
                self.reference,
                type(error).__name__,
                exc_info=True,
            )
            self.yookassa_ask_at = self.env.cr.now() + timedelta(hours=1)
            self._yookassa_open_case("booking")
