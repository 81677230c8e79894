from odoo.tests import BaseCase, tagged

from ..tools.choice import Debt, Finding, choose
from ..tools.purpose import Hints, is_lump, read_purpose


@tagged("-at_install", "post_install")
class TestPurpose(BaseCase):
    def test_an_invoice_is_found_however_it_is_written(self):
        for text in (
            "Оплата по счёту INV/2026/00017",
            "inv/2026/00017.Без НДС",
            "(INV/2026/00017)",
            "№INV/2026/00017,тел 5",
        ):
            self.assertIn("INV/2026/00017", read_purpose(text).invoices, text)
        self.assertIn("СЧФ/2026/00017", read_purpose("за СЧФ/2026/00017").invoices)

    def test_a_dash_stands_for_a_stroke(self):
        self.assertIn("СЧФ/2026/00017", read_purpose("за СЧФ-2026-00017").invoices)

    def test_the_last_part_of_a_number_is_enough_behind_its_word(self):
        for text in (
            "Оплата по счёту 17",
            "по счету №17 от 02.03.2026",
            "сч. № 00017",
            "Invoice No. 17, thanks",
        ):
            self.assertEqual(read_purpose(text).shorts, {17}, text)
        for text in (
            "на счёт 40702810900000000001",
            "по счёту 02.03.2026",
            "по счёту 17/2",
            "17 приёмов",
        ):
            self.assertFalse(read_purpose(text).shorts, text)

    def test_a_part_of_a_longer_number_is_no_invoice(self):
        found = read_purpose("INV/2026/000171 и X/INV/2026/00017").invoices
        self.assertNotIn("INV/2026/00017", found)
        self.assertFalse(read_purpose("и/или по договору").invoices)

    def test_telephones_become_e164(self):
        for text in ("т. 8 916 123-45-67", "тел.+7(916)1234567", "89161234567 Иванов"):
            self.assertEqual(read_purpose(text).phones, {"+79161234567"}, text)

    def test_visits_and_cards_count_behind_a_sign_of_number(self):
        self.assertEqual(read_purpose("Приём № 15, спасибо").visits, {15})
        self.assertEqual(read_purpose("visit No. 15").visits, {15})
        self.assertEqual(read_purpose("карта 0000042").cards, {"0000042"})
        self.assertEqual(read_purpose("мед. карта № 42").cards, {"42"})

    def test_days_and_bank_cards_are_neither(self):
        self.assertFalse(read_purpose("приём 16 ноября").visits)
        self.assertFalse(read_purpose("с карты 1234 за приём 16.11.2026").cards)

    def test_lumps_tell_nothing(self):
        for text in (
            "Возмещение по операциям эквайринга за 01.03, INV/2026/00017",
            "Переводы физ.лиц по реестру № 15 от 01.03.2026",
            "Merchant 123, terminal 5",
        ):
            self.assertTrue(is_lump(text), text)
            self.assertEqual(read_purpose(text), Hints())


@tagged("-at_install", "post_install")
class TestChoice(BaseCase):
    first = Debt(1, payer=7, amount=100, patient=5, numbers=frozenset({"INV/1"}))
    second = Debt(2, payer=7, amount=200, patient=5, visit=15)
    other = Debt(3, payer=8, amount=100, patient=6, numbers=frozenset({"INV/3"}))
    debts = (first, second, other)

    def choose(self, amount, payers=None, **hints):
        hints = Hints(**{key: frozenset(value) for key, value in hints.items()})
        return choose(hints, amount, self.debts, payers or {})

    def test_what_is_named_and_paid_exactly_is_certain(self):
        self.assertEqual(
            self.choose(100, invoices={"INV/1"}), Finding(7, (1,), "named", True)
        )
        self.assertEqual(self.choose(200, visits={15}), Finding(7, (2,), "named", True))
        self.assertEqual(
            self.choose(300, invoices={"INV/1"}, visits={15}),
            Finding(7, (1, 2), "named", True),
        )

    def test_another_amount_is_for_a_person(self):
        self.assertFalse(self.choose(99, invoices={"INV/1"}).certain)
        self.assertFalse(self.choose(101, invoices={"INV/1"}).certain)

    def test_invoices_of_two_payers_are_for_a_person(self):
        self.assertIsNone(self.choose(200, invoices={"INV/1", "INV/3"}))
        self.assertIsNone(self.choose(100, {5: 7, 6: 8}, phones={"+7"}))

    def test_a_telephone_finds_the_only_invoice_of_that_amount(self):
        self.assertEqual(
            self.choose(200, {5: 7}, phones={"+7"}), Finding(7, (2,), "person", True)
        )
        self.assertEqual(
            self.choose(300, {5: 7}, phones={"+7"}), Finding(7, (1, 2), "person", True)
        )

    def test_a_telephone_alone_tells_only_the_payer(self):
        self.assertEqual(
            self.choose(50, {5: 7}, phones={"+7"}), Finding(7, (), "person", False)
        )

    def test_an_insurers_invoice_is_not_the_patients(self):
        self.assertEqual(
            self.choose(100, {6: 9}, phones={"+7"}), Finding(9, (), "person", False)
        )

    def test_a_short_number_is_proposed_where_one_invoice_has_it_and_the_sum(self):
        short = Debt(4, payer=7, amount=100, short=17)
        again = Debt(5, payer=8, amount=100, short=17)
        dearer = Debt(6, payer=8, amount=300, short=17)
        hints = Hints(shorts=frozenset({17}))
        self.assertEqual(
            choose(hints, 100, (short, dearer), {}), Finding(7, (4,), "named", False)
        )
        self.assertIsNone(choose(hints, 100, (short, again), {}))

    def test_words_that_mean_nothing_find_nobody(self):
        self.assertIsNone(self.choose(100, invoices={"И/2"}))
