from datetime import datetime
from io import BytesIO
from unittest.mock import patch

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import FinanceCommon


@tagged("-at_install", "post_install")
class TestStatement(FinanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = new_test_user(cls.env, "till", groups="clinic_base.group_cashier")
        cls.let_pay(cls.patient, cls.other_patient)
        cls.paid_invoice = cls.invoice(cls.book())
        cls.pay(cls.paid_invoice)
        cls.invoice(cls.book("10:00", patient=cls.other_patient))
        cls.env.flush_all()

    def open_statement(self, user=None, **vals):
        action = self.patient.with_user(user or self.cashier).action_open_account()
        statement = (
            self.env["clinic.statement"]
            .with_user(user or self.cashier)
            .browse(action["res_id"])
        )
        if vals:
            statement.write(vals)
            statement.action_show()
        return statement

    def test_lines_run_from_the_opening_to_the_closing_balance(self):
        statement = self.open_statement()
        self.assertEqual((statement.opening, statement.closing), (0, -3000))
        self.assertEqual(
            [(line.charged, line.paid, line.balance) for line in statement.line_ids],
            [(3000, 0, -3000), (0, 3000, 0), (3000, 0, -3000)],
        )
        self.assertEqual(
            statement.line_ids.patient_id, self.patient | self.other_patient
        )
        self.assertEqual(statement.closing, self.patient.account_balance)

    def test_what_was_before_the_period_opens_it(self):
        day = self.paid_invoice.date
        self.paid_invoice.line_ids.flush_recordset()
        self.env.cr.execute(
            "UPDATE account_move_line SET date = %s WHERE move_id = %s",
            [day.replace(year=day.year - 1), self.paid_invoice.id],
        )
        self.env.invalidate_all()
        statement = self.open_statement(date_from=day, date_to=day)
        self.assertEqual((statement.opening, statement.closing), (-3000, -3000))
        self.assertEqual(len(statement.line_ids), 2)

    def test_a_payer_reads_sums_alone_of_whom_visits_are_the_own_secret(self):
        child = self.other_patient
        child.birthdate = "2011-06-01"
        relation = child.relation_ids.filtered(
            lambda one: one.related_id == self.patient
        )
        relation.may_see = True
        for day, told in (("2026-05-31", True), ("2026-06-01", False)):
            line = self.read_last_line(day)
            with self.subTest(day=day):
                self.assertEqual(bool(line.patient_id), told)
                self.assertEqual(bool(line.label), told)
                self.assertTrue(line.document)
                self.assertEqual(line.charged, 3000)
        relation.consent_on = "2026-03-01"
        relation.date_from = "2026-03-01"
        child.birthdate = "2011-03-01"
        self.assertEqual(self.read_last_line("2026-06-01").patient_id, child)

    def read_last_line(self, day):
        moment = datetime.fromisoformat(f"{day} 12:00:00")
        with freeze_time(moment), patch.object(self.env.cr, "now", lambda: moment):
            self.env.invalidate_all()
            period = {"date_from": "2020-01-01", "date_to": "2030-01-01"}
            return self.open_statement(**period).line_ids[-1]

    def test_every_button_works_twice_and_for_another_period(self):
        statement = self.open_statement()
        for _press in range(2):
            for button in ("action_show", "action_print", "action_export"):
                with self.subTest(button):
                    self.assertTrue(getattr(statement, button)()["type"])
                    self.env.flush_all()
                    self.assertEqual(len(statement.line_ids), 3)
        day = self.paid_invoice.date
        statement.date_to = day
        statement.action_show()
        again = self.open_statement()
        self.assertNotEqual(again, statement)
        self.assertEqual(again.closing, -3000)

    def test_a_statement_tells_nothing_of_the_service(self):
        self.service.name = "Secret service"
        labels = self.open_statement().line_ids.mapped("label")
        self.assertEqual(labels, ["Visit", "Payment", "Visit"])

    def test_the_workbook_holds_the_lines(self):
        statement = self.open_statement()
        report = self.env["report.clinic_finance.statement_xlsx"].with_context(
            active_model="clinic.statement"
        )
        content, kind = report.create_xlsx_report(statement.ids, {})
        self.assertEqual(kind, "xlsx")
        rows = list(load_workbook(BytesIO(content)).active.values)
        self.assertEqual([row[6] for row in rows[5:8]], [-3000, 0, -3000])
        self.assertEqual(rows[9][6], -3000)

    def test_the_page_for_paper_holds_the_lines(self):
        statement = self.open_statement()
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "clinic_finance.statement", statement.ids
        )
        self.assertIn(self.paid_invoice.name, html.decode())
        self.assertNotIn(self.service.name, html.decode())

    def test_cashiers_and_accountants_read_statements_and_nobody_else(self):
        self.assertTrue(self.open_statement(self.accountant).line_ids)
        system = new_test_user(self.env, "root3", groups="base.group_system")
        for user in (self.registrar, system):
            statements = self.env["clinic.statement"].with_user(user)
            with (
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_model"),
            ):
                statements._open(self.patient.partner_id, self.env.company)

    def test_the_company_must_be_one_of_the_users(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        statements = self.env["clinic.statement"].with_user(self.cashier)
        with self.assertRaises(AccessError):
            statements._open(self.patient.partner_id, company)

    def test_accounts_show_debts_and_insurers_apart(self):
        insurer = self.env["res.partner"].create({"name": "Insurer"})
        source = self.env["clinic.payment.source"].create(
            {"name": "Policy", "kind": "insurer", "partner_id": insurer.id}
        )
        self.invoice(self.book("11:00", payment_source_id=source.id))
        accounts = self.env["clinic.account"].with_user(self.cashier)
        partners = insurer | self.patient.partner_id
        found = accounts.search([("partner_id", "in", partners.ids)])
        self.assertEqual(
            {account.partner_id: (account.kind, account.balance) for account in found},
            {
                insurer: ("source", -3000),
                self.patient.partner_id: ("private", -3000),
            },
        )
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_model"),
        ):
            accounts.with_user(self.registrar).search([])
