from datetime import datetime
from uuid import uuid4

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .cash import CashCommon


@tagged("-at_install", "post_install")
class TestCashSale(CashCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companion = cls.create_service("Materials", 10, list_price=500)
        cls.companion.taxes_id = False
        cls.service.companion_ids = cls.companion
        cls.first, cls.second = cls.book(), cls.book("10:00")
        cls.charges = (cls.first | cls.second).charge_ids

    def refuse(self, *args, error=UserError, **vals):
        with self.assertRaises(error) as caught, mute_logger("odoo.addons.base"):
            self.pay_at_desk(*args, **vals)
        self.assertFalse(self.env["clinic.cash.sale"].search([]))
        self.assertEqual(set(self.charges.mapped("state")), {"open"})
        return str(caught.exception)

    # === PAYING === #

    def test_two_visits_with_companions_are_paid_by_card_and_cash_at_once(self):
        answer = self.pay_at_desk(
            7000, charge_ids=self.charges.ids, card=4000, cash=5000
        )
        self.assertEqual(
            (answer["cash"], answer["card"], answer["change"]), (3000, 4000, 2000)
        )
        self.assertEqual(set(self.charges.mapped("state")), {"paid"})
        sale = self.env["clinic.cash.sale"].browse(answer["sale_id"])
        self.assertEqual(
            {one.journal_id: one.amount for one in sale.payment_ids},
            {self.desk.journal_id: 3000, self.desk.terminal_journal_id: 4000},
        )
        self.assertEqual(self.get_cash(), 3000)
        # Until they are rendered, it is the patient's money.
        self.assertEqual(self.patient.account_balance, 7000)
        self.assertEqual((self.first | self.second).mapped("amount_due"), [0, 0])

    def test_a_sale_has_one_receipt_with_neutral_lines(self):
        answer = self.pay_at_desk(7000, charge_ids=self.charges.ids, card=4000)
        receipt = self.env["clinic.receipt"].browse(answer["receipt_ids"])
        self.assertEqual(len(receipt), 1)
        self.assertEqual(
            (receipt.amount, receipt.amount_cash, receipt.amount_card),
            (7000, 3000, 4000),
        )
        self.assertEqual(receipt.cash_shift_id, self.shift)
        self.assertEqual(set(receipt.line_ids.mapped("name")), {"Visit"})
        self.assertEqual(
            set(receipt.line_ids.mapped("payment_method")), {"full_prepayment"}
        )
        self.assertEqual(sum(receipt.line_ids.mapped("amount")), 7000)

    def test_only_what_is_ticked_is_paid(self):
        self.pay_at_desk(3500, charge_ids=self.first.charge_ids.ids)
        self.assertEqual(set(self.second.charge_ids.mapped("state")), {"open"})
        self.assertEqual(self.first.amount_due, 0)
        self.assertEqual(self.second.amount_due, 3500)

    def test_who_pays_at_the_desk_gets_no_payment_link(self):
        self.pay_at_desk(7000, charge_ids=self.charges.ids)
        self.assertFalse(self.charges.payment_request_ids)

    def test_a_prepayment_waits_on_the_account_and_pays_first_next_time(self):
        self.pay_at_desk(1000, prepayment=1000)
        self.assertEqual(self.patient.account_balance, 1000)
        bill = self.get_bill()
        # It waits for the oldest coming visit.
        self.assertEqual(bill["credit"], 0)
        self.assertEqual(sum(line["amount"] for line in bill["lines"]), 6000)
        self.pay_at_desk(2500, charge_ids=self.first.charge_ids.ids)
        self.assertEqual(set(self.first.charge_ids.mapped("state")), {"paid"})
        self.assertEqual(self.patient.account_balance, 3500)

    def test_what_the_account_covers_needs_no_money(self):
        self.pay_at_desk(7000, prepayment=7000)
        self.assertEqual(set(self.charges.mapped("state")), {"paid"})
        self.assertFalse(self.get_bill()["lines"])
        with self.refused("meanwhile"):
            self.pay_at_desk(0, charge_ids=self.charges.ids)

    def test_more_than_is_due_is_an_advance_on_the_receipt(self):
        answer = self.pay_at_desk(7500, charge_ids=self.charges.ids, prepayment=500)
        lines = self.env["clinic.receipt"].browse(answer["receipt_ids"]).line_ids
        advance = lines.filtered(lambda line: line.payment_method == "advance")
        self.assertEqual(advance.amount, 500)

    def test_an_invoice_and_a_charge_are_paid_together(self):
        invoice = self.invoice(self.first)
        self.pay_at_desk(
            7000, invoice_ids=invoice.ids, charge_ids=self.second.charge_ids.ids
        )
        self.assertEqual(set(self.charges.mapped("state")), {"paid"})

    def test_one_press_of_the_button_is_one_sale(self):
        key = str(uuid4())
        vals = {"key": key, "charge_ids": self.charges.ids, "cash": 7000}
        first = self.pay_at_desk(7000, **vals)
        self.assertEqual(self.pay_at_desk(7000, **vals), first)
        self.assertEqual(self.get_cash(), 7000)

    # === REFUSALS === #

    def test_sums_that_do_not_fit_are_refused_and_nothing_is_booked(self):
        ticked = {"charge_ids": self.charges.ids}
        self.assertIn("1,000", self.refuse(7000, **ticked, cash=6000))
        self.assertIn("7,000", self.refuse(7000, **ticked, card=7001, cash=0))
        for vals in (
            {"cash": -1},
            {"card": -1, "cash": 7001},
            {"prepayment": -1},
            {"cash": float("nan")},
            {"cash": "many"},
        ):
            self.refuse(7000, **ticked, **vals)
        self.refuse(0)

    def test_what_is_paid_already_cannot_be_paid_again(self):
        self.pay_at_desk(3500, charge_ids=self.first.charge_ids.ids)
        with self.refused("meanwhile"):
            self.pay_at_desk(7000, charge_ids=self.charges.ids)
        self.assertEqual(self.get_cash(), 3500)

    def test_an_invoice_paid_meanwhile_cannot_be_paid_again(self):
        invoice = self.invoice(self.first)
        self.pay(invoice)
        with self.refused("meanwhile"):
            self.pay_at_desk(3500, invoice_ids=invoice.ids)

    def test_a_price_that_changed_is_said_before_money_is_taken(self):
        self.assertIn("7,000", self.refuse(6000, charge_ids=self.charges.ids))

    def test_others_charges_are_not_paid(self):
        other = self.book("11:00", patient=self.other_patient)
        self.refuse(3500, charge_ids=other.charge_ids.ids)
        self.refuse(
            7000, charge_ids=self.charges.ids, payer_id=self.other_patient.partner_id.id
        )

    def test_without_an_open_shift_no_money_moves(self):
        self.close(0)
        self.assertIn("Open the shift", self.refuse(7000, charge_ids=self.charges.ids))
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.patient.partner_id.id,
                "journal_id": self.desk.journal_id.id,
                "amount": 10,
            }
        )
        with self.refused("Open the shift"):
            payment.action_post()

    # === WHO === #

    def test_only_cashiers_of_the_branch_take_payments(self):
        ticked = {"charge_ids": self.charges.ids}
        for role in ("registrar", "call_center", "clinic_admin", "accountant"):
            user = new_test_user(
                self.env, f"no {role}", groups=f"clinic_base.group_{role}"
            )
            self.refuse(7000, **ticked, user=user, error=AccessError)
        system = new_test_user(self.env, "root5", groups="base.group_system")
        self.refuse(7000, **ticked, user=system, error=AccessError)
        self.cashier.clinic_branch_ids = self.create_branch("South", self.tz)
        self.refuse(7000, **ticked, error=AccessError)

    def test_the_registrar_sees_that_a_visit_is_paid_but_no_cash_desk(self):
        visit = self.first.with_user(self.registrar)
        self.assertEqual(visit.amount_due, 3500)
        self.pay_at_desk(3500, charge_ids=self.first.charge_ids.ids)
        self.assertEqual(visit.amount_due, 0)
        for model in ("desk", "shift", "sale", "item"):
            records = self.env[f"clinic.cash.{model}"].with_user(self.registrar)
            self.assertFalse(records.has_access("read"), model)

    def test_nobody_writes_sales_and_shifts_by_hand(self):
        for user in (self.cashier, self.accountant, self.manager):
            for model in ("shift", "sale", "item"):
                records = self.env[f"clinic.cash.{model}"].with_user(user)
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(records.has_access(operation), model)

    def test_nothing_is_deleted(self):
        answer = self.pay_at_desk(7000, charge_ids=self.charges.ids)
        sale = self.env["clinic.cash.sale"].browse(answer["sale_id"])
        for records in (sale, self.shift, self.desk):
            with self.assertRaises(UserError):
                records.sudo().unlink()

    # === THE PAGE === #

    def test_the_bill_holds_what_is_owed_with_its_reasons(self):
        self.invoice(self.second)
        self.first.charge_ids[:1].price_reason = "fixed"
        bill = self.get_bill()
        kinds = sorted((line["kind"], line["amount"]) for line in bill["lines"])
        self.assertEqual(kinds, [("charge", 500), ("charge", 3000), ("invoice", 3500)])
        self.assertEqual({line["group"] for line in bill["lines"]}, {"near"})
        texts = {one["reason"] for line in bill["lines"] for one in line["services"]}
        self.assertIn("Fixed for this patient", texts)

    def test_the_parent_sees_and_pays_the_childs_visits(self):
        self.let_pay(self.patient, self.other_patient)
        child = self.book("11:00", patient=self.other_patient)
        bill = self.get_bill()
        [line] = [one for one in bill["lines"] if one["visit_id"] == child.id][:1]
        self.assertEqual(line["patient"], "Maria Sidorova")
        self.assertFalse(line["ticked"])

    def test_an_insurer_is_not_asked_at_the_desk(self):
        insurer = self.env["res.partner"].create({"name": "Insurer"})
        source = self.env["clinic.payment.source"].create(
            {"name": "Policy", "kind": "insurer", "partner_id": insurer.id}
        )
        self.book("11:00", payment_source_id=source.id)
        self.assertNotIn(insurer.id, [one["id"] for one in self.get_bill()["payers"]])

    def test_a_request_is_shown_with_its_price(self):
        self.env["clinic.booking.request"].create(
            {"patient_id": self.patient.id, "service_id": self.service.id}
        )
        [request] = self.get_bill()["requests"]
        self.assertEqual(request["amount"], 3000)

    def test_the_days_list_and_the_bill_take_the_same_queries_however_long(self):
        sales = self.env["clinic.cash.sale"].with_user(self.cashier)
        self.freeze(self.at(self.first.start.date(), "08:00"), self.addCleanup)

        def count(function):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            function()
            return self.env.cr.sql_log_count - before

        def start():
            return sales.get_start(self.desk.id)

        def bill():
            return sales.get_bill(self.desk.id, self.patient.id)

        self.let_pay(self.patient, self.other_patient)
        self.create_shift(self.other_specialist, room_id=self.other_room.id)
        other = {
            "patient": self.other_patient,
            "specialist_id": self.other_specialist.id,
        }
        self.book("09:00", **other)
        for _warm in range(3):
            few = count(start), count(bill)
        self.assertEqual(len(start()["visits"]), 3)
        for clock in ("10:00", "11:00"):
            self.book(clock, **other)
        self.assertEqual((count(start), count(bill)), few)
        self.assertEqual(len(start()["visits"]), 5)

    def test_the_card_and_the_visit_lead_to_the_page(self):
        for record in (self.patient, self.first):
            action = record.with_user(self.cashier).action_take_payment()
            self.assertEqual(action["tag"], "clinic_cash.cash_desk")
            self.assertEqual(action["params"]["patient_id"], self.patient.id)

    # === SLIP AND REFUNDS === #

    def test_the_slip_tells_sums_and_no_service(self):
        answer = self.pay_at_desk(3500, charge_ids=self.first.charge_ids.ids, cash=5000)
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.cashier)
            ._render_qweb_html("clinic_finance.receipt_slip", answer["receipt_ids"])
        )
        text = html.decode()
        for words in ("1,500.00", "Not a fiscal document", "Ivan Ivanov", "No VAT"):
            self.assertIn(words, text)
        self.assertNotIn(self.service.name, text)
        paper = self.env.ref("clinic_finance.clinic_receipt_slip").get_paperformat()
        # A sheet of its own size that is turned is no size for CSS.
        self.assertEqual((paper.page_width, paper.orientation), (80, "Portrait"))

    def test_the_electronic_receipt_goes_where_the_payer_says(self):
        self.patient.partner_id.email = "ivan@example.com"
        self.assertEqual(self.get_bill()["contact"], "ivan@example.com")
        for typed, contact in (
            ("Wife@Example.com ", "wife@example.com"),
            ("+7 (916) 123-45-67", "+79161234567"),
        ):
            answer = self.pay_at_desk(1000, prepayment=1000, contact=typed)
            receipt = self.env["clinic.receipt"].browse(answer["receipt_ids"])
            self.assertEqual(receipt.contact, contact)
        answer = self.pay_at_desk(1000, prepayment=1000)
        receipt = self.env["clinic.receipt"].browse(answer["receipt_ids"])
        self.assertEqual(receipt.contact, "ivan@example.com")

    def test_what_is_no_address_is_asked_about_and_nothing_is_booked(self):
        with self.refused("no e-mail and no telephone"):
            self.pay_at_desk(1000, prepayment=1000, contact="Ivan")
        self.assertEqual(self.get_cash(), 0)

    def refund(self, payment, amount, way, user=None):
        form = Form(
            self.env["clinic.refund"]
            .with_user(user or self.cashier)
            .with_context(default_payment_id=payment.id)
        )
        form.way, form.amount, form.reason = way, amount, "Left early"
        refund = form.save()
        refund.action_refund()
        self.env.flush_all()
        self.env.invalidate_all()
        return refund

    def test_a_part_goes_back_in_cash_out_of_the_till(self):
        answer = self.pay_at_desk(7000, charge_ids=self.charges.ids)
        payment = self.env["clinic.cash.sale"].browse(answer["sale_id"]).payment_ids
        refund = self.refund(payment, 500, "cash")
        self.assertEqual(refund.journal_id, self.desk.journal_id)
        self.assertEqual(self.get_cash(), 6500)
        receipt = refund.refund_payment_id.sudo().clinic_receipt_ids
        self.assertEqual((receipt.kind, receipt.amount_cash), ("refund", 500))
        self.assertEqual(self.shift.cash_refunded, 500)

    def test_what_came_by_card_goes_back_through_the_terminal(self):
        answer = self.pay_at_desk(7000, charge_ids=self.charges.ids, card=7000, cash=0)
        payment = self.env["clinic.cash.sale"].browse(answer["sale_id"]).payment_ids
        refund = self.refund(payment, 7000, "card")
        self.assertEqual(
            refund.refund_payment_id.sudo().journal_id, self.desk.terminal_journal_id
        )
        self.assertEqual((self.get_cash(), self.shift.card_refunded), (0, 7000))
        self.assertEqual(self.patient.account_balance, 0)
        self.assertEqual(sum((self.first | self.second).mapped("amount_due")), 7000)

    def test_no_more_cash_goes_back_than_lies_in_the_till(self):
        answer = self.pay_at_desk(7000, charge_ids=self.charges.ids)
        payment = self.env["clinic.cash.sale"].browse(answer["sale_id"]).payment_ids
        self.transfer("out", 6000)
        with self.refused("in the till"):
            self.refund(payment, 1001, "cash")

    def test_what_came_by_card_does_not_go_back_in_cash(self):
        answer = self.pay_at_desk(7000, charge_ids=self.charges.ids, card=6000)
        payments = self.env["clinic.cash.sale"].browse(answer["sale_id"]).payment_ids
        card = payments.filtered(lambda one: one.journal_id.type == "bank")
        with self.refused("To the card"):
            self.refund(card, 500, "cash")
        self.assertEqual(self.get_cash(), 1000)

    def test_a_cashier_gives_back_todays_money_a_finance_manager_all(self):
        answer = self.pay_at_desk(7000, charge_ids=self.charges.ids)
        payment = self.env["clinic.cash.sale"].browse(answer["sale_id"]).payment_ids
        self.freeze(datetime(2026, 3, 3, 8), self.addCleanup)
        with self.assertRaises(AccessError):
            self.refund(payment, 500, "cash")
        self.refund(payment, 500, "cash", self.manager)
        self.assertEqual(self.get_cash(), 6500)

    def test_a_refund_needs_an_open_shift(self):
        answer = self.pay_at_desk(7000, charge_ids=self.charges.ids)
        payment = self.env["clinic.cash.sale"].browse(answer["sale_id"]).payment_ids
        self.close(7000)
        with self.refused("Open the shift"):
            self.refund(payment, 500, "cash")
