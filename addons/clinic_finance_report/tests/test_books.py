from odoo import fields
from odoo.tests import tagged

from odoo.addons.clinic_finance.tests.common import FinanceCommon


@tagged("-at_install", "post_install")
class TestBooks(FinanceCommon):
    """Trial balance and account card, of the company and of a branch."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.branch.company_id
        cls.pay_for(cls.book().charge_ids)
        cls.render(cls.visits.search([("state", "=", "booked")], limit=1))
        cls.second_branch = cls.create_branch("South", cls.tz)

    def open(self, model, branch=None, **vals):
        """The wizard as an accountant opens it."""
        wizards = self.env[model].with_user(self.accountant)
        return wizards.create(
            {
                "company_id": self.company.id,
                "date_from": "2020-01-01",
                "date_to": fields.Date.today(),
                "clinic_branch_id": branch and branch.id,
                **vals,
            }
        )

    def read_trial_balance(self, branch=None):
        """(debit, credit) of all accounts in the period."""
        wizard = self.open("trial.balance.report.wizard", branch)
        report = self.env["report.account_financial_report.trial_balance"]
        values = report.with_user(self.accountant)._get_report_values(
            wizard.ids, wizard._prepare_report_data()
        )
        rows = values["trial_balance"]
        return (
            round(sum(row["debit"] for row in rows), 2),
            round(sum(row["credit"] for row in rows), 2),
        )

    def test_the_books_of_a_branch_balance(self):
        debit, credit = self.read_trial_balance(self.branch)
        self.assertEqual(debit, credit)
        # Money comes, revenue is posted, and the advance is taken.
        self.assertEqual(debit, 9000)

    def test_a_branch_without_turnover_has_none(self):
        self.assertEqual(self.read_trial_balance(self.second_branch), (0, 0))

    def read_by_sides(self, **vals):
        wizard = self.open("trial.balance.report.wizard", **vals)
        report = self.env["report.account_financial_report.trial_balance"]
        return report.with_user(self.accountant)._get_report_values(
            wizard.ids, wizard._prepare_report_data()
        )

    def test_opening_and_closing_balances_stand_on_their_sides_and_balance(self):
        values = self.read_by_sides(date_from="2026-03-03", date_to="2099-12-31")
        total = values["clinic_total"]
        for name in ("initial_%s", "%s", "ending_%s"):
            self.assertAlmostEqual(total[name % "debit"], total[name % "credit"])
        for row in values["trial_balance"]:
            for name in ("initial", "ending"):
                debit, credit = row[f"{name}_debit"], row[f"{name}_credit"]
                self.assertAlmostEqual(debit - credit, row[f"{name}_balance"])
                self.assertEqual(min(debit, credit), 0)
        self.assertGreater(total["ending_debit"], 0)

    def test_an_account_by_partners_nets_nobody_with_another(self):
        other = self.create_patient("Debtor")
        self.render(self.book("11:00", patient=other))
        self.pay_for(self.book("10:00").charge_ids)
        receivable = self.patient.partner_id.property_account_receivable_id
        advance = self.company._get_advance_account()
        values = self.read_by_sides(
            show_partner_details=True,
            account_ids=[(6, 0, (receivable | advance).ids)],
            date_to="2099-12-31",
        )
        for account_id, total in values["total_amount"].items():
            partners = [row for key, row in total.items() if isinstance(key, int)]
            self.assertEqual(
                total["ending_debit"], sum(row["ending_debit"] for row in partners)
            )
            self.assertEqual(
                values["accounts_data"][account_id]["ending_credit"],
                sum(row["ending_credit"] for row in partners),
            )

    def test_the_report_is_drawn_in_every_form(self):
        for vals in (
            {},
            {"show_partner_details": True},
            {"show_hierarchy": True},
            {"grouped_by": "analytic_account"},
            {"foreign_currency": True},
        ):
            wizard = self.open("trial.balance.report.wizard", **vals)
            data = wizard.with_user(self.accountant)._prepare_report_data()
            with self.subTest(**vals):
                name = "account_financial_report.trial_balance"
                reports = self.env["ir.actions.report"].with_user(self.accountant)
                html, _kind = reports._render_qweb_html(name, wizard.ids, data)
                self.assertIn(b"Closing credit", html)
                name = "a_f_r.report_trial_balance_xlsx"
                workbook, _kind = reports._render_xlsx(name, wizard.ids, data)
                self.assertTrue(workbook.startswith(b"PK"))

    def test_the_account_card_of_a_branch_has_its_entries_alone(self):
        account = self.company._get_advance_account()
        found = []
        for branch in (self.branch, self.second_branch):
            wizard = self.open(
                "general.ledger.report.wizard",
                branch,
                account_ids=[(6, 0, account.ids)],
                centralize=False,
            )
            report = self.env["report.account_financial_report.general_ledger"]
            values = report.with_user(self.accountant)._get_report_values(
                wizard.ids, wizard._prepare_report_data()
            )
            found.append(
                sum(
                    len(group["move_lines"])
                    for one in values["general_ledger"]
                    for group in one.get("list_grouped") or [one]
                )
            )
        self.assertEqual(found, [2, 0])

    def test_each_button_works_and_works_again(self):
        for model in ("trial.balance.report.wizard", "general.ledger.report.wizard"):
            wizard = self.open(model)
            for _press in range(2):
                for button in (
                    "button_export_html",
                    "button_export_pdf",
                    "button_export_xlsx",
                ):
                    with self.subTest(model=model, button=button):
                        action = getattr(wizard, button)()
                        self.assertEqual(action["type"], "ir.actions.report")

    def test_an_entry_knows_its_branch(self):
        moves = self.env["account.move"].search(
            [("clinic_branch_id", "=", self.branch.id)]
        )
        kinds = set(moves.mapped("move_type"))
        self.assertEqual(kinds, {"entry", "out_invoice"})
        self.assertEqual(len(moves), 3, "payment, invoice and offset")
