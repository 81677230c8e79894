import doctest
from datetime import date

from hypothesis import given, settings, strategies as st

from odoo.tests import BaseCase, tagged

from ...tools import (
    birthdates,
    documents,
    file_text,
    identity,
    letters,
    patient_columns,
    phones,
)
from ...tools.birthdates import AmbiguousError, read_birthdate
from ...tools.identity import Identity, Verdict, judge
from ...tools.letters import clean, fold
from ...tools.person_name import check_name, join_name, split_name
from ...tools.phones import read_phones

TODAY = date(2026, 11, 22)
BORN = date(1985, 3, 7)


@tagged("post_install", "-at_install")
class TestLetters(BaseCase):
    def test_examples_in_the_code_hold(self):
        for module in (
            birthdates,
            documents,
            file_text,
            identity,
            letters,
            patient_columns,
            phones,
        ):
            self.assertFalse(doctest.testmod(module).failed, module.__name__)

    def test_letters_that_look_alike_are_alike(self):
        for one, other in (
            ("Петров", "Пeтрoв"),  # Latin e and o
            ("НИКИТИН", "HИKИTИH"),
            ("Ёлкина", "Елкина"),
            ("Йодова", "Йодова"),  # decomposed
            ("Müller", "Muller"),
            ("O’Brien", "O'Brien"),
            ("Римский - Корсаков", "Римский‑Корсаков"),
            ("Smith", "Smitн"),  # Cyrillic н
            ("Tom", "Том"),
        ):
            with self.subTest(one):
                self.assertEqual(fold(one), fold(other))
        for one, other in (("Ким", "Кит"), ("Минин", "Минйн"), ("Ли", "Лю")):
            self.assertNotEqual(fold(one), fold(other))

    def test_what_nobody_sees_goes_and_nothing_else(self):
        for text in ("Нуле\u200bвидова", "\ufeffНулевидова\u00ad", "Нулевидова\u3164"):
            self.assertEqual(clean(text), "Нулевидова")
        self.assertEqual(clean("Ли\u00a0\n Анна"), "Ли Анна")
        self.assertEqual(clean("Nguyễn Thị Ánh"), "Nguyễn Thị Ánh")

    @given(st.text(max_size=60))
    @settings(max_examples=300, deadline=None)
    def test_whatever_is_written_is_read_the_same_the_second_time(self, text):
        self.assertEqual(clean(clean(text)), clean(text))
        self.assertEqual(fold(fold(text)), fold(text))


@tagged("post_install", "-at_install")
class TestNames(BaseCase):
    def test_names_of_many_peoples(self):
        for name, parts in (
            ("Иванов Пётр Ильич", ("Иванов", "Пётр", "Ильич")),
            ("Алиев Расул Гасан оглы", ("Алиев", "Расул", "Гасан оглы")),
            ("Ван Дер Берг Анна", ("Ван Дер Берг", "Анна", "")),
            ("фон Рихтер Карл", ("фон Рихтер", "Карл", "")),
            (
                "Иванова (Петрова) Анна Ильинична",
                ("Иванова (Петрова)", "Анна", "Ильинична"),
            ),
            ("Smith Jones, Anna Maria", ("Smith Jones", "Anna", "Maria")),
            ("Сухарто", ("Сухарто", "", "")),
            ("Ван Ли", ("Ван", "Ли", "")),
            ("", ("", "", "")),
        ):
            with self.subTest(name):
                self.assertEqual(split_name(name), parts)

    def test_a_name_is_letters_and_not_too_many(self):
        for name in ("", "   ", "\u200b", "---", "123", "Я" * 5000, None):
            with self.assertRaises(ValueError):
                check_name(name)
        self.assertEqual(check_name(" Ли \u200b"), "Ли")

    @given(st.lists(st.text("абвгд", min_size=1, max_size=5), min_size=1, max_size=6))
    def test_no_word_of_a_name_is_ever_lost(self, words):
        name = " ".join(words)
        self.assertEqual(join_name(*split_name(name)), name)


@tagged("post_install", "-at_install")
class TestBirthdates(BaseCase):
    def test_however_they_are_typed(self):
        for text in (
            *("07.03.1985", "7.3.1985", "07/03/1985", "07-03-1985", "07 03 1985"),
            *("07,03,1985", "1985-03-07", "1985.03.07", "1985/3/7", "07031985"),
            *("19850307", "7 марта 1985", "7 мар. 1985 г.", "07.03.1985 г.р."),
            *("07.03.1985 0:00:00", "1985-03-07T00:00:00", "7.3.85", "7-Mar-1985"),
            *("07.03.1985 года рождения", " 07.03.1985\u00a0", "７.０３.1985"),
        ):
            with self.subTest(text):
                self.assertEqual(read_birthdate(text, TODAY), BORN)

    def test_what_cannot_be_is_refused_and_never_guessed(self):
        for text in (
            *("31.02.1985", "00.01.1985", "03/25/1985", "01.01.2999", "31113"),
            *("1,98E+03", "#######", "01.01.0001", "30.12.1899", "01.01.1900"),
            *("85", "1985", "март 1985", "07.03.1985 и 08.03.1985", "вчера"),
        ):
            with self.subTest(text), self.assertRaises(ValueError):
                read_birthdate(text, TODAY)
        with self.assertRaises(AmbiguousError):
            read_birthdate("07.03.25", TODAY)
        self.assertIsNone(read_birthdate("  ", TODAY))


@tagged("post_install", "-at_install")
class TestPhones(BaseCase):
    def read(self, text):
        return [phone.e164 for phone in read_phones(text)]

    def test_one_number_however_it_is_written(self):
        for text in (
            *("+79123456789", "8 (912) 345-67-89", "9123456789", "79123456789"),
            *("тел. 8-912-345-67-89", "8‑912‑345‑67‑89", "８９１２３４５６７８９"),
            *("8.912.345.67.89", "8912345 6789", "+7 912 345-67-89 (мама)"),
        ):
            with self.subTest(text):
                self.assertEqual(self.read(text), ["+79123456789"])

    def test_foreign_numbers_stay_what_they_are(self):
        for text, e164 in (
            ("+84 91 234 56 78", "+84912345678"),
            ("+47 412 34 567", "+4741234567"),
            ("+852 6123 4567", "+85261234567"),
            ("8 10 49 30 123456", "+4930123456"),
            ("00375 29 1234567", "+375291234567"),
            ("375 29 123-45-67", "+375291234567"),
            ("+998 90 123 45 67", "+998901234567"),
            ("8 701 123 45 67", "+77011234567"),
        ):
            with self.subTest(text):
                self.assertEqual(self.read(text), [e164])

    def test_several_numbers_of_a_cell(self):
        two = ["+79123456789", "+74951234567"]
        for text in (
            "8 912 345-67-89, 8 495 123-45-67",
            "89123456789; 84951234567",
            "8-912-345-67-89/8-495-123-45-67",
            "+79123456789 +74951234567",
            "8 912 345 67 89 84951234567",
            "89123456789\n84951234567",
            "89123456789 (мама), 84951234567 дом.",
        ):
            with self.subTest(text):
                self.assertEqual(self.read(text), two)
        noted = read_phones("мама 89123456789; папа: 8 912 3456780")
        self.assertEqual([phone.note for phone in noted], ["мама", "папа"])
        (extended,) = read_phones("8 (495) 123-45-67 доб. 12")
        self.assertEqual(extended.note, "доб. 12")

    def test_what_is_no_number_is_refused(self):
        for text in (
            *("7,91235E+10", "79123456789.0", "#######", "7912345678", "8912345678"),
            *("12", "123-45-67", "нет телефона", "+7 912 345 67 8", "891234567890"),
        ):
            with self.subTest(text), self.assertRaises(ValueError):
                read_phones(text)
        for text in ("", " ", "-", "нет", "—"):
            self.assertEqual(self.read(text), [])


@tagged("post_install", "-at_install")
class TestDocumentsAsCopied(BaseCase):
    def test_around_the_number(self):
        for text in ("СНИЛС 112-233-445 95", "112‑233‑445 95", "11223344595\u00a0"):
            self.assertEqual(documents.format_snils(text), "112-233-445 95")
        for text in (
            "серия 4509 № 123456",
            "4509 номер 123456",
            "Паспорт РФ 4509 123456",
        ):
            self.assertEqual(documents.format_passport(text), "4509 123456")
        for text in ("IV-АБ № 123456", "IV-AБ 123456", "Ⅳ-АБ 123456", "1V-аб 123456"):
            self.assertEqual(documents.format_birth_certificate(text), "IV-АБ 123456")

    def test_letters_inside_are_no_digits(self):
        for text in ("112-233-445 9О", "112-233-445 95 и 087-654-303 00", "1,12E+10"):
            with self.subTest(text), self.assertRaises(ValueError):
                documents.format_snils(text)


@tagged("post_install", "-at_install")
class TestWhoIsOnePerson(BaseCase):
    ANNA = Identity.of("Ким Анна Ивановна", birthdate=BORN, phones=frozenset({"+71"}))

    def test_cases(self):
        anna = self.ANNA
        alone = Identity.of("Ким Анна")
        for other, verdict in (
            (anna, Verdict.SAME),
            (Identity.of("Анна Ивановна Ким", birthdate=BORN), Verdict.SAME),
            (Identity.of("Кiм Анна"), Verdict.OTHER),
            (Identity.of("Ким Анна Ивановна"), Verdict.DOUBTFUL),
            (Identity.of("Ким Анна Петровна", birthdate=BORN), Verdict.OTHER),
            (Identity.of("Ким Анна", birthdate=BORN), Verdict.DOUBTFUL),
            (alone._replace(phones=anna.phones), Verdict.DOUBTFUL),
            (
                alone._replace(phones=anna.phones, birthdate=BORN),
                Verdict.SAME,
            ),
            # A daughter of the same name, with the family's telephone.
            (anna._replace(birthdate=date(2015, 1, 2)), Verdict.OTHER),
            # Married, with the same telephone.
            (anna._replace(last_name="ли"), Verdict.DOUBTFUL),
            # Somebody of that first name who answers the same telephone.
            (Identity.of("Ли Анна", phones=anna.phones), Verdict.DOUBTFUL),
            # A twin.
            (anna._replace(first_name="инна"), Verdict.OTHER),
        ):
            with self.subTest(other):
                self.assertEqual(judge(anna, other), verdict)
                self.assertEqual(judge(other, anna), verdict)

    def test_documents_decide(self):
        one, other = (
            self.ANNA._replace(snils=snils)
            for snils in ("112-233-445 95", "087-654-303 00")
        )
        self.assertEqual(judge(one, other), Verdict.OTHER, "two namesakes")
        married = one._replace(last_name="ли", phones=frozenset())
        self.assertEqual(judge(one, married), Verdict.SAME)
        twin = one._replace(first_name="инна")
        self.assertEqual(judge(one, twin), Verdict.DOUBTFUL, "one SNILS is mistyped")
        child = one._replace(birthdate=date(2015, 1, 2), first_name="петр")
        self.assertEqual(judge(one, child), Verdict.DOUBTFUL)

    def test_a_snils_outweighs_what_is_changed_beside_it(self):
        one = self.ANNA._replace(snils="112-233-445 95", document="4509 123456")
        for other in (
            one._replace(document="4519 654321"),
            one._replace(oms_policy="2", document=""),
            one._replace(document="4519 654321", phones=frozenset()),
        ):
            self.assertEqual(judge(one._replace(oms_policy="1"), other), Verdict.SAME)
        passport = one._replace(snils="087-654-303 00")
        self.assertEqual(judge(one, passport), Verdict.DOUBTFUL)
        self.assertEqual(
            judge(one._replace(snils=""), one._replace(snils="", document="1")),
            Verdict.OTHER,
        )

    def test_a_slip_of_the_pen_is_for_somebody_to_look_at(self):
        for name, other in (
            ("Кузнецова Екатерина Павловна", "Кузнецова Екатирина Павловна"),
            ("Кузнецова Наталья", "Кузнецова Наталия"),
            ("Кузнецова Анна Павловна", "Кузнецова Анна Пвловна"),
            ("Кузнецова Анна", "Кузнецва Анна Павловна"),
        ):
            one = Identity.of(name, birthdate=BORN)
            slip = Identity.of(other, birthdate=BORN)
            with self.subTest(other):
                self.assertEqual(judge(one, slip), Verdict.DOUBTFUL)
                self.assertEqual(
                    judge(one._replace(birthdate=None), slip), Verdict.OTHER
                )

    def test_newborns_without_a_name_are_never_taken_for_one(self):
        twin = Identity.of("Ким", birthdate=TODAY, phones=frozenset({"+71"}))
        self.assertEqual(judge(twin, twin), Verdict.DOUBTFUL)

    def test_relatives_are_two(self):
        mother = self.ANNA._replace(card_number="1")
        child = self.ANNA._replace(card_number="2", relatives=frozenset({"1"}))
        self.assertEqual(judge(mother, child), Verdict.OTHER)

    @given(
        *[
            st.builds(
                Identity,
                *[st.sampled_from(("", "ким", "анна"))] * 3,
                st.sampled_from((None, BORN)),
                st.sampled_from(("", "1", "2")),
                st.sampled_from(("", "1", "2")),
                st.just(""),
                st.sampled_from((frozenset(), frozenset({"+71"}))),
            )
        ]
        * 2
    )
    @settings(max_examples=400, deadline=None)
    def test_it_does_not_matter_who_is_compared_with_whom(self, one, other):
        self.assertEqual(judge(one, other), judge(other, one))
