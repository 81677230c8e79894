from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.clinic_base.tests.imports.test_list_import import ListCase

from ..common import FinanceCommon


@tagged("post_install", "-at_install")
class TestOpeningBalances(ListCase, FinanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient.card_number = "C-1"
        cls.other_patient.card_number = "0000077"

    def load_balances(self, *rows, **vals):
        content = self.make_file([["№ карты", "Долг", "Аванс", "Комментарий"], *rows])
        return self.load("balances", content, self.accountant, **vals)

    def get_openings(self):
        return self.env["account.move.line"].search(
            [("clinic_opening_key", "!=", False)]
        )

    def test_one_posted_entry_balances_a_line_of_each_payer(self):
        rows = (
            ["C-1", 3000, None, "x"],
            [77, None, "1 500,50", None],
            ["нет такой", 5, None, None],
            ["C-1", 10, None, None],
            ["C-1", 10, 20, None],
        )
        run = self.load_balances(*rows, opening_date="2026-01-31")
        self.assertEqual(
            self.get_states(run), ["made", "made", "asked", "refused", "refused"]
        )
        openings = self.get_openings()
        move = openings.move_id
        self.assertEqual(
            (len(move), move.state, str(move.date)), (1, "posted", "2026-01-31")
        )
        self.assertEqual(sum(move.line_ids.mapped("balance")), 0)
        self.assertEqual(sorted(openings.mapped("balance")), [-1500.5, 3000])
        self.assertEqual(
            set(openings.account_id.mapped("account_type")), {"asset_receivable"}
        )
        self.assertEqual(self.patient.account_balance, -3000)
        self.assertEqual(self.other_patient.account_balance, 1500.5)
        self.assertIn("3,000.00", run.message)
        self.assertIn("Комментарий", run.message)
        self.assertFalse(self.env["clinic.receipt"].search([("move_id", "=", move.id)]))

    def test_a_second_run_changes_nothing_and_another_sum_is_asked(self):
        self.load_balances(["C-1", 3000, None, None])
        again = self.load_balances(["C-1", 3000, None, None], [77, None, 5, None])
        self.assertEqual(self.get_states(again), ["known", "made"])
        self.assertEqual(len(self.get_openings()), 2)
        other = self.load_balances(["C-1", 2999, None, None])
        self.assertEqual(self.get_states(other), ["asked"])
        self.assertEqual(self.patient.account_balance, -3000)

    def test_sums_that_are_made_known_and_left_are_those_of_the_file(self):
        self.load_balances(["C-1", 3000, None, None])
        run = self.load_balances(
            ["C-1", 3000, None, None],
            [77, None, 40, None],
            ["нет такой", 555.5, None, None],
            ["нет другой", None, 44.5, None],
            [77, 10, 20, None],
        )
        self.assertEqual(
            self.get_states(run), ["known", "made", "asked", "asked", "refused"]
        )
        lines = run.message.splitlines()
        (there,) = [line for line in lines if line.startswith("There already")]
        (left,) = [line for line in lines if line.startswith("Not taken")]
        self.assertIn("3,000.00", there)
        self.assertIn("555.50", left)
        self.assertIn("44.50", left)
        self.assertIn("rows 3", left)
        self.assertIn("that can be read: 1", run.message)

    def test_a_name_that_is_not_the_cards_owes_nothing(self):
        self.patient.name = "Серова Анна Петровна"
        content = self.make_file(
            [
                ["№ карты", "ФИО", "Долг"],
                ["C-1", "Ким Ольга", 300],
                [77, self.other_patient.name, 200],
            ]
        )
        run = self.load("balances", content, self.accountant)
        self.assertEqual(self.get_states(run), ["asked", "made"])
        self.assertFalse(self.patient.account_balance)
        run.answer_ids.patient_id = self.patient
        run.action_import()
        self.assertEqual(self.get_states(run), ["made", "known"])
        self.assertEqual(self.patient.account_balance, -300)

    def test_a_merged_card_is_known_by_the_kept_one(self):
        twin = self.env["clinic.patient"].create({"name": "Twin", "card_number": "C-9"})
        self.load_balances(["C-9", 100, None, None])
        chief = self.env["res.users"].browse(self.env.uid)
        chief.group_ids = [
            Command.link(self.env.ref("clinic_base.group_registrar_chief").id)
        ]
        self.env["clinic.patient.merge"]._merge(self.patient, twin)
        run = self.load_balances(["C-9", 100, None, None])
        self.assertEqual(self.get_states(run), ["known"])

    def test_after_a_reversal_the_file_may_come_again(self):
        self.load_balances(["C-1", 3000, None, None])
        move = self.get_openings().move_id
        move.sudo()._reverse_moves(cancel=True)
        self.assertEqual(self.patient.account_balance, 0)
        self.patient.invalidate_recordset(["account_balance"])
        run = self.load_balances(["C-1", 2500, None, None])
        self.assertEqual(self.get_states(run), ["made"])
        self.assertEqual(self.patient.account_balance, -2500)

    def test_nobody_marks_a_line_as_an_opening_balance_by_hand(self):
        self.load_balances(["C-1", 3000, None, None])
        with self.assertRaises(UserError):
            self.get_openings().with_user(self.accountant).clinic_opening_key = "x"

    def test_prices_of_a_branch_go_to_its_list(self):
        manager = self.env["res.users"].browse(self.env.uid)
        branch = self.room.branch_id
        rows = [
            ["Услуга", "Филиал", "Цена"],
            [self.service.name, branch.name, 2700],
            [self.service.name, "Луна", 100],
        ]
        content = self.make_file(rows)
        branch.pricelist_id = False
        run = self.load("services", content, manager)
        self.assertEqual(self.get_states(run), ["asked", "asked"])
        branch.pricelist_id = self.env["product.pricelist"].create({"name": "North"})
        run = self.load("services", content, manager)
        self.assertEqual(self.get_states(run), ["made", "asked"])
        visit = self.book()
        self.assertEqual(visit.charge_ids.price, 2700)
        run = self.load("services", content, manager)
        self.assertEqual(self.get_states(run), ["known", "asked"])
