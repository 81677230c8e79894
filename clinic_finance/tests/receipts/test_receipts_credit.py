from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import FinanceCommon

# Midnight of the branch, in Moscow, after the first Monday.
MIDNIGHT = datetime(2026, 3, 2, 21)
CREDIT = "odoo.addons.clinic_finance.models.receipts.clinic_receipt_credit"


class CreditCommon(FinanceCommon):
    def close_day(self, moment=MIDNIGHT):
        """All receipts of services on credit, after the cron has run at ``moment``."""
        receipts = self.env["clinic.receipt"]
        with self.at_moment(moment), self.without_commits():
            receipts._cron_credit()
        return receipts.search([("kind", "=", "credit")], order="id")

    def describe(self, receipts):
        return [
            (line.payment_method, line.payment_subject, line.vat, line.amount)
            for line in receipts.line_ids
        ]

    def pay_part(self, invoice, amount):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return wizard.create({"amount": amount})._create_payments()


@tagged("-at_install", "post_install")
class TestCredit(CreditCommon):
    def test_a_service_that_nobody_has_paid_by_midnight_is_on_credit(self):
        visit = self.render(self.book())
        self.invoice(visit)
        early = self.close_day(MIDNIGHT - timedelta(minutes=1))
        self.assertFalse(early, "the day is not over in Moscow")
        receipt = self.close_day()
        self.assertEqual(self.describe(receipt), [("credit", "service", "none", 3000)])
        self.assertEqual(
            (receipt.amount_credit, receipt.amount_cash, receipt.amount_card),
            (3000, 0, 0),
        )
        self.assertEqual(receipt.payer_id, self.patient.partner_id)
        self.assertEqual(receipt.appointment_id, visit)
        self.assertEqual(self.close_day(), receipt, "once")
        self.assertNotIn(self.service.name, receipt.line_ids.mapped("name"))

    def test_a_later_payment_pays_the_credit(self):
        visit = self.render(self.book())
        invoice = self.invoice(visit)
        self.close_day()
        receipt = self.pay(invoice).clinic_receipt_ids
        self.assertEqual(
            self.describe(receipt), [("credit_payment", "payment", "none", 3000)]
        )

    def test_who_pays_on_the_day_has_one_receipt(self):
        visit = self.render(self.book())
        payment = self.pay(self.invoice(visit))
        self.assertFalse(self.close_day())
        self.assertEqual(visit.charge_ids.handed_over, "paid")
        self.assertEqual(
            self.describe(payment.clinic_receipt_ids),
            [("full_payment", "service", "none", 3000)],
        )

    def test_where_a_part_was_prepaid_the_rest_is_the_credit_of_a_part_payment(self):
        visit = self.book()
        payment = self.pay_for(visit.charge_ids, 1000)
        self.render(visit)
        invoice = visit.charge_ids.move_line_ids.move_id
        offset = payment.clinic_receipt_ids.filtered(lambda one: one.kind == "offset")
        self.assertEqual(offset.amount, 1000)
        receipt = self.close_day()
        self.assertEqual(
            self.describe(receipt), [("partial_payment", "service", "none", 2000)]
        )
        rest = self.pay_part(invoice, 2000).clinic_receipt_ids
        self.assertEqual(
            self.describe(rest), [("credit_payment", "payment", "none", 2000)]
        )

    def test_an_advance_that_met_the_invoice_later_is_offset_and_no_credit(self):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.patient.partner_id.id,
                "clinic_patient_id": self.patient.id,
                "amount": 3000,
            }
        )
        payment.action_post()
        visit = self.book()
        with self.at_moment(MIDNIGHT - timedelta(hours=9)):
            self.render(visit)
            invoice = self.invoice(visit)
            self.env["clinic.match"]._match(self.patient.partner_id)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertFalse(self.close_day())
        offset = payment.clinic_receipt_ids.filtered(lambda one: one.kind == "offset")
        self.assertEqual((offset.amount, offset.appointment_id), (3000, visit))

    def test_what_is_invoiced_by_the_month_is_on_credit_before_its_invoice(self):
        visit = self.book()
        visit.charge_ids.invoicing = "monthly"
        self.render(visit)
        receipt = self.close_day()
        self.assertEqual(receipt.amount, 3000)
        self.assertEqual(receipt.line_ids.name, "Visit")

    def test_the_vat_is_in_the_receipt_of_the_service(self):
        self.service.taxes_id = self.env["account.tax"].create(
            {
                "name": "22 %",
                "amount": 22,
                "type_tax_use": "sale",
                "price_include_override": "tax_included",
            }
        )
        visit = self.render(self.book())
        invoice = self.invoice(visit)
        self.assertEqual(
            self.describe(self.close_day()), [("credit", "service", "vat22", 3000)]
        )
        self.assertEqual(
            self.describe(self.pay(invoice).clinic_receipt_ids),
            [("credit_payment", "payment", "none", 3000)],
        )

    def test_an_insurer_a_firm_and_a_visit_that_was_missed_get_none(self):
        insurer = self.env["res.partner"].create({"name": "Insurer"})
        source = self.env["clinic.payment.source"].create(
            {"name": "Insurer", "partner_id": insurer.id}
        )
        self.render(self.book(payment_source_id=source.id))
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        self.patient.write(
            {
                "payment_source_id": source.create(
                    {"name": "Firm", "partner_id": firm.id}
                ).id,
                "payer_id": firm.id,
            }
        )
        visit = self.book("10:00")
        self.render(visit)
        self.book("11:00").action_no_show()
        self.assertFalse(self.close_day())

    def test_two_payers_of_a_visit_have_a_receipt_each(self):
        visit = self.book()
        other = self.create_service("Blood draw", 5, list_price=300)
        other.taxes_id = False
        self.let_pay(self.other_patient, self.patient)
        visit.charge_ids.copy(
            {"service_id": other.id, "payer_id": self.other_patient.partner_id.id}
        )
        self.render(visit)
        receipts = self.close_day()
        self.assertEqual(
            receipts.payer_id, (self.patient | self.other_patient).partner_id
        )

    def test_however_late_a_day_is_made_up_for(self):
        visit = self.render(self.book())
        self.assertTrue(self.close_day(MIDNIGHT + timedelta(days=60)))
        self.assertEqual(visit.charge_ids.handed_over, "credit")

    def test_a_visit_that_is_noted_late_has_its_receipt(self):
        visit = self.book()
        with self.at_moment(MIDNIGHT + timedelta(days=20)):
            self.render(visit)
        self.assertTrue(self.close_day(MIDNIGHT + timedelta(days=21)))

    def test_what_the_former_system_has_told_is_told_no_more(self):
        company = self.branch.company_id
        self.render(self.book())
        company.clinic_receipts_from = MIDNIGHT.date() + timedelta(days=1)
        self.assertFalse(self.close_day())
        company.clinic_receipts_from = MIDNIGHT.date()
        self.assertTrue(self.close_day())

    def test_a_night_takes_as_many_statements_for_more_visits(self):
        counts = []
        for clocks in (("09:00",), ("09:30",), ("10:00", "10:30", "11:00", "11:30")):
            for clock in clocks:
                patient = self.create_patient(f"Somebody at {clock}")
                self.invoice(self.render(self.book(clock, patient=patient)))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.close_day()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1])

    def test_one_bad_visit_stops_no_other(self):
        good, bad = self.render(self.book()), self.render(self.book("10:00"))
        prepare = type(good.charge_ids)._prepare_credit_line

        def fail_for_bad(charge, *owed):
            if charge.appointment_id == bad:
                raise ValueError("No label")
            return prepare(charge, *owed)

        with (
            patch.object(type(good.charge_ids), "_prepare_credit_line", fail_for_bad),
            mute_logger(CREDIT),
        ):
            receipts = self.close_day()
        self.assertEqual(receipts.appointment_id, good)
        self.assertFalse(bad.charge_ids.handed_over)
        self.assertEqual(self.close_day().appointment_id, good | bad)


@tagged("-at_install", "post_install")
class TestPackageReceipts(FinanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        product = cls.env["product.product"].create(
            {
                "name": "Three visits",
                "type": "service",
                "list_price": 5000,
                "taxes_id": False,
                "package_service_id": cls.service.id,
                "package_visits": 3,
                "package_days": 30,
            }
        )
        cls.package = cls.env["clinic.package"].create(
            {
                "patient_id": cls.patient.id,
                "product_id": product.id,
                "branch_id": cls.branch.id,
            }
        )

    def test_a_package_is_prepaid_and_each_visit_offsets_its_part(self):
        payment = self.pay_for(self.package.charge_id)
        sold = payment.clinic_receipt_ids
        self.assertEqual(sold.line_ids.payment_method, "full_prepayment")
        visits = [self.book(clock) for clock in ("09:00", "09:30", "10:00")]
        for visit in visits:
            self.render(visit)
        offsets = payment.clinic_receipt_ids - sold
        self.assertEqual(set(offsets.mapped("kind")), {"offset"})
        amounts = sorted(offsets.mapped("amount"))
        self.assertEqual(amounts, [1666.66, 1666.67, 1666.67])
        self.assertEqual(
            set(offsets.line_ids.mapped("payment_method")), {"full_payment"}
        )
        self.assertEqual(set(offsets.line_ids.mapped("name")), {"Visit"})

    def test_a_visit_of_a_package_is_never_on_credit(self):
        self.pay_for(self.package.charge_id)
        self.render(self.book())
        receipts = self.env["clinic.receipt"]
        with self.at_moment(MIDNIGHT), self.without_commits():
            receipts._cron_credit()
        self.assertFalse(receipts.search([("kind", "=", "credit")]))
