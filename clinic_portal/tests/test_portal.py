from odoo import Command
from odoo.fields import Date
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("-at_install", "post_install")
class TestPortal(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        patients = cls.env["clinic.patient"]
        cls.mother, cls.child, cls.stranger = patients.create(
            [{"name": "Mother"}, {"name": "Child"}, {"name": "Stranger"}]
        )
        cls.user = new_test_user(
            cls.env,
            "mother",
            groups="base.group_portal",
            partner_id=cls.mother.partner_id.id,
        )

    def seen(self):
        return self.env["clinic.patient"]._get_portal_patients(self.mother.partner_id)

    def relate(self, **vals):
        return self.env["clinic.patient.relation"].create(
            {
                "patient_id": self.child.id,
                "related_id": self.mother.id,
                "kind": "mother",
                "may_see": True,
                "date_from": Date.today(),
                **vals,
            }
        )

    def test_a_patient_sees_their_own_card_only(self):
        self.assertEqual(self.seen(), self.mother)

    def test_a_relative_is_seen_while_the_relation_says_so(self):
        relation = self.relate()
        self.assertEqual(self.seen(), self.mother | self.child)
        relation.may_see = False
        self.assertEqual(self.seen(), self.mother)

    def test_a_relation_that_has_ended_shows_nothing(self):
        yesterday = Date.add(Date.today(), days=-1)
        self.relate(date_from="2020-01-01", date_to=yesterday)
        self.assertEqual(self.seen(), self.mother)

    def test_the_pages_open_for_a_patient_and_lead_others_to_the_login(self):
        for path in ("/my/visits", "/my/account-balance"):
            self.authenticate(None, None)
            self.assertIn("/web/login", self.url_open(path).url)
            self.authenticate("mother", "mother")
            self.assertEqual(self.url_open(path).status_code, 200)

    def bill(self, patient, amount):
        """A posted invoice to ``patient``; the test's company needs no taxes."""
        self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": patient.partner_id.id,
                "clinic_patient_id": patient.id,
                "invoice_date": Date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Visit", "price_unit": amount, "tax_ids": False}
                    )
                ],
            }
        ).action_post()

    def test_the_statement_is_the_payers_own_with_the_balance_of_each_line(self):
        self.bill(self.mother, 1234)
        self.bill(self.stranger, 7654321)
        self.authenticate("mother", "mother")
        page = self.url_open("/my/account-balance").text
        self.assertIn("1,234", page)
        self.assertNotIn("7,654,321", page)

    def test_a_period_without_money_says_so_and_nonsense_is_this_year(self):
        self.bill(self.mother, 1234)
        self.authenticate("mother", "mother")
        path = "/my/account-balance?date_from=2001-01-01&date_to=2001-12-31"
        self.assertIn("No money has moved", self.url_open(path).text)
        nonsense = self.url_open("/my/account-balance?date_from=x&date_to=0000-99-99")
        self.assertIn("1,234", nonsense.text)

    def test_the_statement_comes_as_files(self):
        self.bill(self.mother, 1234)
        self.authenticate("mother", "mother")
        # Tests get the page from which a PDF is made.
        for kind, content in (("pdf", b"1,234"), ("xlsx", b"PK")):
            answer = self.url_open(f"/my/account-balance/{kind}")
            self.assertEqual(answer.status_code, 200)
            self.assertIn(f".{kind}", answer.headers["Content-Disposition"])
            self.assertIn(content, answer.content)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open("/my/account-balance/pdf").url)
