import re

from odoo.fields import Command, Date
from odoo.tests import TransactionCase, tagged


@tagged("-at_install", "post_install")
class TestChart(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ru_RU")
        cls.russia = cls.env.ref("base.ru")
        cls.company = cls.env["res.company"].create(
            {"name": "Ромашка", "country_id": cls.russia.id}
        )
        cls.company.partner_id.lang = "ru_RU"
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )
        cls.chart = cls.env["account.chart.template"].with_company(cls.company)
        cls.chart.try_loading("ru_clinic", cls.company)
        cls.partner = cls.env["res.partner"].create({"name": "Payer"})

    def search(self, model, domain=(), **options):
        """Records of the company."""
        records = self.env[model]
        return records.search(
            [*records._check_company_domain(self.company), *domain], **options
        )

    def get_account(self, code):
        return self.chart.ref(f"ru_{code.replace('.', '_')}")

    def get_sums(self, move):
        """{account code: balance} of an entry."""
        move = move.with_company(self.company)
        return {
            code: sum(some.mapped("balance"))
            for code, some in move.line_ids.grouped(
                lambda line: line.account_id.code
            ).items()
        }

    def create_move(self, move_type, tax, price=1000):
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.partner.id,
                "invoice_date": Date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Visit",
                            "price_unit": price,
                            "tax_ids": [Command.set(self.chart.ref(tax).ids)],
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move

    def test_a_russian_company_picks_the_chart_by_itself(self):
        templates = self.env["account.chart.template"]
        self.assertEqual(templates._guess_chart_template(self.russia), "ru_clinic")

    def test_loading_says_no_word_of_complaint(self):
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertNoLogs(level="WARNING"):
            self.chart.try_loading("ru_clinic", other)
        self.assertEqual(other.country_id, self.russia)

    def test_the_company_has_rubles_and_its_defaults(self):
        self.assertEqual(self.company.currency_id.name, "RUB")
        self.assertEqual(self.company.account_fiscal_country_id, self.russia)
        self.assertEqual(self.company.income_account_id, self.get_account("90.01"))
        self.assertEqual(self.company.expense_account_id, self.get_account("26"))
        self.assertEqual(
            self.partner.property_account_receivable_id, self.get_account("62.01")
        )
        self.assertEqual(
            self.partner.property_account_payable_id, self.get_account("60.01")
        )

    def test_nothing_is_added_under_numbers_that_no_accountant_knows(self):
        codes = self.search("account.account").mapped("code")
        self.assertFalse([code for code in codes if code.startswith("999")])
        self.assertEqual(max(map(len, codes)), len("91.02.01"))

    def test_journals_stand_on_51_and_50(self):
        journals = self.search(
            "account.journal", [("type", "in", ("bank", "cash"))], order="type"
        )
        self.assertEqual(journals.mapped("code"), ["БАНК", "КАССА"])
        self.assertEqual(journals.default_account_id.mapped("code"), ["51.01", "50.01"])
        self.assertEqual(journals.suspense_account_id, self.get_account("57.09"))
        self.assertEqual(journals.profit_account_id, self.get_account("91.01"))
        self.assertEqual(journals.loss_account_id, self.get_account("94"))

    def test_a_second_bank_gets_the_next_number(self):
        bank = self.env["account.journal"].create({"name": "Second", "type": "bank"})
        self.assertEqual(bank.default_account_id.code, "51.02")

    def test_a_medical_service_is_sold_without_vat(self):
        move = self.create_move("out_invoice", "vat_exempt_sale")
        self.assertEqual(self.get_sums(move), {"62.01": 1000, "90.01": -1000})

    def test_vat_goes_to_68_on_top_of_the_price(self):
        move = self.create_move("out_invoice", "vat_22_sale")
        self.assertEqual(
            self.get_sums(move), {"62.01": 1220, "90.01": -1000, "68.02": -220}
        )

    def test_vat_within_the_price_leaves_the_price(self):
        move = self.create_move("out_invoice", "vat_22_sale_included", 1220)
        self.assertEqual(
            self.get_sums(move), {"62.01": 1220, "90.01": -1000, "68.02": -220}
        )

    def test_vat_of_suppliers_is_deducted_or_part_of_the_cost(self):
        deducted = self.create_move("in_invoice", "vat_22_purchase")
        self.assertEqual(
            self.get_sums(deducted), {"60.01": -1220, "26": 1000, "19": 220}
        )
        in_cost = self.create_move("in_invoice", "vat_22_purchase_cost")
        self.assertEqual(self.get_sums(in_cost), {"60.01": -1220, "26": 1220})

    def test_money_comes_to_the_cash_desk_and_through_transit_from_the_bank(self):
        for journal, account in (("cash", "50.01"), ("bank", "57.04")):
            invoice = self.create_move("out_invoice", "vat_exempt_sale")
            payment = (
                self.env["account.payment.register"]
                .with_context(active_model="account.move", active_ids=invoice.ids)
                .create({"journal_id": self.chart.ref(journal).id})
                ._create_payments()
            )
            self.assertEqual(
                self.get_sums(payment.move_id), {account: 1000, "62.01": -1000}
            )
            self.assertEqual(invoice.payment_state, "paid")

    def test_57_02_is_for_cash_on_its_way_alone(self):
        account = self.get_account("57.02")
        self.assertEqual(account.name, "Cash on its Way to the Bank")
        lines = self.search("account.journal").inbound_payment_method_line_ids
        self.assertNotIn(account, lines.payment_account_id)

    def test_an_exempt_service_says_by_which_article(self):
        tax = self.chart.ref("vat_exempt_sale").with_context(lang="ru_RU")
        self.assertEqual(
            tax.invoice_label, "НДС не облагается (пп. 2 п. 2 ст. 149 НК РФ)"
        )

    def test_there_are_ready_rules_for_what_a_bank_writes_every_day(self):
        accounts = {
            key: self.chart.ref(key).line_ids.account_id.code
            for key in (
                "bank_fees_reco",
                "internal_transfer_reco",
                "tax_reco",
                "cash_in_reco",
                "acquiring_reco",
            )
        }
        self.assertEqual(
            list(accounts.values()), ["91.02.01", "57.01", "68.90", "57.02", "57.03"]
        )

    def test_the_rules_know_the_words_of_the_banks(self):
        for key, purpose in (
            ("bank_fees_reco", "Комиссия за ведение счёта за март"),
            (
                "internal_transfer_reco",
                "Перевод собственных средств. НДС не облагается",
            ),
            ("tax_reco", "Единый налоговый платеж"),
            ("tax_reco", "ЕНП"),
            ("cash_in_reco", "Инкассация выручки за 02.03.2026"),
            ("acquiring_reco", "Возмещение по операциям с банковскими картами"),
        ):
            with self.subTest(purpose):
                words = self.chart.ref(key).match_label_param
                self.assertTrue(re.search(words, purpose, re.IGNORECASE))

    def test_accounts_and_taxes_speak_both_languages(self):
        account, tax = self.get_account("62.01"), self.chart.ref("vat_22_sale")
        self.assertEqual(account.name, "Settlements with Customers")
        self.assertEqual(tax.name, "22%")
        self.assertEqual(
            account.with_context(lang="ru_RU").name,
            "Расчёты с покупателями и заказчиками",
        )
        self.assertEqual(tax.with_context(lang="ru_RU").name, "НДС 22 %")
        untranslated = [
            record.name
            for model in ("account.account", "account.tax", "account.journal")
            for record in self.search(model)
            if record.name == record.with_context(lang="ru_RU").name
        ]
        self.assertFalse(untranslated)

    def test_accounts_are_grouped_by_sections_of_the_plan(self):
        group = self.get_account("68.02").group_id
        self.assertEqual(group.code_prefix_start, "68")
        self.assertEqual(group.parent_id.name, "Settlements")
