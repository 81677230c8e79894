from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import ClinicCommon


@tagged("post_install", "-at_install")
class TestPatientMerge(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.ru")
        cls.chief = cls.get_user("registrar_chief")
        cls.maria = cls.make_patient(
            "Иванова Мария", birthdate="1985-03-07", phone="89123456789"
        )
        cls.twice = cls.make_patient(
            "Мария Иванова", birthdate="1985-03-07", phone="89120000001"
        )
        cls.child = cls.make_patient("Иванов Пётр")
        cls.relation, _paying = cls.env["clinic.patient.relation"].create(
            [
                {
                    "patient_id": cls.twice.id,
                    "related_id": cls.child.id,
                    "kind": "child",
                },
                {
                    "patient_id": cls.child.id,
                    "related_id": cls.twice.id,
                    "kind": "mother",
                    "pays": True,
                },
            ]
        )
        cls.child.payer_id = cls.twice.partner_id

    def pairs(self):
        self.env["clinic.patient.duplicate"]._find_duplicates()
        return {
            (pair.patient_id, pair.other_id): pair.reason
            for pair in self.env["clinic.patient.duplicate"].search([])
        }

    def test_finder(self):
        typo = self.make_patient("Кузнецова Екатерина Павловна", birthdate="1990-01-01")
        slip = self.make_patient("Кузнецова Екатирина Павловна", birthdate="1990-01-01")
        twin = self.make_patient("Кузнецова Анна Павловна", birthdate="1990-01-01")
        phone = self.make_patient("Петрова Мария", phone="89123456789")
        pairs = self.pairs()
        self.assertEqual(pairs[self.maria, self.twice], "words")
        self.assertEqual(pairs[typo, slip], "name")
        self.assertEqual(pairs[self.maria, phone], "phone")
        self.assertFalse([pair for pair in pairs if twin in pair])
        self.assertEqual(self.env["clinic.patient.duplicate"]._find_duplicates(), 0)

    def test_merges_are_undone_from_the_last_one_back(self):
        third = self.make_patient("Иванова Мария", phone="89120000003")
        merges = self.env["clinic.patient.merge"].with_user(self.chief)
        first = merges._merge(self.maria, self.twice)
        second = merges._merge(third, self.maria)
        with self.assertRaisesRegex(UserError, third.card_number):
            first.action_undo()
        self.assertFalse(self.twice.active, "nobody is given back empty")
        second.action_undo()
        first.action_undo()
        self.assertEqual(self.relation.patient_id, self.twice)
        self.assertEqual(self.twice.phone_ids.mapped("number_e164"), ["+79120000001"])
        self.assertEqual(third.phone_ids.mapped("number_e164"), ["+79120000003"])

    def test_advertising_stays_withdrawn_when_cards_are_merged(self):
        consents = self.env["clinic.consent"].create(
            [
                {
                    "patient_id": card.id,
                    "kind": "marketing",
                    "version": "1",
                    "date": "2025-01-01",
                }
                for card in (self.maria, self.twice)
            ]
        )
        consents[0].action_revoke()
        merges = self.env["clinic.patient.merge"].with_user(self.chief)
        merges._merge(self.maria, self.twice)
        self.assertEqual(consents.patient_id, self.maria)
        self.assertFalse(self.maria._has_consent("marketing"))

    def test_who_is_told_apart_is_no_candidate(self):
        one, other = (
            self.make_patient("Тёзкина Анна", birthdate="1990-01-01", snils=snils)
            for snils in ("112-233-445 95", "087-654-303 00")
        )
        mother, child = (
            self.make_patient("Ли Анна", birthdate="1990-01-01") for _card in range(2)
        )
        self.env["clinic.patient.relation"].create(
            {"patient_id": child.id, "related_id": mother.id, "kind": "other"}
        )
        father, son = (
            self.make_patient("Отцов Пётр", birthdate=born, phone="89160000001")
            for born in ("1960-01-01", "1990-01-01")
        )
        namesakes = [
            self.make_patient(
                "Сходнова Анна",
                birthdate="1990-01-01",
                document_type="passport",
                document_number=number,
            )
            for number in ("4509 123456", "4509 654321")
        ]
        pairs = self.pairs()
        self.assertNotIn((one, other), pairs)
        self.assertNotIn((mother, child), pairs)
        self.assertNotIn((father, son), pairs)
        self.assertNotIn(tuple(namesakes), pairs)

    def test_merge_moves_and_undo_gives_back(self):
        self.pairs()
        pair = self.env["clinic.patient.duplicate"].search(
            [("other_id", "=", self.twice.id)]
        )
        pair.with_user(self.chief).action_merge()
        self.assertEqual(self.relation.patient_id, self.maria)
        self.assertEqual(self.child.payer_id, self.maria.partner_id)
        self.assertEqual(len(self.maria.phone_ids), 2)
        self.assertEqual(self.twice.merged_into_id, self.maria)
        self.assertFalse(self.twice.active)
        number = self.twice.card_number
        self.assertEqual(
            self.env["clinic.patient"].name_search(number)[0][0], self.maria.id
        )

        merge = self.env["clinic.patient.merge"].search(
            [("merged_id", "=", self.twice.id)]
        )
        merge.with_user(self.chief).action_undo()
        self.assertEqual(self.relation.patient_id, self.twice)
        self.assertEqual(self.child.payer_id, self.twice.partner_id)
        self.assertEqual(len(self.maria.phone_ids), 1)
        self.assertTrue(self.twice.active)
        self.assertFalse(self.twice.merged_into_id)
        self.assertTrue(merge.undone_on)
        self.assertEqual(pair.state, "open", "it has to be decided again")

    def test_what_cannot_move_stays(self):
        self.env["clinic.patient.phone"].create(
            {"patient_id": self.twice.id, "number_e164": "+79123456789"}
        )
        merge = (
            self.env["clinic.patient.merge"]
            .with_user(self.chief)
            ._merge(self.maria, self.twice)
        )
        self.assertEqual(self.twice.phone_ids.number_e164, "+79123456789")
        merge.action_undo()
        self.assertEqual(len(self.twice.phone_ids), 2)

    def test_only_a_chief_registrar_merges_and_only_once(self):
        merges = self.env["clinic.patient.merge"]
        with self.assertRaises(AccessError):
            merges.with_user(self.get_user("registrar"))._merge(self.maria, self.twice)
        merges.with_user(self.chief)._merge(self.maria, self.twice)
        with self.assertRaises(UserError):
            merges.with_user(self.chief)._merge(self.maria, self.twice)
        with self.assertRaises(UserError):
            merges.with_user(self.chief)._merge(self.maria, self.maria)

    def test_a_pair_of_two_people_is_not_shown_again(self):
        self.pairs()
        pair = self.env["clinic.patient.duplicate"].search(
            [("other_id", "=", self.twice.id)]
        )
        pair.with_user(self.chief).action_two_people()
        self.pairs()
        self.assertEqual(pair.state, "other")

    def test_what_only_the_merged_card_knows_fills_the_blanks_until_undone(self):
        kept = self.make_patient("Пробелова Анна", sex="female")
        known = {
            "birthdate": fields.Date.to_date("1980-01-01"),
            "snils": "112-233-445 95",
            "oms_policy": "7700000000000008",
            "document_type": "passport",
            "document_number": "4509 123456",
            "email": "d@example.org",
            "city": "Пермь",
        }
        merged = self.make_patient("Пробелова Анна Ильинична", sex="male", **known)
        merge = (
            self.env["clinic.patient.merge"].with_user(self.chief)._merge(kept, merged)
        )
        for name, value in known.items():
            self.assertEqual(kept[name], value, name)
        self.assertEqual(kept.sex, "female", "what differs is kept")
        self.assertEqual(kept.name, "Пробелова Анна Ильинична")
        kept.city = "Казань"
        merge.with_user(self.chief).action_undo()
        self.assertFalse(kept.birthdate or kept.snils or kept.email)
        self.assertEqual(kept.name, "Пробелова Анна")
        self.assertEqual(kept.city, "Казань", "written since then")
        self.assertEqual(merged.snils, "112-233-445 95")

    def test_relatives_are_not_merged(self):
        merges = self.env["clinic.patient.merge"].with_user(self.chief)
        with self.assertRaises(UserError):
            merges._merge(self.twice, self.child)
        self.assertTrue(self.child.active)

    def test_a_row_that_is_refused_ends_the_merge_with_its_reason(self):
        sealed = "The phone is sealed."

        def refuse(record, vals):
            raise UserError(sealed)

        self.patch(type(self.twice.phone_ids), "write", refuse)
        merges = self.env["clinic.patient.merge"].with_user(self.chief)
        with self.assertRaises(UserError) as caught:
            merges._merge(self.maria, self.twice)
        self.assertIn(sealed, str(caught.exception))
        self.assertFalse(merges.sudo().search([("merged_id", "=", self.twice.id)]))

    def test_cards_that_were_merged_one_after_the_other_lead_to_the_last(self):
        merges = self.env["clinic.patient.merge"].with_user(self.chief)
        third = self.make_patient("Иванова Маша")
        first = merges._merge(self.twice, third)
        merges._merge(self.maria, self.twice)
        self.assertEqual(third.merged_into_id, self.maria)
        self.assertEqual(third._get_kept(), self.maria)
        self.assertEqual(self.maria._get_aliases(), self.maria | self.twice | third)
        number = third.card_number
        found = self.env["clinic.patient"].name_search(number)
        self.assertEqual(found[0][0], self.maria.id)
        self.assertTrue(first)

    def test_both_cards_are_seen_side_by_side_before(self):
        self.pairs()
        pair = self.env["clinic.patient.duplicate"].search(
            [("other_id", "=", self.twice.id)]
        )
        action = pair.with_user(self.chief).action_compare()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard = wizard.with_user(self.chief)
        for text in (self.maria.card_number, "+79120000001", "Иванов Пётр"):
            self.assertIn(text, wizard.table)
        wizard.action_swap()
        wizard.action_merge()
        self.assertEqual(self.maria.merged_into_id, self.twice)
        self.assertEqual(pair.state, "merged")

    def test_every_model_that_points_to_a_patient_is_moved(self):
        """Also those of an addon that is written tomorrow: who points to a patient
        otherwise than by a movable field has to be thought of here."""
        merges = self.env["clinic.patient.merge"]
        # Pairs of cards, and what has become of them.
        told_apart = {"clinic.patient.duplicate", "clinic.patient.merge"}
        left = {
            (model._name, field.name)
            for model in self.env.values()
            for field in model._fields.values()
            if field.comodel_name == "clinic.patient"
            and field.store
            and not (field.related or field.compute)
            and field.type in ("many2one", "many2many")
            and not (model._abstract or model._transient)
            and model._auto
            and field.name not in merges._get_movable_fields(model)
        }
        self.assertEqual({name for name, _field in left}, told_apart)
