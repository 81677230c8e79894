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
