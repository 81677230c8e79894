"""The finance manager's rules, what they have decided, and who has promised to pay."""

from datetime import timedelta

DAY = timedelta(days=1)
LATELY = 3 * DAY
RULES = ("missed", "remind", "block")
PROMISES = 4


def switch_on(world):
    """Three of the rules that come with the module; the others wait to be tried."""
    for name in RULES:
        rule = world.env.ref(f"clinic_decision.clinic_decision_rule_{name}")
        world.of("finance", "clinic.decision.rule").browse(
            rule.id
        ).action_switch_on_untried()


def decide(world, span):
    """One pass of the rules, as their cron makes it, without its commits."""
    env = world.env
    with world.at(span.stop):
        rules = env["clinic.decision.rule"]
        decision_pass = env["clinic.decision.pass"]._get_open()
        met = rules._find_met(decision_pass)
        visits = sorted({visit for keys in met.values() for visit in keys})
        rules._decide_batch(met, visits, decision_pass)
        decision_pass.finished_on = env.cr.now().replace(microsecond=0)


def find_debtors(world):
    """Patients with an unpaid invoice of their own, the oldest debt first."""
    invoices = world.env["account.move"].search(
        [
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("amount_residual", ">", 0),
            ("clinic_patient_id.payment_source_id", "=", False),
            ("clinic_patient_id", "!=", False),
        ],
        order="invoice_date, id",
        limit=40,
    )
    return invoices.filtered(
        lambda one: one.partner_id == one.clinic_patient_id.partner_id
    )


def promise(world):
    """Some debtors have said by when they will pay."""
    promises = world.of("registrar", "clinic.payment.promise")
    known = world.env["clinic.payment.promise"].search([]).patient_id
    own = find_debtors(world).filtered(
        lambda one: (
            one.clinic_patient_id not in known
            and one.company_id == promises.env.user.company_id
        )
    )
    with world.at(world.now):
        for number, invoice in enumerate(own[: PROMISES - len(known)]):
            promises.create(
                {
                    "patient_id": invoice.clinic_patient_id.id,
                    "payer_id": invoice.partner_id.id,
                    "amount": invoice.amount_residual,
                    "date": world.now.date() + DAY * (2 + 3 * number),
                }
            )
        world.env["clinic.payment.promise"]._close_due()


def block(world):
    """One payer may not book before paying, by hand."""
    blocks = world.of("finance", "clinic.financial.block")
    own = blocks.env.user.company_id
    debtors = find_debtors(world).filtered(lambda one: one.company_id == own)
    if not debtors or world.env["clinic.financial.block"].search_count([]):
        return
    with world.at(world.now):
        blocks.create(
            {
                "payer_id": debtors[-1:].partner_id.id,
                "reason": world.say(
                    "Дважды не пришёл без предупреждения|Missed two visits untold"
                ),
                "date_until": world.now.date() + 14 * DAY,
            }
        )


def score(world):
    """Visits of the next days, as the cron does it every hour."""
    with world.at(world.now):
        scores = world.env["clinic.score"]
        used = world.env["clinic.score.model"]._get_used()
        scores._score(scores._find_unscored(len(used)), used)
