"""F5: a storm of notices for the same payments, and each is booked once.

A hundred invoices are paid at the fake YooKassa on loopback. Then a thousand notices,
ten for each payment in random order and some of them telling what is no longer true,
are posted by many senders at once to a server with two workers. Afterwards SQL that
knows nothing of the provider counts what was booked.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from clinic_cli import odoo
from clinic_cli.benching import Context

from ..schedule.measuring import result
from ..schedule.world import environment

PAYMENTS = 100
NOTICES = 1000
SENDERS = 20
REPEATS = 50  # of a notice whose connection is turned away
WORKERS = 2
PRICE = 1500
SECONDS = 300
EVENTS = (
    *("payment.succeeded",) * 8,
    "payment.waiting_for_capture",
    "payment.canceled",
)
RETRY = re.compile(r"tries left, try again|maximum number of tries")
BOOKED = """
    SELECT count(*), count(DISTINCT payment_transaction_id), COALESCE(sum(amount), 0),
           (SELECT count(*) FROM account_move
             WHERE move_type = 'out_invoice'
               AND payment_state IN ('paid', 'in_payment')),
           (SELECT count(*) FROM payment_yookassa_case)
      FROM account_payment
     WHERE state IN ('in_process', 'paid') AND payment_transaction_id IS NOT NULL
"""


@dataclass(frozen=True)
class Outcome:
    """What the storm has left behind."""

    answers: Counter[int]  # HTTP statuses of the notices
    payments: int
    transactions: int  # with a payment
    amount: float
    paid_invoices: int
    cases: int  # for a person
    retries: int
    seconds: float  # from the first notice to the last booking
    accepted: float  # seconds in which all notices were answered


def storm(
    context: Context,
    database: str,
    configuration: str,
    payments: int = PAYMENTS,
    notices: int = NOTICES,
) -> Outcome:
    """Pay ``payments`` invoices in ``database`` and let ``notices`` rain."""
    log = context.logs / "bench-webhooks.log"
    with environment(database, configuration) as env, _shop() as fake:
        provider = _prepare(env, fake)
        found = _pay(env, fake, provider, payments)
        env.cr.commit()
        arguments = (f"--workers={WORKERS}", "--log-level=info")
        with odoo.OdooServer(database, None, *arguments, log=log) as server:
            server.wait_until_ready()
            url = f"{server.url}/payment/yookassa/webhook/{provider.id}"
            started = time.monotonic()
            answers = _rain(fake, url, found, notices)
            accepted = time.monotonic() - started
            counted = _wait(env, payments)
            seconds = time.monotonic() - started
    retries = len(RETRY.findall(log.read_text(errors="replace")))
    return Outcome(answers, *counted, retries, seconds, accepted)


@contextmanager
def _shop() -> Iterator[Any]:
    """The fake YooKassa; importable once the addons are known."""
    from odoo.addons.payment_yookassa.tests.fake_yookassa import FakeYooKassa

    fake = FakeYooKassa()
    try:
        yield fake
    finally:
        fake.close()


def _prepare(env: Any, fake: Any) -> Any:
    """A company that takes roubles, and its shop."""
    from odoo.addons.payment_yookassa.tests.fake_yookassa import SECRET, SHOP

    rub = env.ref("base.RUB")
    rub.active = True
    env.company.currency_id = rub
    parameters = env["ir.config_parameter"]
    parameters.set_param("payment_yookassa.api_url", fake.url)
    parameters.set_param("payment_yookassa.networks", "127.0.0.0/8")
    provider = env["payment.provider"].search(
        [("code", "=", "yookassa"), ("company_id", "=", env.company.id)]
    )
    provider.write(
        {
            "yookassa_shop_id": SHOP,
            "yookassa_secret_key": SECRET,
            "state": "test",
            "is_published": True,
        }
    )
    return provider


def _pay(env: Any, fake: Any, provider: Any, count: int) -> list[dict[str, Any]]:
    """Invoices whose payers have paid at the bank; nobody here has heard of it."""
    partners = env["res.partner"].create(
        [
            {"name": f"Payer {number}", "email": f"payer{number}@example.com"}
            for number in range(count)
        ]
    )
    service = env["product.product"].create({"name": "Service", "type": "service"})
    invoices = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": service.id,
                            "price_unit": PRICE,
                            "tax_ids": [(5, 0, 0)],
                        },
                    )
                ],
            }
            for partner in partners
        ]
    )
    invoices._post()
    found = []
    for invoice in invoices:
        transaction = env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": env.ref("payment.payment_method_card").id,
                "amount": PRICE,
                "currency_id": env.company.currency_id.id,
                "partner_id": invoice.partner_id.id,
                "operation": "online_redirect",
                "invoice_ids": [(6, 0, invoice.ids)],
            }
        )
        transaction._get_processing_values()
        transaction._yookassa_start()
        # Only the notices shall tell, not the cron that asks for what is open.
        transaction.yookassa_ask_at = False
        found.append(fake.pay(transaction.provider_reference, notify=False))
    return found


def _rain(
    fake: Any, url: str, payments: list[dict[str, Any]], count: int
) -> Counter[int]:
    chance = random.Random(5)
    notices = [
        (
            EVENTS[number // len(payments) % len(EVENTS)],
            payments[number % len(payments)],
        )
        for number in range(count)
    ]
    chance.shuffle(notices)
    with ThreadPoolExecutor(SENDERS) as senders:
        return Counter(senders.map(lambda notice: _send(fake, url, *notice), notices))


def _send(fake: Any, url: str, event: str, payment: dict[str, Any]) -> int:
    """Post a notice as the shop does: again, until there is an answer."""
    for _again in range(REPEATS):
        with suppress(OSError):
            return fake.send_notice(url, event, payment)
        time.sleep(0.2)
    return 0


def _wait(env: Any, payments: int) -> tuple[int, int, float, int, int]:
    """Count until everything is booked, and once more after that."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        env.cr.rollback()
        env.cr.execute(
            "SELECT count(*) FROM payment_yookassa_notice WHERE state = 'new'"
        )
        [waiting] = env.cr.fetchone()
        env.cr.execute(BOOKED)
        counted = env.cr.fetchone()
        if not waiting and counted[0] >= payments:
            break
        time.sleep(0.2)
    return counted


def measure(
    context: Context, database: str, configuration: str
) -> list[dict[str, Any]]:
    """F5."""
    with context.progress.step("Finance: storm of notices"):
        seen = storm(context, database, configuration)
    met = (
        seen.answers == {200: NOTICES}
        and seen.payments == seen.transactions == seen.paid_invoices == PAYMENTS
        and seen.amount == PAYMENTS * PRICE
        and not seen.cases
    )
    statuses = ", ".join(f"{n} x HTTP {status}" for status, n in seen.answers.items())
    return [
        result(
            "F5",
            f"payments booked after a storm of {NOTICES} notices for {PAYMENTS}",
            seen.payments,
            "payments",
            f"{PAYMENTS}, each once",
            met,
            f"{SENDERS} senders, {WORKERS} workers and a cron, fake YooKassa on"
            f" loopback: {statuses} in {seen.accepted:.1f} s, {seen.retries} retries;"
            f" all booked after {seen.seconds:.1f} s, {seen.paid_invoices} invoices"
            f" paid, {seen.transactions} payments, {seen.amount:.0f} of"
            f" {PAYMENTS * PRICE} roubles, {seen.cases} for a person",
        )
    ]
