from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ..common import MONDAY, ScheduleCommon


@tagged("post_install", "-at_install")
class TestWaiting(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shift = cls.create_shift(hours="09:00-09:30")

    def wish(self, patient, **vals):
        return self.env["clinic.booking.request"].create(
            {
                "patient_id": patient.id,
                "service_id": self.service.id,
                "origin": "waiting",
                "due_from": MONDAY,
                "due_to": MONDAY,
                **vals,
            }
        )

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("clinic_schedule.ir_cron_offer_time").method_direct_trigger()
        self.env.invalidate_all()

    def test_a_wish_fills_the_page_of_a_new_visit(self):
        wish = self.wish(self.patient, specialist_ids=self.specialist.ids)
        filled = wish.action_find_time()["context"]
        self.assertEqual(filled["default_request_id"], wish.id)
        self.assertEqual(filled["default_patient_id"], self.patient.id)
        self.assertEqual(filled["default_specialist_id"], self.specialist.id)
        self.assertEqual(filled["default_date"], "2026-03-02")
        self.assertEqual(filled["default_due_to"], "2026-03-02")
        self.freeze(self.at(MONDAY, "12:00") + timedelta(days=3), self.addCleanup)
        late = wish.action_find_time()["context"]
        self.assertEqual(late["default_date"], "2026-03-05", "the past has no time")
        self.assertEqual(late["default_due_to"], "2026-03-05")

    def test_a_wish_for_one_of_several_specialists_asks_for_any(self):
        several = self.specialist | self.other_specialist
        wish = self.wish(self.patient, specialist_ids=several.ids, due_to=False)
        filled = wish.action_find_time()["context"]
        self.assertFalse(filled["default_specialist_id"])
        self.assertFalse(filled["default_due_to"])

    def test_freed_time_is_offered_to_the_most_urgent_wish(self):
        visit = self.book("09:00")
        usual = self.wish(self.other_patient)
        urgent = self.wish(self.create_patient("Urgent Patient"), priority="2")
        self.run_cron()
        self.assertEqual({usual.state, urgent.state}, {"open"})
        visit.cancel(self.reason.id)
        self.run_cron()
        self.assertEqual((usual.state, urgent.state), ("open", "offered"))
        self.assertEqual(urgent.appointment_id.state, "hold")
        self.assertEqual(
            self.env["clinic.message"].search([("purpose", "=", "offer")]).patient_id,
            urgent.patient_id,
        )

    def test_a_wish_that_fails_stops_no_other(self):
        bad = self.wish(self.other_patient, priority="2")
        good = self.wish(self.create_patient("Good Patient"))
        model = type(good)
        offer = model._offer

        def offer_or_fail(request):
            if request == bad:
                raise KeyError("a mistake of ours")
            return offer(request)

        with (
            patch.object(model, "_offer", offer_or_fail),
            self.assertLogs("odoo.addons.clinic_base.tools.apart"),
        ):
            self.run_cron()
        self.assertEqual((bad.state, good.state), ("open", "offered"))

    def test_only_wanted_weekdays_are_offered(self):
        wednesday = MONDAY + timedelta(days=2)
        self.create_shift(day=wednesday, hours="09:00-09:30")
        request = self.wish(
            self.patient, due_to=wednesday + timedelta(days=2), wed=True, fri=True
        )
        self.run_cron()
        self.assertEqual(request.appointment_id.start, self.at(wednesday, "09:00"))

    def test_an_accepted_offer_becomes_the_visit(self):
        request = self.wish(self.patient)
        self.run_cron()
        request.action_accept()
        self.assertEqual(request.state, "booked")
        self.assertEqual(request.appointment_id.state, "booked")

    def test_an_expired_offer_goes_to_the_next(self):
        first, second = self.wish(self.patient), self.wish(self.other_patient)
        self.run_cron()
        hold = first.appointment_id
        hold._as_engine().write({"expires_at": self.now})
        hold._sync_occupancy()
        self.visits._expire_holds([])
        self.assertEqual(first.state, "open")
        self.run_cron()
        self.assertEqual((first.state, second.state), ("open", "offered"))

    def test_a_cancelled_visit_reopens_its_request(self):
        request = self.wish(self.patient, origin="manual")
        visit = self.book("09:00", request_id=request.id)
        self.assertEqual(request.state, "booked")
        visit.cancel(self.reason.id)
        self.assertEqual(request.state, "open")
        request.action_lose(self.reason.id)
        self.assertEqual(request.state, "lost")

    def test_visits_without_a_shift_are_listed_with_other_times(self):
        visit = self.book("09:00")
        self.create_shift(hours="10:00-10:30")
        self.shift.active = False
        self.visits._cron_mark_stranded()
        [found] = self.visits.find_stranded()
        self.assertEqual(found["appointment_id"], visit.id)
        self.assertEqual(found["alternatives"][0]["start"], "2026-03-02 07:00:00")
        visit.reschedule(found["alternatives"][0]["start"])
        self.visits._cron_mark_stranded()
        self.assertFalse(self.visits.find_stranded())
