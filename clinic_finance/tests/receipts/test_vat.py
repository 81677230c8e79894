from odoo.exceptions import UserError
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

    def test_an_unknown_rate_is_an_error_that_names_the_tax(self):
        self.tax(15)
        with self.assertRaisesRegex(UserError, "15 %"):
            self.pay_for(self.book().charge_ids)

    def test_two_rates_at_once_are_an_error(self):
        self.tax(10)
        reduced = self.service.taxes_id
        self.tax(22)
        self.service.taxes_id |= reduced
        with self.assertRaises(UserError):
            self.pay_for(self.book().charge_ids)
