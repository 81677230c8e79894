"""Prescriptions: written with the draft, issued by the signature, printed."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools.drug_words import shares_word
from ..common import EncounterCommon


@tagged("-at_install", "post_install")
class TestPrescription(EncounterCommon):
    def setUp(self):
        super().setUp()
        self.encounter = self.fill(self.open_encounter())

    def prescribe(self, drug="Paracetamoli", **vals):
        return self.encounter.env["clinic.prescription"].create(
            {
                "encounter_id": self.encounter.id,
                "drug": drug,
                "directions": "По 1 таблетке",
                **vals,
            }
        )

    def note_allergy(self, text, **vals):
        return self.encounter.env["clinic.patient.alert"].create(
            {"patient_id": self.patient.id, "text": text, **vals}
        )

    def print(self, lines):
        html, _kind = lines.env["ir.actions.report"]._render_qweb_html(
            "clinic_emr.report_prescription", lines.ids
        )
        return html.decode()

    # === STATES === #

    def test_a_prescription_is_issued_by_the_signature_and_then_stays(self):
        line = self.prescribe()
        line.dose = "0,5"
        self.assertEqual(line.state, "draft")
        self.encounter.action_sign()
        self.assertEqual(line.state, "issued")
        with self.assertRaisesRegex(UserError, "amendment"):
            line.dose = "1,0"
        with self.assertRaisesRegex(UserError, "amendment"):
            self.prescribe()
        with self.assertRaises(UserError):
            line.sudo().unlink()

    def test_a_prescription_is_cancelled_with_a_reason_by_its_author_or_the_chief(self):
        line, other = self.prescribe(), self.prescribe("Ibuprofeni")
        with self.assertRaisesRegex(UserError, "in force"):
            line.cancel_text = "Передумал"
        self.encounter.action_sign()
        line.cancel_text = "Сыпь"
        self.assertEqual((line.state, line.cancel_reason), ("cancelled", "Сыпь"))
        with self.assertRaises(UserError):
            line.cancel_text = "Ещё раз"
        other.with_user(self.chief).cancel_text = "Дублирование"
        self.assertEqual(other.state, "cancelled")

    def test_a_colleague_of_the_same_patient_reads_it_and_cancels_nothing(self):
        line = self.prescribe()
        self.encounter.action_sign()
        self.create_shift(specialist=self.other_specialist, room_id=self.other_room.id)
        self.book("10:00", specialist=self.other_specialist)
        colleague = line.with_user(self.other_medic)
        colleague.invalidate_recordset()
        self.assertEqual(colleague.drug, "Paracetamoli")
        with self.assertRaises(AccessError):
            colleague.cancel_text = "Не моё"

    def test_a_state_is_not_written_by_hand(self):
        line = self.prescribe()
        for vals in ({"state": "issued"}, {"cancel_reason": "x"}):
            with self.assertRaises(UserError):
                line.with_context(clinic_signing=True).write(vals)
        with self.assertRaises(UserError):
            self.prescribe(state="issued")

    def test_nobody_prescribes_in_a_protocol_of_somebody_else(self):
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            self.prescribe().with_user(self.other_medic).create(
                {"encounter_id": self.encounter.id, "drug": "X", "directions": "Y"}
            )

    def test_no_desk_and_no_administrator_reads_a_prescription(self):
        line = self.prescribe()
        admin = self.create_user("clinic_admin", "group_clinic_admin")
        for user in (self.registrar, admin, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                line.with_user(user).read(["drug"])
            with self.assertRaises(AccessError):
                self.print(line.with_user(user))

    def test_drugs_lie_sealed_in_the_database(self):
        line = self.prescribe()
        line.flush_recordset()
        self.env.cr.execute(
            "SELECT drug FROM clinic_prescription WHERE id = %s", [line.id]
        )
        self.assertNotIn(b"Paracetamol", bytes(self.env.cr.fetchone()[0]))

    # === ALLERGIES === #

    def test_an_allergy_warns_while_the_drug_is_typed(self):
        self.note_allergy("Пенициллин", reaction="отёк")
        line = self.encounter.env["clinic.prescription"].new(
            {"encounter_id": self.encounter.id, "drug": "Бензилпенициллин"}
        )
        self.assertFalse(line.warning)
        line.drug = "Пенициллина натриевая соль"
        self.assertIn("отёк", line.warning)

    def test_against_an_allergy_nothing_is_signed_without_a_reason(self):
        self.note_allergy("Пенициллин")
        line = self.prescribe("Пенициллин")
        with self.assertRaisesRegex(UserError, "allergy") as refused:
            self.encounter.action_sign()
        self.assertNotIn("нициллин", str(refused.exception))
        line.override_reason = "Проба отрицательна"
        self.encounter.action_sign()
        self.assertEqual(
            (line.state, line.override_reason), ("issued", "Проба отрицательна")
        )

    def test_what_is_over_or_no_allergy_warns_of_nothing(self):
        self.note_allergy("Парацетамол", date_to="2020-01-01")
        self.note_allergy("Парацетамол ежедневно", kind="chronic")
        self.assertFalse(self.prescribe("Парацетамол").warning)

    def test_words_are_compared_whatever_their_endings(self):
        self.assertTrue(shares_word("Пенициллина соль", "аллергия на пенициллин"))
        self.assertTrue(shares_word("Amoxicillini 0,5", "AMOXICILLIN"))
        self.assertFalse(shares_word("Ампициллин", "Ампула"))
        self.assertFalse(shares_word("Таблетки для сна", "для инъекций"))

    # === PRINT === #

    def test_the_form_holds_what_the_order_asks_for(self):
        self.patient.birthdate = "2015-05-05"
        line = self.prescribe(validity="year", months=6, quantity="20")
        with self.assertRaisesRegex(UserError, "signed"):
            line.action_print()
        self.encounter.action_sign()
        page = self.print(line)
        for text in ("107-1/у", "Ivan Ivanov", "Anna Orlova", "Paracetamoli", "Rp."):
            self.assertIn(text, page)
        self.assertRegex(page, r'o_rx_chosen"[^>]*>child')
        self.assertRegex(page, r'o_rx_chosen"[^>]*>up to 1 year')

    def test_a_sheet_takes_three_drugs_of_one_term(self):
        lines = self.prescribe()
        for number in range(3):
            lines |= self.prescribe(f"Drug{number}")
        lines |= self.prescribe("Long", validity="year")
        self.encounter.action_sign()
        lines[0].cancel_text = "Передумал"
        lines |= lines[0]
        self.assertEqual([len(sheet) for sheet in lines._get_sheets()], [3, 1])

    def test_a_sheet_says_that_the_protocol_is_not_what_was_signed(self):
        line = self.prescribe()
        self.encounter.action_sign()
        self.assertNotIn("Not valid", self.print(line))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE clinic_prescription SET validity = 'year' WHERE id = %s", [line.id]
        )
        self.env.invalidate_all()
        self.assertIn("Not valid", self.print(line))

    # === ALERTS OF THE DAY === #

    def test_a_signed_protocol_prints_the_alerts_of_its_day(self):
        allergy = self.note_allergy("Пенициллин")
        self.encounter.action_sign()
        allergy.archive_with_reason("Ошибка")
        self.note_allergy("Йод")
        self.encounter.invalidate_recordset()
        html, _kind = self.encounter.env["ir.actions.report"]._render_qweb_html(
            "clinic_emr.report_encounter", self.encounter.ids
        )
        self.assertIn("Пенициллин", html.decode())
        self.assertNotIn("Йод", html.decode())
        self.assertEqual(self.encounter.alerts[0]["text"], "Йод")
        self.assertEqual(
            self.encounter.content_hash, self.encounter._get_content_hash()
        )
        with self.assertRaises(UserError):
            self.encounter.signed_alerts = []
