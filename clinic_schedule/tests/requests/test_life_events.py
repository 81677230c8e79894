from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..common import MONDAY, ScheduleCommon

WEEK = timedelta(weeks=1)


@tagged("post_install", "-at_install")
class TestLifeEvents(ScheduleCommon):
    """Nothing is awaited where nobody is, and nobody is left without word."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for week in range(4):
            cls.create_shift(day=MONDAY + WEEK * week, room_id=cls.room.id)
            cls.create_shift(cls.other_specialist, day=MONDAY + WEEK * week)
        cls.registrar = new_test_user(
            cls.env, "desk", groups="clinic_base.group_registrar"
        )
        cls.manager = new_test_user(
            cls.env, "manager", groups="clinic_base.group_clinic_manager"
        )

    def setUp(self):
        super().setUp()
        self.visit = self.book("09:00")
        self.series = self.env["clinic.appointment.series"].browse(
            self.env["clinic.appointment.series"].book_series(
                {
                    "patient_id": self.patient.id,
                    "specialist_id": self.specialist.id,
                    "service_id": self.service.id,
                    "branch_id": self.branch.id,
                    "weekday": 0,
                    "minute_of_day": 600,
                    "date_from": str(MONDAY + WEEK),
                    "date_to": str(MONDAY + WEEK * 3),
                }
            )
        )
        self.request = self.env["clinic.booking.request"].create(
            {"patient_id": self.patient.id, "service_id": self.service.id}
        )

    def archive(self, record, user=None, **vals):
        """Through the dialog of the screen; returns what it says before."""
        wizard = self.env["clinic.archive.wizard"].with_user(user or self.manager)
        form = Form(
            wizard.with_context(
                default_res_model=record._name, default_res_ids=record.ids
            )
        )
        form.reason = "left"
        for name, value in vals.items():
            form[name] = value
        ties = form.ties
        form.save().action_archive()
        return ties or ""

    def test_death_ends_all_that_is_coming_and_keeps_the_card(self):
        patient = self.patient.with_user(self.registrar)
        action = patient.action_note_death()
        wizard = self.env["clinic.patient.death"].with_user(self.registrar)
        form = Form(wizard.with_context(**action["context"]))
        self.assertIn("4", form.ties)
        ended = form.save().action_confirm()
        visits = self.visit | self.series.appointment_ids
        self.assertEqual(set(visits.mapped("state")), {"cancelled"})
        self.assertEqual(self.env[ended["res_model"]].search(ended["domain"]), visits)
        self.assertEqual(self.series.state, "ended")
        self.assertEqual(self.request.state, "lost")
        self.assertTrue(patient.active)
        self.assertTrue(self.book("09:00", patient=self.other_patient))
        with self.assertRaises(UserError):
            self.book("09:00", day=MONDAY + WEEK)
        with self.assertRaises(UserError):
            self.find(patient_id=patient.id)

    def test_nothing_is_sent_to_who_has_died_or_left(self):
        messages = self.env["clinic.message"]
        self.patient.deceased_on = self.now.date()
        told = messages.search([("patient_id", "=", self.patient.id)])
        self.assertTrue(told)
        now = self.env.cr.now()
        self.assertNotIn(None, {one._get_drop_reason(now) for one in told})
        self.assertNotIn("cancelled", told.mapped("purpose"))

    def test_the_day_of_death_is_possible(self):
        self.patient.birthdate = "1980-01-01"
        for day in ("1979-12-31", str(MONDAY + WEEK)):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.patient.deceased_on = day

    def test_an_archived_card_is_awaited_nowhere(self):
        ties = self.archive(self.patient, self.registrar)
        self.assertIn("4", ties)
        self.assertEqual(self.visit.state, "cancelled")
        self.assertEqual(self.request.state, "lost")

    def test_a_specialist_leaves_and_the_desk_gets_the_visits(self):
        ties = self.archive(self.specialist)
        self.assertIn("Coming visits: 4", ties)
        self.visits._cron_mark_stranded()
        self.assertEqual(self.visit.state, "booked")
        self.assertTrue(self.visit.stranded)
        self.assertEqual(self.series.state, "ended")
        shifts = self.env["clinic.shift"].search(
            [("specialist_id", "=", self.specialist.id)]
        )
        self.assertFalse(shifts)

    def test_or_the_visits_are_cancelled_and_the_patients_told(self):
        self.archive(self.specialist, way="cancel")
        self.assertEqual(self.visit.state, "cancelled")
        told = self.env["clinic.message"].search(
            [("appointment_id", "=", self.visit.id), ("purpose", "=", "cancelled")]
        )
        self.assertTrue(told)

    def test_a_branch_closes(self):
        self.assertIn("Coming visits: 4", self.archive(self.branch))
        self.visits._cron_mark_stranded()
        self.assertTrue(self.visit.stranded)
        self.assertFalse(
            self.env["clinic.shift"].search([("branch_id", "=", self.branch.id)])
        )

    def test_a_room_closes_and_the_specialist_receives_elsewhere(self):
        self.assertTrue(self.archive(self.room))
        self.visits._cron_mark_stranded()
        self.assertTrue(self.visit.stranded, "its room is no more")
        later = self.book("11:00", patient=self.other_patient)
        self.assertEqual(later.room_id, self.other_room)

    def test_a_service_ends_and_its_standing_visits_go_no_further(self):
        self.assertIn("Coming visits: 4", self.archive(self.service.product_tmpl_id))
        self.assertEqual(self.series.state, "ended")
        self.assertEqual(self.visit.state, "booked", "it can still take place")
