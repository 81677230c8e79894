"""Whose records a specialist reads: by the chief's choice, or in an emergency."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.clinic_schedule.tests.common import MONDAY

from ..common import EncounterCommon

TUESDAY = MONDAY + timedelta(days=1)


@tagged("-at_install", "post_install")
class TestRecordScope(EncounterCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["clinic.record.policy"].create(
            {"company_id": cls.other_medic.company_id.id}
        )

    def setUp(self):
        super().setUp()
        self.encounter = self.fill(self.open_encounter())
        self.env.flush_all()

    def read(self, user):
        """Whether ``user`` reads the protocol and its diagnosis."""
        encounters = self.env(user=user.id)["clinic.encounter"]
        encounters.invalidate_model()
        seen = encounters.search([("id", "=", self.encounter.id)])
        diagnoses = encounters.env["clinic.diagnosis"].search(
            [("encounter_id", "=", self.encounter.id)]
        )
        self.assertEqual(bool(seen), bool(diagnoses))
        return bool(seen) and seen.complaint == "Насморк"

    def open_in_emergency(self, user=None, reason="Без сознания"):
        accesses = self.env(user=(user or self.other_medic).id)[
            "clinic.emergency.access"
        ]
        return accesses.create({"patient_id": self.patient.id, "reason": reason})

    # === REFUSALS === #

    def get_refused(self, user, method, *args):
        """{operation: records} that one refused call from outside notes."""
        log, rows = self.env["clinic.access.log"], []
        self.env.cr.postcommit.clear()
        encounters = self.env(user=user.id)["clinic.encounter"]
        muted = mute_logger("odoo.addons.base.models.ir_rule")
        with self.assertRaises(AccessError), muted:
            call_kw(encounters, method, list(args), {})
        # What would be written on a connection of its own.
        self.patch(type(log), "_append", lambda _log, _cr, noted: rows.extend(noted))
        self.env.cr.postcommit.run()
        return {row["operation"]: row["record_ids"] for row in rows}

    def test_every_refused_look_is_in_the_log_and_told_as_no_reading(self):
        ids = self.encounter.ids
        for user in (self.registrar, self.other_medic):
            for method, *args in (
                ("read", ids),
                ("read", ids, ["conclusion"]),
                ("web_read", ids, {"conclusion": {}}),
                ("write", ids, {"conclusion": "x"}),
                ("action_sign", ids),
            ):
                with self.subTest(user=user.login, method=method):
                    told = self.get_refused(user, method, *args)
                    self.assertEqual(told.pop("refused"), ids)
                    if "read" in method:
                        self.assertFalse(told, "a refused reading is none")

    def test_a_refused_caller_learns_nothing_of_arguments_and_numbers(self):
        for ids in ([0], [2**40], ["x"], [None], "x"):
            for args in ((ids,), (ids, 1, 2, 3, 4)):
                self.assertFalse(self.get_refused(self.registrar, "read", *args))

    # === POLICY === #

    def test_others_patients_stay_closed_unless_the_chief_opens_them(self):
        self.assertFalse(self.read(self.other_medic))
        self.policy.with_user(self.chief).scope = "all"
        self.assertTrue(self.read(self.other_medic))

    def test_nobody_but_the_chief_hands_a_login_that_opens_records_on(self):
        manager = self.create_user("manager", "group_clinic_manager")
        login = "user_id"
        for user, specialist, given in (
            (self.medic, self.specialist, self.other_medic.id),
            (self.medic, self.specialist, False),
            (manager, self.specialist, self.other_medic.id),
            (manager, self.specialist, False),
        ):
            with self.assertRaises(AccessError):
                specialist.with_user(user).write({login: given})
        # The same by two steps.
        self.other_specialist.user_id = False
        self.specialist.user_id = False
        with self.assertRaises(AccessError):
            self.specialist.with_user(manager).user_id = self.other_medic
        self.specialist.with_user(self.chief).user_id = self.other_medic
        self.assertTrue(self.read(self.other_medic))
        # Under this name nothing has been written.
        newcomer = self.create_user("newcomer", "group_medical")
        self.other_specialist.with_user(manager).user_id = newcomer
        self.assertEqual(self.other_specialist.user_id, newcomer)

    def test_a_department_shares_its_patients(self):
        department = self.room.department_id
        self.policy.scope = "department"
        self.specialist.department_ids = department
        self.assertFalse(self.read(self.other_medic))
        self.other_specialist.department_ids = department
        self.assertTrue(self.read(self.other_medic))

    def test_a_patient_who_comes_brings_the_record_along(self):
        self.create_shift(self.other_specialist, hours="13:00-15:00")
        self.book("13:00", specialist=self.other_specialist)
        self.assertTrue(self.read(self.other_medic))

    def book_for(self, medic, specialist, clock="13:00", **vals):
        """A visit of the patient that the specialist ``medic`` books for themselves."""
        visits = self.env(user=medic.id)["clinic.appointment"]
        return visits.browse(
            visits.book(self.prepare(clock, specialist=specialist, **vals))
        )

    def test_ones_own_booking_opens_nothing_until_the_patient_has_come(self):
        self.create_shift(self.other_specialist, hours="13:00-15:00")
        visit = self.book_for(self.other_medic, self.other_specialist)
        self.assertFalse(self.read(self.other_medic))
        with self.assertRaisesRegex(UserError, "when the patient has come"):
            visit.action_open_encounter()
        visit.with_user(self.registrar).action_arrive()
        self.assertTrue(self.read(self.other_medic))

    def test_a_visit_drawn_to_oneself_opens_as_little_as_one_booked(self):
        self.create_shift(self.other_specialist, hours="13:00-15:00")
        self.specialist.department_ids = self.room.department_id
        visit = self.visit.with_user(self.other_medic).sudo()
        start = self.at(self.visit.start.date(), "13:00")
        visit._reschedule(str(start), self.other_specialist.id)
        self.assertFalse(self.read(self.other_medic))

    def test_a_visit_pulled_near_by_oneself_opens_nothing(self):
        far = MONDAY + timedelta(days=3)
        self.create_shift(self.other_specialist, hours="13:00-15:00", day=far)
        self.create_shift(self.other_specialist, hours="13:00-15:00")
        visit = self.book("13:00", day=far, specialist=self.other_specialist)
        self.assertFalse(self.read(self.other_medic))
        start = str(self.at(MONDAY, "13:00"))
        visit.with_user(self.other_medic).reschedule(start)
        self.assertFalse(self.read(self.other_medic))
        visit.with_user(self.registrar).reschedule(str(self.at(MONDAY, "14:00")))
        self.assertTrue(self.read(self.other_medic))

    def test_a_hold_settled_by_oneself_opens_nothing(self):
        self.create_shift(self.other_specialist, hours="13:00-15:00")
        vals = self.prepare("13:00", specialist=self.other_specialist)
        visits = self.env(user=self.other_medic.id)["clinic.appointment"]
        hold_id = visits.hold({k: v for k, v in vals.items() if k != "patient_id"})
        visits.book({"hold_id": hold_id, "patient_id": self.patient.id})
        self.assertFalse(self.read(self.other_medic))

    def test_a_coming_visit_opens_from_the_evening_before_its_day(self):
        self.create_shift(self.other_specialist, hours="13:00-15:00", day=TUESDAY)
        self.book("13:00", day=TUESDAY, specialist=self.other_specialist)
        monday = self.now.date()
        self.freeze(self.at(monday, "17:59"), self.addCleanup)
        self.assertFalse(self.read(self.other_medic))
        self.freeze(self.at(monday, "18:00"), self.addCleanup)
        self.assertTrue(self.read(self.other_medic))

    def test_the_evening_is_that_of_the_branch(self):
        east = self.create_branch("East", "Asia/Vladivostok")
        self.create_room("East room", east)
        self.create_shift(
            self.other_specialist, hours="13:00-15:00", day=TUESDAY, branch=east
        )
        start = self.at(TUESDAY, "13:00", east.tz)
        self.book(
            "13:00",
            specialist=self.other_specialist,
            start=str(start),
            branch_id=east.id,
        )
        monday = self.now.date()
        self.freeze(self.at(monday, "17:59", east.tz), self.addCleanup)
        self.assertFalse(self.read(self.other_medic))
        self.freeze(self.at(monday, "18:01", east.tz), self.addCleanup)
        self.assertTrue(self.read(self.other_medic))

    def test_a_missed_visit_opens_nothing_any_more(self):
        self.create_shift(self.other_specialist, hours="13:00-15:00")
        visit = self.book("13:00", specialist=self.other_specialist)
        self.freeze(visit.stop, self.addCleanup)
        visit.action_no_show()
        self.assertFalse(self.read(self.other_medic))

    def test_ones_own_series_opens_nothing_before_the_first_visit(self):
        self.create_shift(self.other_specialist, hours="13:00-15:00")
        visit = self.book("13:00", specialist=self.other_specialist)
        series = self.env["clinic.appointment.series"]
        vals = {
            "patient_id": self.patient.id,
            "specialist_id": self.other_specialist.id,
            "service_id": self.service.id,
            "branch_id": self.branch.id,
            "weekday": "0",
            "minute_of_day": 13 * 60,
            "date_from": self.now.date(),
        }
        series = series.with_user(self.other_medic).sudo().create(vals)
        self.assertTrue(self.read(self.other_medic))
        visit._as_engine().sudo().write({"series_id": series.id})
        self.assertFalse(self.read(self.other_medic))

    def test_a_specialist_notes_arrivals_of_the_day_alone(self):
        self.create_shift(self.other_specialist, hours="13:00-15:00", day=TUESDAY)
        visit = self.book_for(self.other_medic, self.other_specialist, day=TUESDAY)
        with self.assertRaisesRegex(UserError, "desk"):
            visit.action_arrive()
        visit.with_user(self.registrar).action_arrive()
        self.assertEqual(visit.state, "arrived")

    def test_a_visit_that_one_booked_and_read_is_cancelled_by_the_desk(self):
        self.create_shift(self.other_specialist, hours="13:00-15:00")
        visit = self.book_for(self.other_medic, self.other_specialist)
        reason = self.env["clinic.cancel.reason"].search([], limit=1).id
        visit.action_arrive()
        self.assertTrue(self.read(self.other_medic))
        with self.assertRaisesRegex(UserError, "desk"):
            visit.cancel(reason)
        visit.with_user(self.registrar).cancel(reason)
        self.assertFalse(self.read(self.other_medic))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_a_protocol_made_by_hand_needs_such_a_visit_too(self):
        encounters = self.env(user=self.other_medic.id)["clinic.encounter"]
        vals = {
            "patient_id": self.patient.id,
            "specialist_id": self.other_specialist.id,
        }
        self.create_shift(self.other_specialist, hours="13:00-15:00")
        own = self.book_for(self.other_medic, self.other_specialist)
        for visit in (False, own.id):
            with self.assertRaisesRegex(UserError, "when the patient has come"):
                encounters.create({**vals, "appointment_id": visit})

    def test_a_signed_protocol_stays_where_it_is(self):
        self.encounter.action_sign()
        for archive in (
            lambda: self.encounter.archive_with_reason("Ошибка"),
            lambda: self.encounter.write({"active": False, "archive_reason": "x"}),
            lambda: self.encounter.with_user(self.chief).archive_with_reason("x"),
        ):
            with self.assertRaisesRegex(UserError, "amendment"):
                archive()
        self.assertTrue(self.encounter.active)

    def test_a_visit_that_was_given_up_opens_nothing(self):
        self.create_shift(self.other_specialist, hours="13:00-15:00")
        visit = self.book("13:00", specialist=self.other_specialist)
        self.assertTrue(self.read(self.other_medic))
        visit.cancel(self.env["clinic.cancel.reason"].search([], limit=1).id)
        self.assertFalse(self.read(self.other_medic))

    def test_who_wrote_a_protocol_reads_it_whatever_becomes_of_the_visit(self):
        reason = self.env["clinic.cancel.reason"].search([], limit=1)
        self.visit.sudo().cancel(reason.id)
        self.assertTrue(self.read(self.medic))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_an_open_record_is_read_and_not_written(self):
        self.policy.scope = "all"
        theirs = self.encounter.with_user(self.other_medic)
        for write in (
            lambda: theirs.write({"complaint": "Иное"}),
            lambda: theirs.diagnosis_ids.write({"kind": "accompanying"}),
        ):
            with self.assertRaises(AccessError):
                write()

    def test_nobody_but_the_chief_changes_the_policy(self):
        for user in (self.medic, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                self.policy.with_user(user).scope = "all"

    def test_a_specialist_cannot_join_a_department(self):
        own = self.specialist.with_user(self.medic)
        with self.assertRaises(AccessError):
            own.department_ids = self.room.department_id

    # === EMERGENCY === #

    def test_an_emergency_opens_the_record_until_its_time_is_over(self):
        access = self.open_in_emergency()
        self.assertEqual(access.until - self.env.cr.now(), timedelta(hours=24))
        self.assertTrue(self.read(self.other_medic))
        self.freeze(access.until + timedelta(minutes=1), self.addCleanup)
        self.assertFalse(self.read(self.other_medic))

    def test_an_emergency_opens_it_for_one_person_and_one_patient(self):
        third = self.create_user("third", "group_medical")
        self.open_in_emergency()
        self.assertFalse(self.read(third))
        cards = self.env(user=self.other_medic.id)["clinic.medical.card"]
        self.assertTrue(cards._are_open(self.patient))
        self.assertFalse(cards._are_open(self.other_patient))

    def test_the_chief_is_told_at_once_and_the_notice_names_no_patient(self):
        self.open_in_emergency()
        notice = self.env["mail.message"].search(
            [("partner_ids", "in", self.chief.partner_id.ids)], limit=1
        )
        self.assertIn(self.other_medic.name, notice.body)
        for secret in (self.patient.name, "Без сознания"):
            self.assertNotIn(secret, f"{notice.subject} {notice.body}")

    def test_several_emergencies_in_a_row_alarm_the_chief(self):
        notices = self.env["mail.message"]
        told = [("partner_ids", "in", self.chief.partner_id.ids)]
        for _number in range(2):
            self.open_in_emergency()
        self.assertNotIn("2", notices.search(told, limit=1).subject)
        self.open_in_emergency()
        notice = notices.search(told, limit=1)
        self.assertIn("3", notice.subject)
        self.assertNotIn(self.patient.name, f"{notice.subject} {notice.body}")
        self.assertIn(self.other_medic.name, notice.body)

    def test_an_emergency_needs_a_reason_and_is_never_changed(self):
        keys = ("asdfgh", "asdf jkl", "фывапр", "qweqweqwe", "йцук йцук")
        for reason in ("  ", "x", "ааааааааааа", "...........", "12345678901", *keys):
            with self.assertRaises(UserError):
                self.open_in_emergency(reason=reason)
        access = self.open_in_emergency()
        for vals in ({"reason": "Иначе"}, {"until": "2099-01-01 00:00:00"}):
            with self.assertRaises(UserError):
                access.write(vals)
            with self.assertRaises(UserError):
                access.with_user(self.chief).write(vals)
        access.with_user(self.chief).action_review()
        self.assertEqual(access.reviewed_by_id, self.chief)

    def test_the_chief_sees_what_was_read_in_an_emergency(self):
        access = self.open_in_emergency().with_user(self.chief)
        action = access.action_open_log()
        logs = self.env["clinic.access.log"].with_user(self.chief)
        key = {"login_uid": self.other_medic.id, "patient_ids": self.patient.ids}
        inside, outside = access.create_date, access.until + timedelta(minutes=1)
        self.write_log([{**key, "date": inside}, {**key, "date": outside}])
        self.write_log([{**key, "date": inside, "patient_ids": [0]}])
        row = logs.search(action["domain"])
        self.assertEqual((len(row), row.date), (1, inside))
        self.assertEqual((row.record_count, row.patient_count), (2, 1))
        kinds = dict(logs.fields_get(["model"])["model"]["selection"])
        self.assertEqual(kinds[row.model], "Encounter")

    def write_log(self, rows):
        common = {
            **{"login": "x", "remote_addr": None, "path": None, "job": None},
            **{"model": "clinic.encounter", "operation": "read", "record_ids": [1, 2]},
        }
        self.env["clinic.access.log"]._append(
            self.env.cr,
            [{**common, **row, "date": str(row["date"])} for row in rows],
        )

    def test_nobody_opens_for_another_or_for_longer(self):
        accesses = self.env(user=self.other_medic.id)["clinic.emergency.access"]
        access = accesses.create(
            {
                "patient_id": self.patient.id,
                "reason": "Без сознания",
                "user_id": self.medic.id,
                "until": "2099-01-01 00:00:00",
                "reviewed_on": "2026-01-01 00:00:00",
                "reviewed_by_id": self.chief.id,
            }
        )
        self.assertFalse(access.reviewed_on or access.reviewed_by_id)
        self.assertEqual(access.user_id, self.other_medic)
        self.assertLess(access.until.year, 2099)

    def test_the_card_leads_to_the_record_or_to_the_question(self):
        patient = self.patient.with_user(self.medic)
        action = patient.action_open_medical_record()
        self.assertEqual(action["res_model"], "clinic.medical.card")
        action = self.patient.with_user(self.other_medic).action_open_medical_record()
        self.assertEqual(action["res_model"], "clinic.emergency.access")
        with self.assertRaises(AccessError):
            self.patient.with_user(self.registrar).action_open_medical_record()
