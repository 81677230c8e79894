from odoo.tests import tagged

from odoo.addons.clinic_schedule.tests.common import MONDAY

from ..common import FinanceCommon


@tagged("-at_install", "post_install")
class TestAnalytic(FinanceCommon):
    def get_accounts(self, line):
        """{plan: account} that the invoice line is counted by, whole."""
        accounts = line.distribution_analytic_account_ids
        self.assertEqual(list(line.analytic_distribution.values()), [100])
        return {account.plan_id.name: account.name for account in accounts}

    def test_revenue_is_counted_by_branch_department_and_specialist(self):
        line = self.invoice(self.book()).invoice_line_ids
        self.assertEqual(
            self.get_accounts(line),
            {
                "Branch": "North",
                "Department": "Department of Room 1, North",
                "Specialist": "Anna Orlova",
            },
        )
        items = line.analytic_line_ids
        self.assertEqual(items.mapped("amount"), [3000])

    def test_accounts_are_made_once(self):
        self.invoice(self.book())
        account = self.specialist.analytic_account_id
        self.invoice(self.book("10:00", patient=self.other_patient))
        self.assertEqual(self.specialist.analytic_account_id, account)
        self.assertEqual(
            self.env["account.analytic.account"].search_count(
                [("name", "=", "Anna Orlova")]
            ),
            1,
        )

    def test_patients_are_nowhere_in_the_analytics(self):
        line = self.invoice(self.book()).invoice_line_ids
        names = line.distribution_analytic_account_ids.mapped("display_name")
        names += line.analytic_line_ids.mapped("name")
        self.assertNotIn(self.patient.name, " ".join(names))

    def test_a_cancelled_visit_takes_its_revenue_back(self):
        visit = self.book()
        invoice = self.invoice(visit)
        visit.cancel(self.reason.id)
        lines = (invoice | invoice.reversal_move_ids).invoice_line_ids
        self.assertEqual(sum(lines.analytic_line_ids.mapped("amount")), 0)

    def test_accounts_follow_names_and_the_archive(self):
        self.invoice(self.book())
        self.specialist.name = "Anna Lebedeva"
        self.room.department_id.name = "Therapy"
        self.assertEqual(self.specialist.analytic_account_id.name, "Anna Lebedeva")
        self.assertEqual(
            self.room.department_id.analytic_account_id.name, "Therapy, North"
        )
        self.room.department_id.archive_with_reason("Closed")
        self.assertFalse(self.room.department_id.analytic_account_id.active)

    def test_a_charge_without_visit_is_counted_by_what_is_known(self):
        charge = self.env["clinic.charge"].create(
            {
                "patient_id": self.patient.id,
                "payer_id": self.patient.partner_id.id,
                "service_id": self.service.id,
                "branch_id": self.branch.id,
                "company_id": self.branch.company_id.id,
                "date": MONDAY,
                "price": 100,
            }
        )
        self.assertEqual(
            charge._get_analytic_distribution(),
            {str(self.branch.analytic_account_id.id): 100},
        )

    def test_a_registrar_cannot_read_the_accounts_of_a_branch(self):
        branch = self.branch.with_user(self.registrar)
        self.assertFalse(
            branch._has_field_access(branch._fields["analytic_account_id"], "read")
        )

    def test_statements_do_not_grow_with_charges(self):
        def count(clocks):
            visits = self.visits.concat(*(self.book(clock) for clock in clocks))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            for charge in visits.charge_ids:
                charge._get_analytic_distribution()
            return self.env.cr.sql_log_count - before

        count(["09:00"])  # makes the accounts
        self.assertEqual(count(["09:30"]), count(["10:00", "10:30", "11:00"]))
