from odoo.tests import BaseCase, tagged

from ..tools.page_setup import PageSetup, make_room, page_css, paper_size


@tagged("-at_install", "post_install")
class TestPageSetup(BaseCase):
    def test_known_paper_keeps_its_name(self):
        self.assertEqual(paper_size("A5", 0, 0), "A5")

    def test_custom_paper_is_given_in_millimetres(self):
        self.assertEqual(paper_size("custom", 57, 32.5), "57mm 32.5mm")

    def test_unknown_paper_without_lengths_is_a4(self):
        self.assertEqual(paper_size("C5E", 0, 0), "A4")

    def test_sides_are_never_cut_off_by_the_printer(self):
        css = page_css(PageSetup("A4", True, 40, 0, 20, 15))
        self.assertIn("size: A4 landscape", css)
        self.assertIn("margin: 40mm 10mm", css)
        self.assertIn("20mm 15mm", css)

    def test_a_header_within_its_margin_changes_nothing(self):
        page = PageSetup("A4", False, 52, 0, 20, 0)
        self.assertEqual(make_room(page, 190), page)

    def test_a_header_below_its_margin_gets_room_and_a_gap(self):
        page = PageSetup("A4", False, 52, 0, 20, 0)
        self.assertEqual(make_room(page, 240), page._replace(margin_top=67.5))
