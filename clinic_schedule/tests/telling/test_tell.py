"""Specialists hear what others do with their visits: once, neutrally, if they want."""

from datetime import date, timedelta

from odoo.tests import new_test_user, tagged

from odoo.addons.clinic_message.tests.common import OutboxMixin

from ..common import MONDAY
from ..desk.test_board import BoardCommon

TUESDAY = date(2026, 3, 3)


class TellCommon(OutboxMixin, BoardCommon):
    def setUp(self):
        super().setUp()
        self.doctor.email = "anna@example.com"
        self.doctor.lang = "en_US"
        self.create_shift(day=TUESDAY)
        self.clear()

    def clear(self):
        self.env.cr.precommit.clear()
        self.env.cr.precommit.data.clear()
        self.sent = []
        self.patch(
            type(self.env["bus.bus"]),
            "_sendone",
            lambda bus, target, kind, message: self.sent.append(
                (target, kind, message)
            ),
        )

    def get_told(self):
        """What went to the specialist's screen: [(kind, ids)]."""
        return [
            (message["kind"], message["visit_ids"])
            for target, kind, message in self.sent
            if kind == "clinic_schedule.visits_changed"
            and target == self.doctor.partner_id
        ]

    def as_registrar(self, visit):
        return visit.with_user(self.registrar)

    def run_cron(self, name="tell_specialists", module="clinic_schedule"):
        return super().run_cron(name, module)

    def get_letters(self):
        return self.env["clinic.message"].search([("purpose", "=", "specialist")])


@tagged("post_install", "-at_install")
class TestTellOnScreen(TellCommon):
    def test_each_change_is_told_once(self):
        visits = self.visits.with_user(self.registrar)
        visit = visits.browse(visits.book(self.prepare("11:00")))
        visit.reschedule(str(self.at(MONDAY, "11:30")))
        visit.action_arrive()
        visit.cancel(self.reason.id)
        self.assertEqual(
            self.get_told(),
            [(kind, visit.ids) for kind in ("booked", "moved", "arrived", "cancelled")],
        )

    def test_a_settled_hold_is_a_new_visit_and_a_hold_is_none(self):
        visits = self.visits.with_user(self.registrar)
        hold = visits.hold(self.prepare("11:00"))
        self.assertFalse(self.get_told())
        visits.book({"hold_id": hold})
        self.assertEqual(self.get_told(), [("booked", [hold])])

    def test_nobody_is_told_of_what_they_did_themselves(self):
        self.freeze(self.visit.start, self.addCleanup)
        self.visit.with_user(self.doctor).action_arrive()
        self.assertFalse(self.get_told())

    def test_each_kind_can_be_switched_off(self):
        self.specialist.tell_arrived = False
        self.as_registrar(self.visit).action_arrive()
        self.assertFalse(self.get_told())
        self.as_registrar(self.visit).cancel(self.reason.id)
        self.assertEqual(self.get_told(), [("cancelled", self.visit.ids)])

    def test_a_colleague_who_takes_over_is_told_and_the_former_too(self):
        colleague = new_test_user(self.env, "tell_two", "clinic_base.group_medical")
        self.other_specialist.user_id = colleague
        self.as_registrar(self.visit).reschedule(
            str(self.visit.start), self.other_specialist.id
        )
        kinds = [
            (target, message["kind"])
            for target, kind, message in self.sent
            if kind == "clinic_schedule.visits_changed"
        ]
        self.assertEqual(
            kinds,
            [(self.doctor.partner_id, "cancelled"), (colleague.partner_id, "booked")],
        )

    def test_a_session_that_a_colleague_takes_over_is_told_to_both(self):
        colleague = new_test_user(self.env, "tell_two", "clinic_base.group_medical")
        self.other_specialist.user_id = colleague
        group = self.create_service("Group exercises", 60, is_group=True)
        for specialist in (self.specialist, self.other_specialist):
            specialist.service_line_ids = [(0, 0, {"product_id": group.id})]
        session = self.env["clinic.session"].create(
            {
                "service_id": group.id,
                "specialist_id": self.specialist.id,
                "branch_id": self.branch.id,
                "start": self.at(TUESDAY, "10:00"),
            }
        )
        place = {"session_id": session.id, "patient_id": self.other_patient.id}
        self.visits.with_user(self.registrar).book(place)
        self.create_shift(self.other_specialist, day=TUESDAY)
        self.clear()
        session.with_user(self.registrar).specialist_id = self.other_specialist
        self.assertEqual(
            [
                (target, message["kind"])
                for target, kind, message in self.sent
                if kind == "clinic_schedule.visits_changed"
            ],
            [(self.doctor.partner_id, "cancelled"), (colleague.partner_id, "booked")],
        )

    def test_the_bus_carries_ids_and_the_kind_alone(self):
        self.as_registrar(self.visit).action_arrive()
        messages = [
            message
            for _target, kind, message in self.sent
            if kind == "clinic_schedule.visits_changed"
        ]
        self.assertEqual(messages, [{"kind": "arrived", "visit_ids": self.visit.ids}])

    def test_the_text_is_made_with_the_rights_of_the_reader(self):
        ids = (self.visit | self.other_visit).ids
        own = self.visits.with_user(self.doctor).get_notices(ids)
        self.assertEqual(
            own,
            [
                {
                    "id": self.visit.id,
                    "day": own[0]["day"],
                    "time": "10:00",
                    "patient": "Ivan Ivanov",
                    "room": "Room 1",
                }
            ],
        )


@tagged("post_install", "-at_install")
class TestTellByMail(TellCommon):
    def book_tomorrow(self, clock="10:00"):
        visits = self.visits.with_user(self.registrar)
        return visits.browse(
            visits.book(self.prepare(clock, day=TUESDAY, patient=self.other_patient))
        )

    def test_one_letter_a_day_gathers_all_changes_and_names_nobody(self):
        self.freeze(self.at(MONDAY, "09:30"), self.addCleanup)
        self.book_tomorrow()
        self.book_tomorrow("11:00").cancel(self.reason.id)
        self.run_cron()
        self.assertFalse(self.get_letters(), "not before its hour")
        self.freeze(self.at(MONDAY, "18:00"), self.addCleanup)
        self.run_cron()
        self.run_cron()
        letter = self.get_letters()
        self.assertEqual(len(letter), 1)
        self.assertEqual(
            (letter.channel, letter.recipient), ("email", "anna@example.com")
        )
        self.assertIn("new 2, moved 0, cancelled 1", letter.body)
        self.assertIn("/odoo/my-day", letter.body)
        for secret in ("Maria", "Sidorova", "Consultation", "10:00"):
            self.assertNotIn(secret, letter.body + letter.subject)

    def test_changes_of_today_are_told_at_once_to_who_wants_it(self):
        self.freeze(self.at(MONDAY, "09:30"), self.addCleanup)
        self.specialist.tell_mail = "today"
        self.as_registrar(self.visit).cancel(self.reason.id)
        self.book_tomorrow()
        self.run_cron()
        self.assertIn("new 0, moved 0, cancelled 1", self.get_letters().body)

    def test_who_wants_no_letters_gets_none(self):
        self.specialist.tell_mail = "none"
        self.book_tomorrow()
        self.assertFalse(self.env["clinic.specialist.notice"].search([]))

    def test_an_arrival_is_no_matter_for_a_letter(self):
        self.as_registrar(self.visit).action_arrive()
        self.assertFalse(self.env["clinic.specialist.notice"].search([]))

    def test_what_is_past_after_a_downtime_is_dropped(self):
        self.freeze(self.at(MONDAY, "09:30"), self.addCleanup)
        self.book_tomorrow()
        self.freeze(self.at(TUESDAY, "20:00") + timedelta(days=1), self.addCleanup)
        self.run_cron()
        self.assertFalse(self.get_letters())
        notice = self.env["clinic.specialist.notice"].search([])
        self.assertEqual(set(notice.mapped("state")), {"dropped"})

    def test_a_letter_waits_for_the_morning(self):
        self.branch.company_id.clinic_tell_hour = 22
        self.freeze(self.at(MONDAY, "09:30"), self.addCleanup)
        self.book_tomorrow()
        self.freeze(self.at(MONDAY, "22:00"), self.addCleanup)
        self.run_cron()
        self.run_cron("process_outbox", "clinic_message")
        letter = self.get_letters()
        self.assertEqual(letter.state, "queued")
        self.assertEqual(letter.scheduled_at, self.at(TUESDAY, "09:00"))

    def test_one_letter_that_fails_never_stops_the_rest(self):
        self.freeze(self.at(MONDAY, "09:30"), self.addCleanup)
        colleague = new_test_user(
            self.env,
            "tell_mail",
            "clinic_base.group_medical",
            email="boris@example.com",
        )
        self.other_specialist.user_id = colleague
        self.book_tomorrow()
        self.as_registrar(self.other_visit).reschedule(str(self.at(MONDAY, "11:30")))
        notices = type(self.env["clinic.specialist.notice"])
        tell = notices._send

        def tell_or_fail(some):
            if some.specialist_id == self.specialist:
                raise KeyError
            return tell(some)

        self.patch(notices, "_send", tell_or_fail)
        self.env["clinic.specialist.notice"].search([]).due_at = self.at(
            MONDAY, "11:00"
        )
        self.freeze(self.at(MONDAY, "11:10"), self.addCleanup)
        with self.assertLogs("odoo.addons.clinic_base.tools.apart", level="WARNING"):
            self.run_cron()
        self.assertEqual(self.get_letters().recipient, "boris@example.com")
