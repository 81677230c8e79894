from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .cash import CashCommon


@tagged("-at_install", "post_install")
class TestCashShift(CashCommon):
    def test_a_desk_makes_its_journals_with_accounts_of_its_own(self):
        other = self.create_desk(self.branch, "Desk 2")
        journals = (self.desk | other).journal_id
        self.assertEqual(len(journals.default_account_id), 2)
        self.assertEqual(set(journals.mapped("type")), {"cash"})
        self.assertEqual(
            journals.inbound_payment_method_line_ids.payment_account_id,
            journals.default_account_id,
        )
        self.assertTrue(other.terminal_journal_id)

    def test_a_company_without_accounts_is_told_so(self):
        company = self.env["res.company"].create({"name": "New"})
        branch = self.env["clinic.branch"].create(
            {"name": "Far", "company_id": company.id, "tz": self.tz}
        )
        with self.refused("chart of accounts"):
            self.env["clinic.cash.desk"].create({"name": "X", "branch_id": branch.id})

    def test_a_desk_has_one_open_shift(self):
        with self.refused("is open"):
            self.open_shift()
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.shift.copy({"number": 99})

    def test_a_shift_that_agrees_closes_without_an_entry(self):
        self.transfer("in", 1000)
        self.close(1000)
        self.assertEqual(self.shift.state, "closed")
        self.assertEqual((self.shift.expected_cash, self.shift.difference), (1000, 0))
        self.assertEqual(len(self.shift.item_ids), 1)

    def test_a_shortage_is_booked_with_its_reason(self):
        self.transfer("in", 1000)
        with self.refused("Say why"):
            self.close(950)
        self.close(950, "Wrong change")
        self.assertEqual((self.shift.expected_cash, self.shift.difference), (1000, -50))
        self.assertEqual(self.shift.reason, "Wrong change")
        [item] = self.shift.item_ids.filtered(lambda item: item.kind == "closing")
        loss = self.desk.journal_id.loss_account_id
        lines = item.move_id.line_ids
        self.assertEqual(item.move_id.state, "posted")
        self.assertEqual(
            lines.filtered(lambda line: line.account_id == loss).balance, 50
        )
        self.assertEqual(self.get_cash(), 950)

    def test_what_is_too_much_is_booked_as_profit(self):
        self.close(20, "Somebody forgot it")
        profit = self.desk.journal_id.profit_account_id
        lines = self.shift.item_ids.move_id.line_ids
        self.assertEqual(
            lines.filtered(lambda line: line.account_id == profit).balance, -20
        )

    def test_the_next_shift_begins_with_what_the_last_one_counted(self):
        self.transfer("in", 1000)
        self.close(1000)
        shift = self.open_shift(1000)
        self.assertEqual((shift.number, shift.expected_cash), (2, 1000))
        self.assertFalse(shift.item_ids)

    def test_a_difference_at_the_opening_is_booked_too(self):
        self.close(0)
        with self.refused("Say why"):
            self.open_shift(300)
        shift = self.open_shift(300, "The first float")
        self.assertEqual((shift.opening_difference, self.get_cash()), (300, 300))

    def test_cash_goes_to_the_bank_by_the_account_of_transfers(self):
        self.transfer("in", 1000)
        self.transfer("out", 400, "Collection")
        self.assertEqual((self.shift.cash_in, self.shift.cash_out), (1000, 400))
        transfers = self.env.company.transfer_account_id
        lines = self.shift.item_ids.move_id.line_ids
        moved = lines.filtered(lambda line: line.account_id == transfers)
        self.assertEqual(sum(moved.mapped("balance")), -600)
        for kind, amount in (("out", 601), ("in", 0), ("in", -5)):
            with self.assertRaises(UserError):
                self.transfer(kind, amount)
        with self.assertRaises(UserError):
            self.transfer("in", 5, "  ")

    def test_notes_are_counted_for_the_cashier(self):
        self.transfer("in", 1000)
        self.env.ref("base.RUB").active = True
        action = self.desk.with_user(self.cashier).action_close_shift()
        counts = self.env["clinic.cash.count"].with_user(self.cashier)
        count = counts.browse(action["res_id"])
        count.line_ids = [(0, 0, {"face": "500"}), (0, 0, {"face": "50"})]
        with Form(count) as form:
            with form.line_ids.edit(0) as line:
                line.number = 1
            with form.line_ids.edit(1) as line:
                line.number = 10
            self.assertEqual((form.counted, form.difference), (1000, 0))
        count.action_done()
        self.assertEqual(self.shift._get_pieces(), [(500, 1, 500), (50, 10, 500)])

    def test_figures_are_those_of_the_ledger(self):
        visit = self.book()
        self.pay_at_desk(3000, charge_ids=visit.charge_ids.ids, card=1000)
        shift = self.shift
        self.assertEqual(
            (shift.cash_received, shift.card_received, shift.received),
            (2000, 1000, 3000),
        )
        self.assertEqual((shift.receipt_count, shift.refund_count), (1, 0))
        # Whoever corrects the ledger corrects what must lie in the till.
        payment = shift.item_ids.payment_id.filtered(
            lambda one: one.journal_id == self.desk.journal_id
        )
        payment.move_id.button_draft()
        self.env.invalidate_all()
        self.assertEqual((shift.cash_received, shift.expected_cash), (0, 0))

    def test_a_closed_shift_is_closed(self):
        self.close(0)
        with self.refused("Open the shift"):
            self.close(0)

    def test_the_report_holds_the_figures_and_no_service(self):
        visit = self.book()
        self.pay_at_desk(3000, charge_ids=visit.charge_ids.ids, cash=5000)
        self.close(2990, "Ten short")
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.cashier)
            ._render_qweb_html("clinic_cash.cash_shift", self.shift.ids)
        )
        text = html.decode()
        for words in ("3,000.00", "2,990.00", "Ten short", "10.00"):
            self.assertIn(words, text)
        self.assertNotIn(self.service.name, text)
        self.assertNotIn(self.patient.name, text)

    def test_cashiers_see_their_branches_accountants_all(self):
        there = self.create_desk(self.create_branch("South", self.tz), "Far")
        desks = self.env["clinic.cash.desk"]
        both = self.desk | there
        domain = [("id", "in", both.ids)]
        self.assertEqual(desks.with_user(self.cashier).search(domain), self.desk)
        for user in (self.accountant, self.manager):
            self.assertEqual(desks.with_user(user).search(domain), both)
        with self.assertRaises(AccessError):
            there.with_user(self.cashier).action_open_shift()

    def test_nobody_else_works_at_a_till(self):
        for role in ("registrar", "call_center", "clinic_admin", "accountant"):
            user = new_test_user(
                self.env, f"no {role}", groups=f"clinic_base.group_{role}"
            )
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
                self.desk.with_user(user).action_close_shift()
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
            self.env["clinic.cash.desk"].with_user(self.cashier).create(
                {"name": "Mine", "branch_id": self.branch.id}
            )

    def test_figures_of_shifts_take_the_same_queries_however_many(self):
        shifts = self.env["clinic.cash.shift"]
        names = ["received", "difference", "expected_cash", "receipt_count"]

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = shifts.with_user(self.cashier).search([])
            found.read(names)
            return len(found), self.env.cr.sql_log_count - before

        count()
        one, few = count()
        for _time in range(3):
            self.close(0)
            self.open_shift()
        self.assertEqual(count(), (one + 3, few))
