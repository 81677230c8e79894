from datetime import date

from odoo.tests import BaseCase, tagged

from odoo.addons.clinic_base.tools.visitor import clean_name, parse_birthdate

from ..tools.booking_form import Slot, get_form_key, parse_slot

TODAY = date(2026, 3, 1)


@tagged("-at_install", "post_install")
class TestBookingForm(BaseCase):
    def test_a_chosen_time_is_read_back(self):
        self.assertEqual(
            parse_slot("2026-03-02 06:00:00|7|8|0|9"),
            Slot("2026-03-02 06:00:00", 7, 8, None, 9),
        )

    def test_a_forged_time_is_none(self):
        for text in ("", "x", "2026-03-02 06:00:00|7|8|0", "2026|7|8|0|9", "a|b|c|d|e"):
            self.assertIsNone(parse_slot(text))
        for text in ("9999-12-31 06:00:00|7|8|0|9", "0001-01-01 06:00:00|7|8|0|9"):
            self.assertIsNone(parse_slot(text))
        self.assertIsNone(parse_slot(f"2026-03-02 06:00:00|{2**31}|8|0|9"))

    def test_a_form_sent_again_has_the_same_key_and_no_other_has(self):
        slot = Slot("2026-03-02 06:00:00", 7, 8, None, 9)
        key = get_form_key("secret", slot, "анна", "+79160000000")
        self.assertEqual(key, get_form_key("secret", slot, "анна", "+79160000000"))
        others = {
            get_form_key("other", slot, "анна", "+79160000000"),
            get_form_key("secret", slot, "инна", "+79160000000"),
            get_form_key(
                "secret", slot._replace(specialist_id=1), "анна", "+79160000000"
            ),
        }
        self.assertEqual(len(others - {key}), 3)

    def test_a_birth_date_is_read_as_picked_or_typed(self):
        for text in ("1990-05-17", "17.05.1990", " 17.05.1990 "):
            self.assertEqual(parse_birthdate(text, TODAY), date(1990, 5, 17))
        for text in ("", "31.02.1990", "2026-03-02", "1890-01-01", "soon"):
            self.assertIsNone(parse_birthdate(text, TODAY))

    def test_a_name_is_tidied_and_no_markup(self):
        self.assertEqual(clean_name("  Анна   Орлова "), "Анна Орлова")
        for text in ("", "A", "<b>Анна</b>", "a@b.ru", "x" * 121, "Анна%"):
            self.assertIsNone(clean_name(text))
