from odoo.tests import BaseCase, tagged

from ...tools import vat as rates
from ..common import FinanceCommon


@tagged("-at_install", "post_install")
class TestRates(BaseCase):
    def test_each_rate_has_its_calculated_one(self):
        self.assertEqual(
            {vat: rates.calculated(vat) for vat in rates.OF_TAX},
            {
                "none": "none",
                "vat0": "vat0",
                "vat5": "vat105",
                "vat7": "vat107",
                "vat10": "vat110",
                "vat22": "vat122",
            },
        )

    def test_a_rate_that_no_register_knows_has_none(self):
        self.assertEqual(rates.of_rate(22.0), "vat22")
        self.assertIsNone(rates.of_rate(20.0))


@tagged("-at_install", "post_install")
class TestVat(FinanceCommon):
    def tax(self, amount, **vals):
        self.service.taxes_id = self.env["account.tax"].create(
            {
                "name": f"{amount} %",
                "amount": amount,
                "type_tax_use": "sale",
                "price_include_override": "tax_included",
                **vals,
            }
        )

    def get_vats(self, clock):
        """What receipts of a visit say that is paid before, and of its offset."""
        visit = self.book(clock)
        payment = self.pay_for(visit.charge_ids)
        self.render(visit)
        return payment.clinic_receipt_ids.sorted("id").line_ids.mapped("vat")

    def test_every_rate_of_the_law_is_printed(self):
        for clock, amount, before, after in (
            ("09:00", 0, "none", "none"),
            ("09:30", 5, "vat105", "vat5"),
            ("10:00", 7, "vat107", "vat7"),
            ("10:30", 10, "vat110", "vat10"),
            ("11:00", 22, "vat122", "vat22"),
        ):
            with self.subTest(amount=amount):
                self.tax(amount)
                self.assertEqual(self.get_vats(clock), [before, after])

    def test_an_accountant_tells_the_zero_rate_from_the_exempt(self):
        self.tax(0, clinic_vat="vat0")
        self.assertEqual(self.get_vats("09:00"), ["vat0", "vat0"])

    def test_money_for_a_service_of_an_unknown_rate_is_taken_and_its_receipt_waits(
        self,
    ):
        self.tax(15)
        payment = self.pay_for(self.book().charge_ids)
        self.assertIn(payment.state, ("in_process", "paid"))
        receipt = payment.clinic_receipt_ids
        self.assertEqual((receipt.state, receipt.line_ids.vat), ("held", "unknown"))
        self.assertIn("15 %", self.service.taxes_id.activity_ids.note)

    def test_of_many_receipts_that_wait_there_is_one_task(self):
        self.tax(15)
        first = self.pay_for(self.book("09:00").charge_ids)
        second = self.pay_for(self.book("09:30").charge_ids)
        receipts = (first | second).clinic_receipt_ids
        self.assertEqual(set(receipts.mapped("state")), {"held"})
        self.assertEqual(len(self.service.taxes_id.activity_ids), 1)

    def test_what_waits_goes_on_when_the_accountant_has_told_the_rate(self):
        self.tax(15)
        visit = self.book()
        payment = self.pay_for(visit.charge_ids)
        self.render(visit)
        receipts = payment.clinic_receipt_ids.sorted("id")
        self.assertEqual(receipts.mapped("state"), ["held", "held"])
        self.service.taxes_id.clinic_vat = "vat10"
        self.assertEqual(receipts.mapped("state"), ["pending", "pending"])
        self.assertEqual(receipts.line_ids.mapped("vat"), ["vat110", "vat10"])
        self.assertFalse(self.service.taxes_id.activity_ids)
        self.assertFalse(receipts.line_ids.unknown_tax_ids)

    def test_the_button_hands_nothing_over_before_the_rate_is_known(self):
        self.tax(15)
        receipt = self.pay_for(self.book().charge_ids).clinic_receipt_ids
        for _press in range(2):
            receipt.with_user(self.accountant).action_release()
            self.assertEqual(receipt.state, "held")
            self.assertEqual(len(self.service.taxes_id.activity_ids), 1)

    def test_two_rates_at_once_wait_for_a_person(self):
        self.tax(10)
        reduced = self.service.taxes_id
        self.tax(22)
        self.service.taxes_id |= reduced
        receipt = self.pay_for(self.book().charge_ids).clinic_receipt_ids
        self.assertEqual(receipt.state, "held")
