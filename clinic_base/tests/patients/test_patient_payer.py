from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from ..common import ROLES, ClinicCommon


@tagged("post_install", "-at_install")
class TestPatientPayer(ClinicCommon):
    """Who pays by default stands on the card; the relation says since when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mother = cls.make_patient("Иванова Мария")
        cls.child = cls.make_patient("Иванов Пётр", birthdate="2015-05-05")
        cls.stranger = cls.env["res.partner"].create({"name": "Чужой"})

    def relate(self, **vals):
        return self.env["clinic.patient.relation"].create(
            {
                "patient_id": self.child.id,
                "related_id": self.mother.id,
                "kind": "mother",
                "pays": True,
                "date_from": "2026-01-01",
                **vals,
            }
        )

    def assert_refused(self, payer):
        for role in ("registrar", "owner"):
            with self.subTest(role=role), self.assertRaises(ValidationError):
                self.child.with_user(self.get_user(role)).payer_id = payer
        with self.assertRaises(ValidationError):
            self.child.sudo().payer_id = payer

    def test_a_relative_who_pays_may_be_the_payer_and_nobody_else(self):
        self.enterContext(self.frozen("2026-06-01"))
        self.assert_refused(self.mother.partner_id)
        self.relate()
        child = self.child.with_user(self.get_user("registrar"))
        child.payer_id = self.mother.partner_id
        self.assertEqual(child.payer_id, self.mother.partner_id)
        self.assert_refused(self.stranger)
        child.payer_id = child.partner_id
        child.payer_id = False

    def test_a_relation_that_is_over_not_begun_or_does_not_pay_is_none(self):
        for vals in (
            {"date_to": "2026-05-31"},
            {"date_from": "2026-06-02"},
            {"pays": False},
        ):
            with self.subTest(vals=vals), self.frozen("2026-06-01"):
                relation = self.relate(**vals)
                self.assert_refused(self.mother.partner_id)
                relation.archive_with_reason("Test")
        self.relate()
        with self.frozen("2033-05-05"):
            self.assert_refused(self.mother.partner_id)

    def test_the_payer_of_the_payment_source_may_be_the_payer(self):
        source = self.env["clinic.payment.source"].create(
            {"name": "СК", "partner_id": self.stranger.id}
        )
        self.child.write({"payment_source_id": source.id, "payer_id": self.stranger.id})
        with self.assertRaises(ValidationError):
            self.child.payment_source_id = False

    def test_the_card_offers_who_may_pay_and_takes_a_relative_at_once(self):
        self.enterContext(self.frozen("2026-06-01"))
        self.assertEqual(self.child.payer_choice_ids, self.child.partner_id)
        cards = self.env["clinic.patient"].with_user(self.get_user("registrar"))
        with Form(cards.browse(self.child.id)) as card:
            with card.relation_ids.new() as relation:
                relation.related_id = self.mother
                relation.kind = "mother"
                relation.pays = True
            self.assertIn(self.mother.partner_id, card.payer_choice_ids[:])
            card.payer_id = self.mother.partner_id
        self.assertEqual(self.child.payer_id, self.mother.partner_id)
        action = self.child.action_add_payer()
        dialog = Form(
            self.env[action["res_model"]]
            .with_user(self.get_user("registrar"))
            .with_context(**action["context"]),
            view=self.env.ref("clinic_base.clinic_patient_relation_payer_form"),
        )
        self.assertTrue(dialog.pays)

    def test_nobody_makes_a_card_an_alias_or_gives_it_another_contact_by_hand(self):
        for role in ("system", *ROLES):
            card = self.child.with_user(self.get_user(role))
            for vals in (
                {"merged_into_id": self.mother.id},
                {"partner_id": self.stranger.id},
            ):
                with self.subTest(role=role, vals=vals):
                    with self.assertRaises(Exception) as error:
                        card.write(vals)
                    self.assertIn(
                        type(error.exception).__name__, ("AccessError", "UserError")
                    )
