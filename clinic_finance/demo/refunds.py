"""Money that the accountant has given back."""

from datetime import timedelta

from .terms import find_bank

DAY = timedelta(days=1)
# Every so many days one payment goes back.
EVERY = 4
LATELY = 20 * DAY
REASONS = (
    "Пациент отменил визит и попросил вернуть деньги"
    "|The patient cancelled and asked for the money",
    "Оплачено дважды|Paid twice",
    "Переезд в другой город|Moved to another city",
)


def give_back(world, span):
    """One free advance, by transfer to whoever has paid it."""
    day = span.start.toordinal()
    if day % EVERY or world.now - span.stop > LATELY or span.is_last:
        return
    with world.at(span.start + (span.stop - span.start) * 0.5):
        payment = find_free(world, span)
        if payment:
            refund(world, payment, day)


def find_free(world, span):
    """The latest payment for a visit that was cancelled."""
    charges = world.env["clinic.charge"].search(
        [
            ("state", "=", "cancelled"),
            ("kind", "=", "service"),
            ("payer_id", "!=", False),
            ("date", ">=", (span.start - 30 * DAY).date()),
        ]
    )
    payments = world.env["account.payment"].search(
        [
            ("payment_type", "=", "inbound"),
            ("state", "in", ("in_process", "paid")),
            ("clinic_charge_ids", "in", charges.ids),
            ("clinic_refund_ids", "=", False),
        ],
        order="id desc",
        limit=5,
    )
    return payments.filtered(lambda one: one._get_refundable() > 0)[:1]


def refund(world, payment, day):
    refunds = world.of("accountant", "clinic.refund")
    text = world.say("Заявление № {number}|Application {number}")
    refunds.with_context(allowed_company_ids=payment.company_id.ids).create(
        {
            "payment_id": payment.id,
            "amount": payment._get_refundable(),
            "way": "bank",
            "bank_journal_id": find_bank(world.env, payment.company_id).id,
            "application": text.format(number=day % 1000),
            "reason": world.say(REASONS[day % len(REASONS)]),
        }
    ).action_refund()
