import doctest
from datetime import date

from odoo.tests import BaseCase, tagged

from odoo.addons.clinic_base.tools import age, documents, patient_query, person_name
from odoo.addons.clinic_base.tools.patient_query import fold, parse_query

TODAY = date(2026, 11, 22)


@tagged("post_install", "-at_install")
class TestTools(BaseCase):
    def test_examples_in_the_code_hold(self):
        for module in (age, patient_query, person_name):
            self.assertFalse(doctest.testmod(module).failed, module.__name__)

    def test_queries(self):
        for text, words, digits, birthdate in (
            ("  ИВАНОВА   маша ", ("иванова", "маша"), (), None),
            ("Ёлкина", ("елкина",), (), None),
            ("Римский-Корсаков", ("римский-корсаков",), (), None),
            ("6789", (), ("6789",), None),
            ("+7 912 345 67 89", (), ("9123456789",), None),
            ("8(912)345-67-89 Анна", ("анна",), ("9123456789",), None),
            ("петров 07.03.1985", ("петров",), (), date(1985, 3, 7)),
            ("7/3/85", (), (), date(1985, 3, 7)),
            ("7.3.25", (), (), date(2025, 3, 7)),
            ("1985-03-07", (), (), date(1985, 3, 7)),
            ("31.02.1985", (), ("31021985",), None),
            ("   ", (), (), None),
            ("!?", (), (), None),
        ):
            with self.subTest(text):
                self.assertEqual(parse_query(text, TODAY), (words, digits, birthdate))

    def test_fold_forgives_case_spaces_and_yo(self):
        self.assertEqual(fold(" ЁЖ  Ёлкин\n"), "еж елкин")
        self.assertEqual(fold(None), "")


@tagged("post_install", "-at_install")
class TestDocuments(BaseCase):
    def assertReason(self, reason, function, text):
        with self.assertRaises(ValueError) as caught:
            function(text)
        self.assertEqual(str(caught.exception), reason, text)

    def test_snils(self):
        self.assertEqual(documents.format_snils("11223344595"), "112-233-445 95")
        self.assertEqual(documents.format_snils("001-001-998 00"), "001-001-998 00")
        self.assertEqual(documents.format_snils("  "), "")
        self.assertReason(
            documents.WRONG_CHECK_DIGIT, documents.format_snils, "112-233-445 96"
        )
        self.assertReason(documents.WRONG_LENGTH, documents.format_snils, "112-233")
        self.assertReason(documents.WRONG_LENGTH, documents.format_snils, "нет")

    def test_snils_sums_of_100_and_101_count_as_zero(self):
        for number in ("087654303", "087654302"):
            total = sum(int(d) * (9 - i) for i, d in enumerate(number))
            expected = "00" if total % 101 in (0, 100) else f"{total % 101:02}"
            self.assertEqual(documents.snils_check_digits(number), expected)

    def test_numbers_below_the_first_checked_have_no_check_digits(self):
        self.assertEqual(documents.format_snils("00100199799"), "001-001-997 99")

    def test_oms_policy(self):
        self.assertEqual(
            documents.format_oms_policy("4532 0151 1283 0366"), "4532015112830366"
        )
        self.assertEqual(documents.format_oms_policy("123456789"), "123456789")
        self.assertReason(
            documents.WRONG_CHECK_DIGIT, documents.format_oms_policy, "4532015112830367"
        )
        self.assertReason(documents.WRONG_LENGTH, documents.format_oms_policy, "12345")

    def test_passport_and_birth_certificate(self):
        self.assertEqual(documents.format_passport("45 09 123456"), "4509 123456")
        self.assertReason(
            documents.WRONG_LENGTH, documents.format_passport, "4509 12345"
        )
        certificate = documents.format_birth_certificate
        self.assertEqual(certificate("iv-аб № 123456"), "IV-АБ 123456")
        self.assertEqual(certificate("ХII-МЮ123456"), "XII-МЮ 123456")
        self.assertReason(documents.WRONG_FORM, certificate, "IV 123456")
