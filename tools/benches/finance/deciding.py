"""F4: a pass of the rules over all coming visits.

Visits, their charges and old debts are filled by SQL as the suite has made the first of
them; five rules ask for reminders, blocks, tasks and notices.
"""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta, timezone
from typing import Any

from clinic_cli.benching import Context
from worlds import World, copy_rows, pick

from ..schedule.measuring import result
from ..schedule.world import environment

VISITS = int(os.environ.get("CLINIC_BENCH_DECISIONS", "10000"))
PATIENTS = 2000
INSERTS = (1000 - 100) // 100  # more for one kind of rows, 1000 instead of 100
RULES = (
    ("remind", "[('unpaid', '>', 0), ('overdue_days', '<', 60)]"),
    ("block", "[('debt', '>', 0), ('overdue_days', '>=', 60)]"),
    ("task", "[('overdue_days', '>', 90)]"),
    ("notify", "[('missed_year', '>', 2)]"),
    ("remind", "[('probability_no_show', '>', 0.9)]"),
)


def measure(
    context: Context, database: str, configuration: str
) -> list[dict[str, Any]]:
    """F4."""
    with environment(database, configuration) as env:
        with context.progress.step("Finance: fill coming visits"):
            _fill(env)
        with context.progress.step("Finance: decisions"):
            few, many = _count_statements(env, 100), _count_statements(env, 1000)
            env.invalidate_all()
            started = time.perf_counter()
            env["clinic.decision.rule"]._cron_decide()
            seconds = time.perf_counter() - started
            last = env["clinic.decision.pass"].search([], limit=1)
            decided, failures = last.decisions, last.failures
            assert last.visits == VISITS and not failures, "not all are decided"
    return [
        result(
            "F4",
            f"decisions about {VISITS} coming visits",
            seconds,
            "s",
            "under 60 s; 1000 visits take no statements more than 100, but for the"
            " inserts of blocks and tasks that Odoo makes by the hundred",
            seconds < 60 and many <= few + 2 * INSERTS,
            f"{len(RULES)} rules, {decided} decisions carried out with log and"
            f" messages; {few} statements for a batch of 100 visits, {many} for one of"
            " 1000",
        )
    ]


def _fill(env: Any) -> None:
    world = World(env, tz="UTC", list_price=1500)
    world.add_rooms(1)
    specialist = world.add_specialists(1)
    now = datetime.now(timezone.utc).replace(microsecond=0, tzinfo=None)
    start = (now + timedelta(days=1)).replace(hour=9, minute=0, second=0)
    world.add_shifts(specialist, None, start, start + timedelta(hours=8))
    patients = world.add_patients(PATIENTS)
    visit = env["clinic.appointment"].browse(
        env["clinic.appointment"].book(
            {
                "service_id": world.service.id,
                "specialist_id": specialist.id,
                "patient_id": patients[0].id,
                "start": start.strftime("%Y-%m-%d %H:%M:%S"),
            }
        )
    )
    _fill_visits(env, visit, patients)
    _fill_debts(env, patients)
    _create_rules(env, now)
    visit._cancel(env["clinic.cancel.reason"].create({"name": "First of all"}))
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.invalidate_all()


def _fill_visits(env: Any, visit: Any, patients: Any) -> None:
    """Coming visits with a charge each, and three past visits of every patient."""
    env.flush_all()
    some = pick(patients.ids)
    past = {
        "state": "'done'",
        "patient_id": some,
        "create_date": "t.start - interval '1 year'",
    }
    for number in range(1, 4):
        copy_rows(
            env,
            "clinic_appointment",
            visit.id,
            PATIENTS,
            session_id=f"{number}000000 + n",
            start=f"t.start - interval '{number * 40} days'",
            stop=f"t.stop - interval '{number * 40} days'",
            **past,
        )
    coming = copy_rows(
        env,
        "clinic_appointment",
        visit.id,
        VISITS,
        session_id="9000000 + n",
        patient_id=some,
        start="t.start + n * interval '1 minute'",
        stop="t.stop + n * interval '1 minute'",
        create_date="t.create_date - interval '2 days'",
    )
    copy_rows(
        env,
        "clinic_charge",
        visit.charge_ids.id,
        VISITS,
        appointment_id=pick(coming),
        patient_id=some,
        create_date="t.create_date - interval '2 days'",
    )


def _fill_debts(env: Any, patients: Any) -> None:
    """An invoice of each patient, due up to four months ago; every third is settled."""
    move = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": patients[0].partner_id.id,
            "invoice_line_ids": [
                (0, 0, {"name": "Visit", "price_unit": 900, "tax_ids": [(5, 0, 0)]})
            ],
        }
    )
    move.action_post()
    env.flush_all()
    item = move._get_receivable_lines()
    partners = patients.partner_id.ids
    for sign, some in (("", partners), ("-", partners[::3])):
        copy_rows(
            env,
            "account_move_line",
            item.id,
            len(some),
            partner_id=pick(some),
            balance=f"{sign}900",
            amount_currency=f"{sign}900",
            date="t.date - 120",
            date_maturity="t.date - (n %% 120)::int",
        )


def _create_rules(env: Any, now: datetime) -> None:
    rules = env["clinic.decision.rule"]
    rules.search([("is_on", "=", True)]).action_switch_off()
    for sequence, (kind, domain) in enumerate(RULES):
        rule = rules.create(
            {
                "name": f"Rule {sequence}",
                "sequence": sequence,
                "trigger": "daily",
                "daily_hour": 0,
                "days_ahead": 30,
                "domain": domain,
                "action_ids": [(0, 0, {"kind": kind, "user_id": env.uid})],
            }
        )
        rule._switch_on()
        # As if it had been on for days: midnight is behind us.
        rule.on_since = now - timedelta(days=3)


def _count_statements(env: Any, visits: int) -> int:
    """Statements of one batch; what it does is taken back."""
    rules = env["clinic.decision.rule"]
    met = rules._find_met(env["clinic.decision.pass"]._get_open())
    some = sorted({visit for keys in met.values() for visit in keys})[:visits]
    assert len(some) == visits
    counts = []
    for _repeat in range(2):  # the first fills the caches
        env.cr.execute("SAVEPOINT count")
        env.invalidate_all()
        before = env.cr.sql_log_count
        rules._log_decisions(met, some)._act()
        env.flush_all()
        counts.append(env.cr.sql_log_count - before)
        env.cr.execute("ROLLBACK TO count")
        env.invalidate_all()
    return counts[-1]
