from odoo.tests import HttpCase, tagged

from odoo.addons.clinic_base.tests.wall import WallMixin


@tagged("post_install", "-at_install", "clinic_wall")
class TestScreeningWall(WallMixin, HttpCase):
    """Nobody without a medical role reaches what a visitor has answered."""

    wall_modules = ("clinic_screening",)
    # Those who know of the visit; the mixin's own wall tries every role.
    wall_roles = ("registrar", "system", "portal", "public")
    wall_page_roles = ()

    def test_no_answer_leaks(self):
        report = self.walk_the_wall()
        self.assertIn("clinic.screening", report.models)
        self.assertFalse(report.leaks)
