"""Money of the days: paid ahead by a link, by transfer later, by insurers monthly."""

from datetime import timedelta

from odoo.fields import Command, Domain

from .terms import find_bank

DAY = timedelta(days=1)
AHEAD = 0.35  # of own visits are paid on the day before
LATER = 0.45  # of what is owed is paid in the days after
INSURER_DAYS = 11
BATCH = 1000


def note_insured(world):
    """Insurers get one invoice a month, whatever the service."""
    charges = world.env["clinic.charge"].search(
        [
            ("payment_source_id.partner_id", "!=", False),
            ("invoicing", "!=", "monthly"),
            ("posted_on", "=", False),
            ("state", "=", "open"),
        ]
    )
    charges.write({"invoicing": "monthly"})


def pay_ahead(world, span):
    """Many pay on the day before, by the link; the money waits for the visit."""
    charges = world.env["clinic.charge"].search(
        [
            ("state", "=", "open"),
            ("posted_on", "=", False),
            ("invoicing", "!=", "monthly"),
            ("payment_source_id", "=", False),
            ("amount", ">", 0),
            ("appointment_id.state", "in", ("booked", "confirmed")),
            ("appointment_id.start", ">", span.stop),
            ("appointment_id.start", "<=", span.stop + DAY),
        ]
    )
    chosen = charges.filtered(
        lambda charge: world.random("ahead", charge.id).random() < AHEAD
    )
    with world.at(span.start + (span.stop - span.start) * 0.6):
        for company, some in chosen.grouped("company_id").items():
            pay(
                world,
                company,
                [prepare_payment(charge, charge.amount) for charge in some],
            )


def pay_later(world, span):
    """What is owed for visits is paid within days, or stays a debt."""
    invoices = world.env["account.move"].search(
        [
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("amount_residual", ">", 0),
            ("clinic_patient_id", "!=", False),
            ("invoice_date", "<", span.stop.date()),
            ("invoice_date", ">=", (span.stop - 4 * DAY).date()),
        ]
    )
    today = span.stop.date()
    chosen = invoices.filtered(
        lambda invoice: (
            world.random("later", invoice.id).random() < LATER
            and (today - invoice.invoice_date).days == 1 + invoice.id % 3
        )
    )
    with world.at(span.start + (span.stop - span.start) * 0.7):
        for company, some in chosen.grouped("company_id").items():
            pay(
                world,
                company,
                [
                    {
                        "partner_id": invoice.commercial_partner_id.id,
                        "clinic_patient_id": invoice.clinic_patient_id.id,
                        "amount": invoice.amount_residual,
                    }
                    for invoice in some
                ],
            )


def prepare_payment(charge, amount):
    """Values of a payment for ``charge``."""
    return {
        "partner_id": charge.payer_id.id,
        "clinic_patient_id": charge.patient_id.id,
        "clinic_charge_ids": [Command.set(charge.ids)],
        "amount": amount,
    }


def pay(world, company, vals_list):
    """Payments to the bank of ``company``, posted together."""
    if not vals_list:
        return
    payments = world.env["account.payment"].with_company(company)
    common = {
        "payment_type": "inbound",
        "partner_type": "customer",
        "journal_id": find_bank(world.env, company).id,
    }
    payments.create([{**common, **vals} for vals in vals_list]).action_post()


def close_month(world, span):
    """Invoices of the month that is over; insurers pay some days later."""
    env = world.env
    if span.stop.day == 12 and span.start.day != 12:
        with world.at(span.stop):
            pay_insured(world, span)
    if span.stop.day != 1:
        return
    with world.at(span.stop):
        charges = env["clinic.charge"]
        due = charges.search(
            charges._get_rendered_domain() & Domain("invoicing", "=", "monthly"),
            order="date, id",
        )
        for company, some in due.grouped("company_id").items():
            some.with_company(company)._invoice()


def pay_insured(world, span):
    """An insurer pays its invoice by one transfer."""
    sources = world.env["clinic.payment.source"].search([("partner_id", "!=", False)])
    owed = world.env["account.move"].search(
        [
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("amount_residual", ">", 0),
            ("partner_id", "in", sources.partner_id.ids),
            ("invoice_date", "<=", (span.stop - INSURER_DAYS * DAY).date()),
        ]
    )
    for invoice in owed[: len(owed) // 2]:
        register = world.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        register.with_company(invoice.company_id).create({})._create_payments()


def ask(world, span):
    """Links for visits to come, as the nightly job sends them."""
    if (world.now - span.stop) > 3 * DAY:
        return
    charges = world.env["clinic.charge"]
    with world.at(span.start + (span.stop - span.start) * 0.65):
        due = charges.search(charges._get_ask_domain(), limit=BATCH)
        for company, some in due.grouped("company_id").items():
            some.with_company(company)._ask()
