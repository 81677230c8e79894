"""The finance manager's work: rules, decisions, prices, a score, the bank."""

import base64
import csv
import io
import math
from datetime import timedelta
from random import Random

from odoo import fields
from odoo.fields import Command

from odoo.addons.clinic_decision.tools.scoring import COLUMNS
from odoo.addons.clinic_finance_bank.demo import statement

from . import content

DAY = timedelta(days=1)
ON_SINCE = 8 * DAY


class DemoFinance:
    """Written with the rights of those who answer for money."""

    def __init__(self, clinic, history):
        self.clinic = clinic
        self.history = history
        self.env = clinic.env
        self.of = history.of

    def build(self):
        self.revise_prices()
        self.switch_rules_on()
        self.decide()
        self.override_one()
        self.block_by_hand()
        self.try_rule()
        self.score_visits()
        self.learn_score()
        self.import_statement()

    def revise_prices(self):
        """Two patients pay less than the list says, from today on."""
        for name, terms in content.PRICES:
            profiles = self.of("finance", "clinic.visit.profile").search(
                [("patient_id", "=", self.history.patients[name].id)], limit=1
            )
            self.of("finance", "clinic.profile.revise").create(
                {"profile_ids": [Command.set(profiles.ids)], **terms}
            ).action_revise()

    # === RULES === #

    def get_rule(self, name):
        return self.of("finance", "clinic.decision.rule").browse(
            self.env.ref(f"clinic_decision.clinic_decision_rule_{name}").id
        )

    def switch_rules_on(self):
        with self.history.at(self.history.now - ON_SINCE):
            for name in ("missed", "remind", "block"):
                self.get_rule(name).action_switch_on_untried()
            self.create_rule().action_switch_on_untried()
        self.of("finance", "clinic.decision.exemption").create(
            {
                "patient_id": self.history.patients["nosova"].id,
                "reason": "Сотрудница клиники",
            }
        )

    def create_rule(self):
        """A rule of the clinic's own: somebody calls whoever owes much."""
        vals = dict(content.RULE)
        english = vals.pop("english")
        rule = self.of("finance", "clinic.decision.rule").create(
            {
                **vals,
                "action_ids": [
                    Command.create(
                        {
                            "kind": "task",
                            "user_id": self.clinic.users["registrar"].id,
                            "text": content.TASK,
                        }
                    )
                ],
            }
        )
        rule.with_context(lang="en_US").name = english
        return rule

    def decide(self):
        """One pass of the rules, as their cron makes it, without its commits."""
        rules = self.env["clinic.decision.rule"]
        decision_pass = self.env["clinic.decision.pass"]._get_open()
        met = rules._find_met(decision_pass)
        visits = sorted({visit for keys in met.values() for visit in keys})
        rules._decide_batch(met, visits, decision_pass)
        decision_pass.finished_on = fields.Datetime.now()

    def override_one(self):
        logs = self.of("finance", "clinic.decision.log").search(
            [("kind", "=", "prepay"), ("outcome", "=", "done")], limit=1
        )
        self.of("finance", "clinic.decision.override").create(
            {
                "log_ids": [Command.set(logs.ids)],
                "reason": "Договорились по телефону: оплатит перед приёмом",
            }
        ).action_override()

    def block_by_hand(self):
        patient = self.history.patients["afanasyev"]
        block = self.of("finance", "clinic.financial.block").create(
            {
                "payer_id": patient._get_private_payer().id,
                "reason": "Дважды не пришёл без предупреждения",
                "date_until": fields.Date.today() + 14 * DAY,
            }
        )
        self.of("finance", "clinic.financial.block.pass").create(
            {
                "block_ids": [Command.set(block.ids)],
                "reason": "Оплатил приём по телефону картой",
            }
        ).action_pass()

    def try_rule(self):
        """Whom it would have met lately; it stays switched off."""
        self.of("finance", "clinic.decision.trial").create(
            {"rule_id": self.get_rule("cancel").id}
        ).action_try()

    # === SCORES === #

    def score_visits(self):
        """The visits of the next two weeks, as the cron does it every hour."""
        scores = self.env["clinic.score"]
        used = self.env["clinic.score.model"]._get_used()
        scores._score(scores._find_unscored(len(used)), used)

    def learn_score(self):
        """A candidate from the history of a former system, with its report."""
        text = io.StringIO()
        writer = csv.DictWriter(text, ["moment", *COLUMNS, "label"])
        writer.writeheader()
        writer.writerows(self.invent_visits(Random(7), 1500))
        self.of("finance", "clinic.score.upload").create(
            {
                "kind": "no_show",
                "filename": "visits.csv",
                "data": base64.b64encode(text.getvalue().encode()),
            }
        ).action_train()

    def invent_visits(self, random, count):
        """Visits whose patients miss more if they did before and booked long ahead."""
        first = self.history.now - count * DAY / 3
        for number in range(count):
            habit = random.choice((0.02, 0.05, 0.55))
            visits = random.randrange(1, 15)
            missed = sum(random.random() < habit for _visit in range(visits))
            lead = random.choice((0, 1, 3, 7, 14, 30))
            chance = min(0.9, habit + 0.08 * math.log1p(lead))
            yield {
                "moment": first + number * DAY / 3,
                "visits_before": visits - missed,
                "missed_before": missed,
                "last_missed": int(missed > 0 and random.random() < habit),
                "days_since": random.choice((7, 14, 30, 90)),
                "lead_days": lead,
                "weekday": random.randrange(1, 7),
                "hour": random.randrange(8, 20),
                "first_visit": 0,
                "new_patient": 0,
                "telemedicine": 0,
                "age": random.randrange(18, 80),
                "standing": int(random.random() < 0.3),
                "reachable": 1,
                "prepaid": int(random.random() < 0.2),
                "price": random.choice((1200, 2500, 3500)),
                "debt": 0,
                "overdue_days": 0,
                "label": int(random.random() < chance),
            }

    # === THE BANK === #

    def import_statement(self):
        """A file of the client bank: some transfers find their invoice, some do not."""
        bank = self.env["account.journal"].search(
            [("bank_account_id.acc_number", "=", content.BANK_ACCOUNT)], limit=1
        )
        self.of("accountant", "account.statement.import").with_context(
            journal_id=bank.id
        ).create(
            {
                "statement_filename": statement.FILENAME,
                "statement_file": base64.b64encode(self.write_statement()),
            }
        ).import_file_button()

    def write_statement(self):
        """Of yesterday; one transfer names the invoice that it pays."""
        owed = self.env["account.move"].search(
            [
                ("partner_id", "=", self.history.patients["kalinina"].partner_id.id),
                ("amount_residual", ">", 0),
            ],
            limit=1,
        )
        transfers = [
            statement.Transfer(amount, purpose.format(invoice=owed.name), partner)
            for amount, purpose, partner in content.TRANSFERS
        ]
        day = fields.Date.context_today(self.env.user) - DAY
        return statement.write(content.BANK_ACCOUNT, day, transfers, 41)
