from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...exceptions import SlotRefusedError
from ..common import MONDAY, ScheduleCommon


@tagged("post_install", "-at_install")
class TestSearch(ScheduleCommon):
    def test_every_start_on_the_step_is_offered(self):
        self.create_shift(hours="09:00-10:00")
        self.assertEqual(self.find(step=10), ["09:00", "09:10", "09:20", "09:30"])

    def test_both_ends_of_a_gap_are_offered_off_the_step(self):
        self.create_shift(hours="09:03-10:02")
        self.assertEqual(self.find(step=30), ["09:03", "09:30", "09:32"])

    def test_first_starts_come_first_with_any_window(self):
        for days in range(20):
            self.create_shift(day=MONDAY + timedelta(days=days))
        self.assertEqual(self.find(days=60, limit=3), ["09:00", "09:05", "09:10"])
        wide = self.find_slots(days=60, limit=400)
        self.assertEqual(wide, sorted(wide, key=lambda slot: slot["start"]))
        self.assertEqual(len(wide), 400)

    def test_a_visit_never_spans_two_free_gaps(self):
        """Fit first, then unite: 9:00-10:30 and 10:30-12:00 are two people's hours."""
        long = self.create_service("Operation", 120)
        for specialist in (self.specialist, self.other_specialist):
            specialist.service_line_ids = [(0, 0, {"product_id": long.id})]
        self.create_shift(self.specialist, hours="09:00-10:30")
        self.create_shift(self.other_specialist, hours="10:30-12:00")
        self.assertEqual(self.find(service_id=long.id), [])

    def test_rooms_of_other_branches_do_not_help(self):
        self.create_shift(
            hours="09:00-09:30", branch=self.create_branch("South", self.tz)
        )
        self.assertEqual(self.find(), [])

    def test_busy_rooms_limit_the_starts(self):
        self.create_shift(room_id=self.room.id, room_shared=True)
        self.create_shift(self.other_specialist, room_id=self.room.id, room_shared=True)
        self.book("09:00", specialist=self.other_specialist)
        self.assertEqual(
            self.find(specialist_ids=[self.specialist.id], hour_to="10:00", step=15),
            ["09:30"],
        )

    def test_the_patient_is_not_in_two_places_at_once(self):
        self.create_shift()
        self.create_shift(self.other_specialist)
        self.book("09:30", specialist=self.other_specialist)
        self.assertEqual(
            self.find(
                specialist_ids=[self.specialist.id],
                patient_id=self.patient.id,
                hour_to="10:30",
                step=15,
            ),
            ["09:00", "10:00"],
        )

    def test_buffers_keep_visits_apart(self):
        self.service.product_tmpl_id.write({"buffer_before": 5, "buffer_after": 10})
        self.create_shift(hours="09:00-11:00")
        self.book("09:05")
        self.assertEqual(self.find(step=60), ["09:50", "10:00", "10:20"])

    def test_a_wish_is_wall_time_of_the_branch(self):
        for days in range(7):
            self.create_shift(day=MONDAY + timedelta(days=days))
        found = self.find_slots(
            days=7, weekdays=[2], hour_from="10:00", hour_to="11:00", step=30
        )
        self.assertEqual(
            [slot["start"] for slot in found],
            ["2026-03-04 07:00:00", "2026-03-04 07:30:00"],
        )

    def test_a_repeat_visit_is_shorter(self):
        self.specialist.service_line_ids.write(
            {"duration_first": 60, "duration_repeat": 20}
        )
        self.create_shift(hours="09:00-10:00")
        self.create_shift(day=MONDAY + timedelta(days=1), hours="09:00-10:00")
        self.assertEqual(self.find(patient_id=self.patient.id), ["09:00"])
        self.book("09:00")
        tuesday = self.find(
            MONDAY + timedelta(days=1), patient_id=self.patient.id, step=20
        )
        self.assertEqual(tuesday, ["09:00", "09:20", "09:40"])

    def test_a_visit_profile_decides_length_and_room(self):
        self.env["clinic.visit.profile"].create(
            {
                "patient_id": self.patient.id,
                "specialist_id": self.specialist.id,
                "service_id": self.service.id,
                "duration": 45,
                "room_id": self.other_room.id,
                "date_from": MONDAY,
                "date_to": MONDAY,
            }
        )
        for days in range(2):
            self.create_shift(day=MONDAY + timedelta(days=days), hours="09:00-10:00")
        slots = self.find_slots(days=2, patient_id=self.patient.id, step=60)
        self.assertEqual(
            [
                (slot["start"][5:16], slot["stop"][11:16], slot["room_id"])
                for slot in slots
            ],
            [
                ("03-02 06:00", "06:45", self.other_room.id),
                ("03-02 06:15", "07:00", self.other_room.id),
                ("03-03 06:00", "06:30", self.room.id),
                ("03-03 06:30", "07:00", self.room.id),
            ],
        )

    def test_kept_time_is_only_for_its_payment_source(self):
        source = self.env["clinic.payment.source"].create(
            {"name": "OMS", "kind": "oms"}
        )
        self.create_shift(hours="09:00-09:30", payment_source_ids=[source.id])
        self.assertEqual(self.find(), [])
        self.assertEqual(self.find(payment_source_id=source.id), ["09:00"])

    def test_age_and_sex_decide_who_receives(self):
        self.create_shift(hours="09:00-09:30")
        child = self.create_patient("Petya", birthdate="2020-01-01", sex="male")
        self.assertEqual(self.find(patient_id=child.id), ["09:00"])
        self.specialist.min_age = 18
        self.assertEqual(self.find(patient_id=child.id), [])
        self.specialist.write({"min_age": 0, "accepted_sex": "female"})
        self.assertEqual(self.find(patient_id=child.id), [])

    def test_a_device_is_taken_with_the_room_it_stands_in(self):
        self.service.device_required = True
        self.create_shift(hours="09:00-09:30")
        self.assertEqual(self.find(), [])
        device = self.env["clinic.device"].create(
            {
                "name": "Ultrasound",
                "branch_id": self.branch.id,
                "room_id": self.other_room.id,
                "service_ids": [self.service.id],
            }
        )
        [slot] = self.find_slots()
        self.assertEqual(slot["room_id"], self.other_room.id)
        device.room_id = False
        self.assertEqual(self.find(), ["09:00"])
        visit = self.book("09:00")
        self.assertEqual(visit.device_id, device)

    def test_video_needs_no_room(self):
        self.service.telemedicine_ok = True
        (self.room | self.other_room).write({"readiness": "closed"})
        self.create_shift(hours="09:00-09:30", telemedicine=True)
        self.assertEqual(self.find(), [])
        self.assertEqual(self.find(telemedicine=True), ["09:00"])

    def test_compact_order_leaves_no_slivers(self):
        self.create_shift(hours="09:00-12:00")
        self.book("10:00")
        found = self.find(order="compact", limit=4, step=15)
        self.assertEqual(found, ["09:00", "09:30", "10:30", "11:30"])

    def test_preferred_order_starts_at_the_usual_hour(self):
        for days in range(8):
            self.create_shift(day=MONDAY + timedelta(days=days))
        self.book("10:30")
        found = self.find_slots(
            MONDAY + timedelta(days=1),
            7,
            patient_id=self.patient.id,
            order="preferred",
            limit=1,
        )
        self.assertEqual(found[0]["start"], "2026-03-09 07:30:00")

    def test_the_score_is_the_cost_of_the_placement(self):
        self.create_shift(hours="09:00-10:00")
        scores = {
            self.to_clock(s["start"]): s["score"] for s in self.find_slots(step=15)
        }
        self.assertEqual(scores, {"09:00": 0.0, "09:15": 30.0, "09:30": 0.0})

    def test_statements_do_not_grow_with_specialists(self):
        for number in range(8):
            one = self.create_specialist(f"Specialist {number}", self.service)
            self.create_shift(one)
        self.find(limit=5)
        for criteria in ({}, {"order": "compact"}, {"patient_id": self.patient.id}):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.find(limit=5, days=30, **criteria)
            self.assertLessEqual(self.env.cr.sql_log_count - before, 6)

    def test_a_temporary_limit_holds_for_search_and_booking_on_its_days_alone(self):
        tuesday = MONDAY + timedelta(days=1)
        self.create_shift(hours="09:00-09:30")
        self.create_shift(day=tuesday, hours="09:00-09:30")
        self.env["clinic.specialist.limit"].create(
            {
                "specialist_id": self.specialist.id,
                "date_from": MONDAY,
                "date_to": MONDAY,
                "visits": "repeat",
            }
        )
        found = self.find_slots(days=2, patient_id=self.patient.id)
        self.assertEqual(
            [slot["start"] for slot in found], [str(self.at(tuesday, "09:00"))]
        )
        with self.assertRaises(SlotRefusedError):
            self.book("09:00")
        self.book("09:00", day=tuesday)
        again = self.find_slots(patient_id=self.patient.id)
        self.assertEqual(
            [slot["start"] for slot in again], [str(self.at(MONDAY, "09:00"))]
        )

    def test_nonsense_is_refused_in_words(self):
        for wrong in (
            {"colour": "red"},
            {"service_id": "x"},
            {"date_from": "tomorrow"},
            {"hour_from": "25:00"},
            {"hour_from": "9" * 5000 + ":00"},
            {"prefer": {"hour": "9" * 5000 + ":00"}},
            {"prefer": [1]},
            {"weekdays": [7]},
            {"weekdays": [[1]]},
            {"services": 5},
            {"services": [2**70, 1]},
            {"services": [True, True]},
            {"limit": 0.5},
            {"limit": 0},
            {"limit": True},
            {"duration": 0},
            {"step": 0},
            {"max_wait": 0},
            {"order": "random"},
            {"specialist_ids": "1 OR 1=1"},
        ):
            with self.assertRaises(UserError, msg=wrong):
                self.find(**wrong)

    def test_temporary_limits_are_a_reason_of_their_own(self):
        for specialist in (self.specialist, self.other_specialist):
            self.create_shift(specialist)
            self.env["clinic.specialist.limit"].create(
                {
                    "specialist_id": specialist.id,
                    "date_from": MONDAY,
                    "date_to": MONDAY,
                    "visits": "repeat",
                }
            )
        window = {
            "service_id": self.service.id,
            "patient_id": self.patient.id,
            "date_to": self.at(MONDAY, "23:00").strftime("%Y-%m-%d %H:%M:%S"),
        }
        answer = self.visits.explain_no_slots(window)
        self.assertEqual(answer["sieve"], "admitted")
        self.assertEqual(answer["counts"]["suitable"], 2)
        self.assertIn("2", answer["text"])
        with self.assertRaises(SlotRefusedError) as caught:
            self.book("09:00")
        self.assertIn("limits", str(caught.exception))
        self.create_shift(day=MONDAY + timedelta(days=1))
        window["date_to"] = self.at(MONDAY + timedelta(days=1), "23:00").strftime(
            "%Y-%m-%d %H:%M:%S"
        )
        self.assertFalse(self.visits.explain_no_slots(window)["sieve"])

    def test_nothing_free_is_explained(self):
        explain = self.visits.explain_no_slots
        self.assertEqual(explain({"service_id": self.service.id})["sieve"], "working")
        self.create_shift(hours="09:00-09:30")
        self.book("09:00")
        window = {
            "service_id": self.service.id,
            "date_to": self.at(MONDAY, "23:00").strftime("%Y-%m-%d %H:%M:%S"),
        }
        answer = explain(window)
        self.assertEqual(answer["sieve"], "spacious")
        self.assertIn("1", answer["text"])
        self.assertEqual(
            explain({"service_id": self.create_service("Other", 5).id})["sieve"],
            "givers",
        )
