"""What the demonstration shows of this module: statements of the client bank."""

import base64
from datetime import time, timedelta

from .statement import FILENAME, Transfer, write

DAY = timedelta(days=1)
# Every so many days a statement is brought.
EVERY = 3
# On the account before the first of them.
OPENING = 1_800_000
# (sum, purpose, the other side); money that went out is below zero.
STRANGERS = (
    (
        1500,
        "Оплата медицинских услуг|Payment for medical services",
        "Смирнова Нина Петровна|Nina Smirnova",
    ),
    (
        148250,
        "Возмещение по эквайрингу, реестр {day}|Acquiring, register {day}",
        "АО «Примербанк»|Examplebank",
    ),
    (
        -18400,
        "Расходные материалы по счёту {day}|Supplies, invoice {day}",
        "ООО «Медснаб»|Medical Supplies",
    ),
)
RENT = Transfer(
    -640000,
    "Аренда помещения по договору 12/А|Rent, contract 12/A",
    "ООО «Доходный дом»|Rental House",
)


def plan(world):
    """A transfer that names its invoice pays it; the rest is left to the accountant."""
    world.env["res.company"].search([]).clinic_bank_automatic = True


def live(world, span):
    """A file of yesterday's transfers: some find their invoice, some do not."""
    # Of a day that is lived in pieces, the first one brings it: a file comes once.
    if span.start.toordinal() % EVERY or span.start.time() != time.min:
        return
    journal = world.env["account.journal"].search(
        [("type", "=", "bank"), ("bank_account_id", "!=", False)], order="id", limit=1
    )
    file = write(
        journal.bank_account_id.acc_number,
        (span.stop - DAY).date(),
        find_transfers(world, span, journal.company_id),
        span.start.toordinal() % 10000 * 10,
        find_balance(world, journal),
    )
    with world.at(span.stop):
        world.of("accountant", "account.statement.import").with_context(
            journal_id=journal.id, allowed_company_ids=journal.company_id.ids
        ).create(
            {
                "statement_filename": FILENAME,
                "statement_file": base64.b64encode(file),
            }
        ).import_file_button()


def find_balance(world, journal):
    """With which the last statement has ended."""
    last = world.env["account.bank.statement"].search(
        [("journal_id", "=", journal.id)], order="first_line_index desc", limit=1
    )
    return last.balance_end_real if last else OPENING


def find_transfers(world, span, company):
    """Of debts by the number of the invoice, and of strangers."""
    owed = world.env["account.move"].search(
        [
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("amount_residual", ">", 0),
            ("company_id", "=", company.id),
            ("clinic_patient_id", "!=", False),
            ("invoice_date", "<=", (span.stop - 4 * DAY).date()),
        ],
        limit=2,
    )
    text = world.say("Оплата по счёту {name}. Без НДС|Invoice {name}, no VAT")
    for invoice in owed:
        purpose = text.format(name=invoice.name)
        yield Transfer(invoice.amount_residual, purpose, invoice.partner_id.name)
    chance = world.random("bank", span.start.date())
    for amount, purpose, partner in STRANGERS:
        said = world.say(purpose).format(day=span.start.toordinal() % 1000)
        extra = chance.randint(0, 90) * 10
        yield Transfer(amount + extra, said, world.say(partner))
    if span.start.day <= EVERY:
        yield Transfer(RENT.amount, world.say(RENT.purpose), world.say(RENT.partner))
