"""The cashier's day: a shift is opened, sales, the count in the evening."""

from datetime import timedelta

HOUR = timedelta(hours=1)
SALES = 2
# Wall hours at which the till opens and closes, as UTC of Moscow.
OPENS, CLOSES = 6 * HOUR, 16 * HOUR
LOGIN = "cashier"


def set_up(world):
    """A till and a card terminal at each branch."""
    branches = world.env["clinic.branch"].search([])
    for number, branch in enumerate(branches, start=1):
        world.env["clinic.cash.desk"].with_company(branch.company_id).create(
            {"name": world.say(f"Касса {number}|Till {number}"), "branch_id": branch.id}
        )


def work(world, span):
    """One till of the first branch works, seven days a week."""
    desk = world.env["clinic.cash.desk"].search([], order="id", limit=1)
    midnight = span.start.replace(hour=0, minute=0, second=0, microsecond=0)
    opens, closes = midnight + OPENS, midnight + CLOSES
    if not desk.shift_id and opens < span.stop:
        with world.at(max(opens, span.start)):
            count(world, desk, "open")
            if not desk.cash_balance:
                transfer(
                    world, desk, "in", 5000, "Размен из сейфа|Change from the safe"
                )
    with world.at(max(span.start, min(span.stop, closes))):
        sell(world, span, desk)
    if closes <= span.stop and not span.is_last and desk.shift_id:
        with world.at(max(closes, span.start)):
            close(world, desk, midnight)


def close(world, desk, day):
    """The day's cash goes to the bank; once in a while the count does not fit."""
    world.env.invalidate_all()
    over = int(desk.cash_balance - 5000)
    if over > 1000:
        transfer(world, desk, "out", over, "Инкассация в банк|To the bank")
    if day.day % 11 == 0:
        reason = "Не хватает 50 ₽: ошибка при сдаче|50 ₽ short: wrong change"
        count(world, desk, "close", -50, world.say(reason))
    else:
        count(world, desk, "close")


def sell(world, span, desk):
    """Some of the patients who were received pay at the till."""
    env = world.env
    if not desk.shift_id:
        return
    invoices = env["account.move"].search(
        [
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("amount_residual", ">", 0),
            ("clinic_patient_id.payment_source_id", "=", False),
            ("clinic_appointment_id.branch_id", "=", desk.branch_id.id),
            ("clinic_appointment_id.stop", ">", span.start),
            ("clinic_appointment_id.stop", "<=", span.stop),
        ],
        limit=SALES,
    )
    for number, invoice in enumerate(invoices):
        due = invoice.amount_residual
        means = "cash" if number % 2 else "card"
        world.of(LOGIN, "clinic.cash.sale").pay(
            {
                "key": f"demo-{invoice.id}",
                "desk_id": desk.id,
                "patient_id": invoice.clinic_patient_id.id,
                "payer_id": invoice.commercial_partner_id.id,
                "invoice_ids": invoice.ids,
                "expected": due,
                means: due,
            }
        )


def count(world, desk, kind, difference=0, reason=False):
    """The cash is counted by notes and coins."""
    # As in a request of its own: the till's balance has been read before.
    world.env.invalidate_all()
    own = world.of(LOGIN, "clinic.cash.desk").browse(desk.id)
    asked = own.action_open_shift() if kind == "open" else own.action_close_shift()
    counted = world.of(LOGIN, "clinic.cash.count").browse(asked["res_id"])
    left = int(counted.expected) + difference
    for line in counted.line_ids:
        line.number, left = divmod(left, int(line.face))
    counted.reason = reason
    counted.action_done()


def transfer(world, desk, kind, amount, reason):
    """Cash goes into the till or out of it."""
    world.of(LOGIN, "clinic.cash.transfer").create(
        {
            "desk_id": desk.id,
            "kind": kind,
            "amount": amount,
            "reason": world.say(reason),
        }
    ).action_done()
