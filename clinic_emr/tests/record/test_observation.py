from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import EncounterCommon


@tagged("-at_install", "post_install")
class TestObservation(EncounterCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient.birthdate = date(1980, 1, 1)

    def get(self, encounter, code):
        return encounter.observation_ids.filtered(
            lambda one: one.type_id.code == code and one.status != "corrected"
        )

    def test_vitals_of_a_draft_are_values_that_change_in_place(self):
        encounter = self.open_encounter()
        encounter.vitals = {"bp_sys": 145, "bp_dia": 85, "weight": 80, "height": 200}
        pressure = self.get(encounter, "bp_sys")
        self.assertEqual((pressure.value, pressure.unit), (145, "mmHg"))
        self.assertEqual((pressure.flag, pressure.reference), ("high", "90–139"))
        self.assertEqual(self.get(encounter, "bmi").value, 20)
        encounter.vitals = {"bp_sys": 120, "bp_dia": 85, "weight": 80}
        self.assertEqual(self.get(encounter, "bp_sys"), pressure)
        self.assertEqual((pressure.value, pressure.flag), (120, "normal"))
        self.assertEqual(encounter.vitals, {"bp_sys": 120, "bp_dia": 85, "weight": 80})

    def test_values_lie_sealed(self):
        encounter = self.open_encounter()
        encounter.vitals = {"pulse": 77}
        encounter.flush_recordset()
        self.env.cr.execute(
            "SELECT o::text FROM clinic_observation o WHERE encounter_id = %s",
            [encounter.id],
        )
        self.assertNotIn("77,", self.env.cr.fetchone()[0])

    def test_a_typing_error_is_named_and_nothing_is_written(self):
        encounter = self.open_encounter()
        for vitals in ({"temperature": 366}, {"pulse": "много"}, {"pulse": True}):
            with self.subTest(vitals=vitals), self.assertRaises(UserError):
                encounter.vitals = vitals
            encounter.invalidate_recordset()
        self.assertFalse(encounter.observation_ids)

    def test_ranges_are_those_of_the_age_and_the_sex(self):
        pulse = self.env.ref("clinic_emr.observation_type_pulse")
        self.assertEqual(pulse.get_range("male", 0), (110, 160))
        self.assertEqual(pulse.get_range("male", 5), (80, 120))
        self.assertEqual(pulse.get_range(False, None), (60, 100))
        self.env["clinic.observation.range"].create(
            {"type_id": pulse.id, "sex": "female", "low": 62, "high": 104}
        )
        pulse.invalidate_recordset()
        self.assertEqual(pulse.get_range("male", 40), (60, 100))

    def test_a_final_value_is_corrected_by_a_new_version(self):
        encounter = self.fill(self.open_encounter())
        encounter.vitals = {"pulse": 700 / 10}
        encounter.action_sign()
        old = self.get(encounter, "pulse")
        self.assertEqual(old.status, "final")
        for vals in ({"value": 60}, {"status": "preliminary"}, {"version": 5}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                old.write(vals)
        new = old.create({"previous_id": old.id, "value": 60})
        self.assertEqual((new.version, new.value, old.status), (2, 60, "corrected"))
        self.assertEqual(old.value, 70)
        self.assertEqual(encounter.vitals, {"pulse": 60})
        self.assertEqual(encounter.content_hash, encounter._get_content_hash())
        with self.assertRaises(UserError):
            old.create({"previous_id": old.id, "value": 61})

    def test_nothing_is_slipped_into_a_signed_protocol(self):
        encounter = self.fill(self.open_encounter())
        encounter.action_sign()
        with self.assertRaisesRegex(UserError, "amendment"):
            encounter.env["clinic.observation"].create(
                {
                    "patient_id": self.patient.id,
                    "encounter_id": encounter.id,
                    "type_id": self.env.ref("clinic_emr.observation_type_pulse").id,
                    "value": 60,
                }
            )

    def measure(self, user, count, patient=None):
        types = self.env.ref("clinic_emr.observation_type_bp_sys")
        types |= self.env.ref("clinic_emr.observation_type_bp_dia")
        return self.env(user=user.id)["clinic.observation"].create(
            [
                {
                    "patient_id": (patient or self.patient).id,
                    "type_id": type_.id,
                    "value": 80 + day,
                    "date": self.now - timedelta(days=count - day),
                }
                for day in range(count)
                for type_ in types
            ]
        )

    def test_charts_hold_every_value_in_order_and_pressure_in_one(self):
        self.measure(self.medic, 5)
        card = self.open_encounter().action_open_card()
        card = self.env(user=self.medic.id)["clinic.medical.card"].browse(
            card["res_id"]
        )
        [chart] = card.charts
        self.assertEqual(len(chart["series"]), 2)
        values = [point["value"] for point in chart["series"][0]["points"]]
        self.assertEqual(values, [80, 81, 82, 83, 84])
        self.assertEqual(chart["series"][0]["points"][0]["flag"], "low")

    def test_charts_take_as_many_queries_for_many_values(self):
        self.measure(self.chief, 2)
        self.measure(self.chief, 60, self.other_patient)
        counts = []
        for patient in (self.patient, self.other_patient):
            self.env.flush_all()
            self.env.invalidate_all()
            observations = self.env(user=self.chief.id)["clinic.observation"]
            observations._get_charts(patient)
            self.env.invalidate_all()
            with self.assertQueryCount(9):
                before = self.env.cr.sql_log_count
                observations._get_charts(patient)
                counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_whoever_receives_the_patient_sees_the_values_and_nobody_else(self):
        observation = self.measure(self.medic, 1)[0]
        strangers = (self.other_medic, self.registrar, self.env.ref("base.user_admin"))
        self.assertEqual(observation.with_user(self.chief).value, 80)
        for user in strangers:
            with (
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_rule"),
            ):
                observation.with_user(user).read(["value"])
