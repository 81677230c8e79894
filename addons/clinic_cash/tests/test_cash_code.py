from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .cash import CashCommon


@tagged("-at_install", "post_install")
class TestCashCode(CashCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env["payment.provider"].search(
            [("company_id", "=", cls.branch.company_id.id)], limit=1
        )
        cls.env["payment.provider"].search([]).is_published = False
        cls.method = cls.env["payment.method"].with_context(active_test=False)
        cls.method = cls.method.search([], limit=1)
        cls.open_online()
        cls.first, cls.second = cls.book(), cls.book("10:00")
        cls.charges = (cls.first | cls.second).charge_ids

    @classmethod
    def open_online(cls):
        """The company takes money online; whose service it is does not matter here."""
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE payment_provider SET state = 'test', is_published = TRUE"
            " WHERE id = %s",
            [cls.provider.id],
        )
        cls.env.invalidate_all()

    def prepare(self, expected=6000, **vals):
        return {
            "key": "code",
            "desk_id": self.desk.id,
            "patient_id": self.patient.id,
            "payer_id": self.patient._get_private_payer().id,
            "charge_ids": self.charges.ids,
            "expected": expected,
            **vals,
        }

    def ask(self, user=None, **vals):
        sales = self.env["clinic.cash.sale"].with_user(user or self.cashier)
        return sales.ask_by_code(self.prepare(**vals))

    def get_state(self, code):
        sales = self.env["clinic.cash.sale"].with_user(self.cashier)
        return sales.get_code_state(code["link_id"])

    def begin(self, code, state):
        """A payment of the page behind ``code``, as far as ``state``."""
        request = self.env["clinic.payment.link"].browse(code["link_id"]).request_id
        return self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "reference": f"by code {state}",
                "amount": request.amount_due,
                "currency_id": request.currency_id.id,
                "partner_id": request.payer_id.id,
                "clinic_request_id": request.id,
                "state": state,
            }
        )

    def test_what_is_ticked_is_paid_on_the_page_behind_the_code(self):
        code = self.ask()
        link = self.env["clinic.payment.link"].browse(code["link_id"])
        self.assertEqual(link.request_id.charge_ids, self.charges)
        self.assertEqual((code["amount"], link.amount_due), (6000, 6000))
        self.assertTrue(code["image"].startswith("data:image/png;base64,"))
        self.assertEqual(self.get_state(code)["state"], "waiting")
        transaction = self.begin(code, "pending")
        self.assertEqual(self.get_state(code)["state"], "paying")
        transaction.state = "done"
        transaction._post_process()
        paid = self.get_state(code)
        self.assertEqual((paid["state"], paid["amount"]), ("paid", 6000))
        self.assertEqual(set(self.charges.mapped("state")), {"paid"})
        receipts = self.env["clinic.receipt"].browse(paid["receipt_ids"])
        self.assertEqual(sum(receipts.mapped("amount")), 6000)
        self.assertFalse(self.get_cash(), "nothing came into the till")

    def test_the_second_press_shows_the_same_page(self):
        self.assertEqual(self.ask(), self.ask())

    def test_a_page_that_is_over_is_replaced(self):
        code = self.ask()
        link = self.env["clinic.payment.link"].browse(code["link_id"])
        link._as_engine().expires_at = self.env.cr.now()
        self.assertEqual(self.get_state(code)["state"], "over")
        again = self.ask()
        self.assertNotEqual(again["link_id"], code["link_id"])
        self.assertEqual(self.get_state(again)["state"], "waiting")

    def test_an_invoice_is_paid_by_code_with_a_visit(self):
        invoice = self.invoice(self.first)
        code = self.ask(invoice_ids=invoice.ids, charge_ids=self.second.charge_ids.ids)
        self.assertEqual(code["amount"], 6000)

    def test_the_page_asks_what_is_left_when_cash_was_faster(self):
        code = self.ask()
        self.pay_at_desk(3000, charge_ids=self.first.charge_ids.ids)
        link = self.env["clinic.payment.link"].browse(code["link_id"])
        self.assertEqual(link.amount_due, 3000)
        self.pay_at_desk(3000, charge_ids=self.second.charge_ids.ids)
        self.assertEqual(self.get_state(code)["state"], "paid")

    def test_what_does_not_fit_is_refused_and_asks_for_nothing(self):
        for words, vals in (
            ("3,000", {"charge_ids": self.first.charge_ids.ids}),
            ("another way", {"prepayment": 500, "expected": 6500}),
            ("Tick", {"charge_ids": []}),
        ):
            with self.subTest(words), self.refused(words):
                self.ask(**vals)
        self.assertFalse(self.charges.payment_request_ids)

    def test_without_payments_online_no_code_is_offered(self):
        sales = self.env["clinic.cash.sale"].with_user(self.cashier)
        desks = sales.get_start(self.desk.id)["desks"]
        self.assertTrue(all(desk["has_code"] for desk in desks))
        self.provider.is_published = False
        desks = sales.get_start(self.desk.id)["desks"]
        self.assertFalse(any(desk["has_code"] for desk in desks))
        with self.refused("no payments online"):
            self.ask()

    def test_only_cashiers_of_the_branch_show_codes(self):
        code = self.ask()
        branch = self.branch.copy({"name": "Elsewhere"})
        other = new_test_user(
            self.env,
            "elsewhere",
            groups="clinic_base.group_cashier",
            clinic_branch_ids=[(6, 0, branch.ids)],
        )
        owner = new_test_user(self.env, "owner", groups="clinic_base.group_owner")
        with self.assertRaises(AccessError):
            self.ask(user=other)
        for user in (self.registrar, owner):
            sales = self.env["clinic.cash.sale"].with_user(user)
            with self.assertRaises(AccessError):
                sales.ask_by_code(self.prepare())
            with self.assertRaises(AccessError):
                sales.get_code_state(code["link_id"])
