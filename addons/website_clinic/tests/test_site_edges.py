from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestSiteEdges(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["clinic.branch"].create(
            {"name": "By the river", "phone": "+7 495 000-00-00"}
        )

    def test_the_foot_of_a_page_tells_where_the_branches_are(self):
        page = self.url_open("/contactus").text
        self.assertIn("By the river", page)
        self.assertIn("tel:+7 495 000-00-00", page)

    def test_branches_of_other_companies_are_not_there(self):
        other = self.env["res.company"].create({"name": "Other clinic"})
        self.env["clinic.branch"].create({"name": "Far away", "company_id": other.id})
        self.assertNotIn("Far away", self.url_open("/contactus").text)

    def test_no_font_service_learns_who_visits_the_clinic(self):
        self.assertNotIn("fonts.gstatic.com", self.url_open("/contactus").text)
