from odoo.tests import tagged

from ..common import EncounterCommon


@tagged("-at_install", "post_install")
class TestRevision(EncounterCommon):
    """Two forms on one draft; each sends the revision that it was read at."""

    def setUp(self):
        super().setUp()
        self.encounter = self.open_encounter()
        self.base = self.encounter.revision

    def save(self, user=None, **vals):
        encounter = self.encounter.with_user(user or self.medic)
        encounter.write({**vals, "revision": self.base})
        return encounter

    def test_stale_text_never_replaces_newer_text_and_is_kept(self):
        self.save(complaint="Первый")
        encounter = self.save(self.chief, complaint="Второй")
        self.assertEqual(encounter.complaint, "Первый")
        [leftover] = encounter.leftover_ids
        self.assertEqual(leftover.create_uid, self.chief)
        self.assertEqual(leftover.summary, "Complaints:\nВторой")
        leftover.action_dismiss()
        encounter.invalidate_recordset()
        self.assertFalse(encounter.leftover_ids)
        self.assertTrue(leftover.exists())

    def test_different_fields_are_both_saved(self):
        self.save(complaint="Первый")
        encounter = self.save(self.chief, examination="Второй")
        self.assertEqual(
            (encounter.complaint, encounter.examination), ("Первый", "Второй")
        )
        self.assertFalse(encounter.leftover_ids)

    def test_the_rest_of_a_stale_form_is_saved(self):
        self.save(complaint="Первый")
        encounter = self.save(self.chief, complaint="Второй", history="Давно")
        self.assertEqual(encounter.history, "Давно")
        self.assertEqual(encounter.leftover_ids.texts, {"complaint": "Второй"})

    def test_the_same_text_is_no_conflict(self):
        self.save(complaint="Одно")
        self.assertFalse(self.save(self.chief, complaint="Одно").leftover_ids)

    def test_one_form_goes_on_saving(self):
        for text in ("А", "Аб", "Абв"):
            self.save(complaint=text)
            self.base = self.encounter.revision
        self.assertEqual(self.encounter.complaint, "Абв")
        self.assertFalse(self.encounter.leftover_ids)

    def test_vitals_of_a_stale_form_are_kept_in_words(self):
        self.save(vitals={"pulse": 70})
        encounter = self.save(self.chief, vitals={"pulse": 90})
        self.assertEqual(encounter.vitals, {"pulse": 70})
        self.assertIn("Pulse: 90", encounter.leftover_ids.summary)

    def test_text_that_comes_after_the_signature_is_kept(self):
        self.fill(self.encounter).action_sign()
        encounter = self.save(self.chief, complaint="Поздно")
        self.assertEqual(encounter.complaint, "Насморк")
        self.assertIn("Поздно", encounter.leftover_ids.summary)
        self.assertEqual(encounter.content_hash, encounter._get_content_hash())

    def test_leftovers_lie_sealed(self):
        self.save(complaint="Первый")
        encounter = self.save(self.chief, complaint="Второй")
        encounter.env.flush_all()
        self.env.cr.execute(
            "SELECT texts FROM clinic_encounter_leftover WHERE encounter_id = %s",
            [encounter.id],
        )
        self.assertNotIn("Второй".encode(), bytes(self.env.cr.fetchone()[0]))
