"""A hundred boards hear of a change: who is given the answer that another one got."""

from datetime import timedelta

from odoo import Command
from odoo.fields import Domain
from odoo.tests import new_test_user, tagged

from ...models.desk import clinic_appointment_board
from ...models.desk.clinic_appointment_board import BOARD_MODELS
from ...tools.shared_answers import SharedAnswers
from ..common import MONDAY
from .test_board import BoardCommon

# Versions below and above those of this database.
BEFORE, LATER = 0, 2**52
CLINIC_ROLES = (
    "registrar_chief",
    "call_center",
    "medical",
    "medical_chief",
    "cashier",
    "accountant",
    "finance_manager",
    "clinic_manager",
    "owner",
    "clinic_admin",
)


@tagged("post_install", "-at_install")
class TestSharedBoards(BoardCommon):
    def setUp(self):
        super().setUp()
        self.shared = SharedAnswers()
        self.patch(clinic_appointment_board, "SHARED", self.shared)
        self.colleague = new_test_user(
            self.env, "board_colleague", "clinic_base.group_registrar"
        )

    def read(self, user, announced=BEFORE, lang="en_US", **criteria):
        visits = self.visits.with_user(user).with_context(lang=lang)
        return visits.get_board_visits(
            {"branch_id": self.branch.id, "day": str(MONDAY), **criteria},
            [self.visit.id, self.other_visit.id],
            announced,
        )

    def count(self, user, **options):
        """Statements of a reading, when the caches of rights have been filled."""
        self.read(user, days=7)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.read(user, **options)
        return self.env.cr.sql_log_count - before

    def test_a_colleague_with_the_same_rights_is_answered_without_reading(self):
        answer = self.read(self.registrar)
        self.assertEqual(len(answer["visits"]), 2)
        self.assertEqual(self.count(self.colleague), 0)
        self.assertEqual(self.read(self.colleague), answer)

    def test_what_one_page_does_to_its_answer_is_not_in_that_of_another(self):
        self.read(self.registrar)["visits"].clear()
        self.read(self.colleague)["patients"].clear()
        answer = self.read(self.colleague)
        self.assertEqual(len(answer["visits"]), 2)
        self.assertEqual(len(answer["patients"]), 2)

    def test_a_change_that_was_announced_later_is_read(self):
        self.read(self.registrar)
        self.visit.cancel(self.reason.id)
        answer = self.read(self.colleague, announced=LATER)
        self.assertEqual([one["id"] for one in answer["visits"]], [self.other_visit.id])

    def test_an_own_change_which_nobody_announced_is_read(self):
        self.read(self.registrar)
        self.visit.cancel(self.reason.id)
        answer = self.read(self.registrar, announced=None)
        self.assertEqual([one["id"] for one in answer["visits"]], [self.other_visit.id])

    def test_what_was_not_announced_is_seen_after_two_seconds(self):
        self.read(self.registrar)
        self.patient.last_name = "Petrov"
        self.freeze(self.now + timedelta(seconds=3), self.addCleanup)
        names = self.read(self.colleague)["patients"]
        self.assertIn("Petrov", names[self.patient.id])

    def test_the_version_is_above_all_that_was_committed_before(self):
        self.env.cr.execute("SELECT txid_snapshot_xmax(txid_current_snapshot())")
        (version,) = self.env.cr.fetchone()
        self.assertEqual(self.read(self.registrar)["version"], version)
        self.assertIsNone(self.shared.take("unknown", BEFORE))

    def test_every_role_is_answered_as_if_it_had_asked_alone(self):
        for role in CLINIC_ROLES:
            new_test_user(self.env, f"board_{role}", f"clinic_base.group_{role}")
        users = self.env["res.users"].search([("login", "=like", "board_%")])
        alone = {}
        for user in users:
            self.shared._answers.clear()
            alone[user] = self.read(user, announced=None)
        self.shared._answers.clear()
        for user in (*users, *reversed(users)):
            with self.subTest(user.login):
                self.assertEqual(self.read(user), alone[user])

    def test_a_specialist_is_not_given_the_registrars_answer(self):
        self.assertEqual(len(self.read(self.registrar)["visits"]), 2)
        answer = self.read(self.doctor)
        self.assertEqual([one["id"] for one in answer["visits"]], [self.visit.id])
        self.assertNotIn(self.other_patient.id, answer["patients"])

    def test_another_company_language_or_day_has_an_answer_of_its_own(self):
        company = self.env["res.company"].create({"name": "Other clinic"})
        wider = new_test_user(
            self.env,
            "board_wider",
            "clinic_base.group_registrar",
            company_ids=[Command.set((company | self.env.company).ids)],
        )
        self.read(self.registrar)
        self.assertGreater(self.count(wider), 0)
        self.assertGreater(self.count(self.colleague, lang="ru_RU"), 0)
        self.assertGreater(self.count(self.colleague, days=2), 0)
        self.assertEqual(self.count(self.colleague), 0)

    def test_who_loses_a_right_is_not_answered_from_before(self):
        self.read(self.registrar)
        self.read(self.colleague)
        medical = self.env.ref("clinic_base.group_medical")
        self.colleague.group_ids = [Command.set(medical.ids)]
        self.assertFalse(self.read(self.colleague)["visits"])

    def test_rules_of_what_a_board_shows_compare_stored_fields(self):
        """What a field looks up for a user would not show in the domain of the rule."""
        for user in (self.registrar, self.doctor):
            rules = self.env["ir.rule"].with_user(user)
            for name in BOARD_MODELS:
                with self.subTest(user=user.login, model=name):
                    self.check_stored(name, rules._compute_domain(name))

    def check_stored(self, model, domain):
        for condition in Domain(domain).iter_conditions():
            first, *rest = condition.field_expr.split(".")
            field = self.env[model]._fields[first]
            self.assertTrue(field.store, condition)
            if rest:
                inner = Domain(".".join(rest), condition.operator, condition.value)
                self.check_stored(field.comodel_name, inner)
            elif isinstance(condition.value, Domain):
                self.check_stored(field.comodel_name, condition.value)

    def test_only_the_last_answers_are_kept(self):
        few = SharedAnswers(most=2)
        for number in range(3):
            few.keep(number, {"version": 1})
        self.assertIsNone(few.take(0, BEFORE))
        self.assertEqual(few.take(2, BEFORE), {"version": 1})
        self.assertIsNone(few.take(2, 1), "announced, and perhaps not in it")
