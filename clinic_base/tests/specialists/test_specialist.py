from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import ClinicCommon, make_role_user


@tagged("post_install", "-at_install")
class TestCertificates(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.get_user("clinic_manager")
        cls.specialist = cls.env["clinic.specialist"].create({"name": "Врач"})
        cls.certificates = cls.env["clinic.specialist.certificate"].create(
            [
                {"specialist_id": cls.specialist.id, "name": name, "valid_until": until}
                for name, until in (
                    ("Кардиология", "2026-03-31"),
                    ("Терапия", "2027-03-31"),
                    ("Диплом", False),
                )
            ]
        )
        cls.env.company.write(
            {
                "clinic_certificate_user_id": cls.manager.id,
                "clinic_certificate_days": 30,
            }
        )

    def remind(self):
        cron = self.env.ref("clinic_base.ir_cron_warn_of_certificates")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        return self.specialist.activity_ids

    def test_the_manager_is_reminded_once_before_the_end(self):
        self.enterContext(self.frozen("2026-03-01"))
        self.assertEqual(len(self.remind()), 1)
        activity = self.remind()
        self.assertEqual(activity.user_id, self.manager)
        self.assertEqual(activity.date_deadline, date(2026, 3, 31))
        self.assertIn("Кардиология", activity.summary)
        activity.action_done()
        self.assertFalse(self.remind(), "what is done must not come back")

    def test_not_too_early_and_after_a_standstill_all_the_same(self):
        with self.frozen("2026-02-28"):
            self.assertFalse(self.remind())
        with self.frozen("2026-06-01"):
            self.assertEqual(len(self.remind()), 1)

    def test_a_prolonged_certificate_is_reminded_of_again(self):
        self.enterContext(self.frozen("2026-03-20"))
        self.remind()
        self.certificates[0].valid_until = "2026-04-10"
        self.assertEqual(len(self.remind()), 2)

    def test_without_a_setting_the_first_manager_is_reminded(self):
        self.enterContext(self.frozen("2026-03-20"))
        self.env.company.clinic_certificate_user_id = False
        group = self.env.ref("clinic_base.group_clinic_manager")
        self.assertIn(self.remind().user_id, group.all_user_ids)

    def test_who_reads_and_who_enters(self):
        self.enterContext(self.frozen("2026-03-20"))
        doctor = self.get_user("medical")
        certificate = self.certificates[0].with_user(doctor)
        self.assertEqual(certificate.validity, "ending")
        with self.assertRaises(AccessError):
            certificate.number = "1"
        certificate.with_user(self.manager).number = "1"


@tagged("post_install", "-at_install")
class TestTemporaryLimits(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.doctor = cls.get_user("medical")
        cls.specialist, cls.other = cls.env["clinic.specialist"].create(
            [{"name": "Врач", "user_id": cls.doctor.id}, {"name": "Другой"}]
        )
        cls.service = cls.env["product.product"].create(
            {"name": "Приём", "type": "service", "is_clinic_service": True}
        )

    def limit(self, **values):
        return self.env["clinic.specialist.limit"].create(
            {
                "specialist_id": self.specialist.id,
                "date_from": "2026-03-01",
                "date_to": "2026-03-31",
                **values,
            }
        )

    def refuses(self, day="2026-03-15", **visit):
        """The database's answer, as search and booking get it."""
        visit = {
            "specialist": self.specialist.id,
            "age": 30,
            "sex": "female",
            "known": True,
            "remote": False,
            "service": self.service.id,
            **visit,
        }
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT clinic_specialist_refuses(%(specialist)s, %(day)s, %(age)s,"
            " %(sex)s, %(known)s, %(remote)s, %(service)s)",
            {**visit, "day": day},
        )
        return self.env.cr.fetchone()[0]

    def test_a_limit_holds_on_its_days_only_the_last_included(self):
        self.limit(visits="repeat")
        for day, refused in (
            ("2026-02-28", False),
            ("2026-03-01", True),
            ("2026-03-31", True),
            ("2026-04-01", False),
        ):
            with self.subTest(day):
                self.assertIs(self.refuses(day, known=False), refused)
        self.assertFalse(self.refuses(specialist=self.other.id, known=False))

    def test_each_kind_of_limit(self):
        for values, refused, taken in (
            ({"visits": "repeat"}, {"known": False}, {"known": True}),
            ({"min_age": 18}, {"age": 17}, {"age": 18}),
            ({"max_age": 14}, {"age": 15}, {"age": 14}),
            ({"accepted_sex": "male"}, {"sex": "female"}, {"sex": "male"}),
            ({"place": "remote"}, {"remote": False}, {"remote": True}),
            ({"place": "clinic"}, {"remote": True}, {"remote": False}),
            (
                {"refused_service_ids": self.service.ids},
                {"service": self.service.id},
                {"service": 0},
            ),
        ):
            with self.subTest(values):
                limit = self.limit(**values)
                self.assertTrue(self.refuses(**refused))
                self.assertFalse(self.refuses(**taken))
                limit.archive_with_reason("end")
                self.assertFalse(self.refuses(**refused))

    def test_what_is_not_known_of_a_patient_is_not_refused(self):
        self.limit(min_age=18, accepted_sex="male")
        self.assertFalse(self.refuses(age=None, sex=None))

    def test_a_limit_without_an_end_lasts(self):
        self.limit(date_to=False, min_age=18)
        self.assertTrue(self.refuses("2036-01-01", age=5))

    def test_specialists_limit_their_own_visits_only(self):
        Limit = self.env["clinic.specialist.limit"].with_user(self.doctor)
        Limit.create({"specialist_id": self.specialist.id, "visits": "repeat"})
        with self.assertRaises(AccessError):
            Limit.create({"specialist_id": self.other.id, "visits": "repeat"})
        with self.assertRaises(AccessError):
            Limit.with_user(self.get_user("registrar")).create(
                {"specialist_id": self.specialist.id}
            )


@tagged("post_install", "-at_install")
class TestCourses(ClinicCommon):
    def test_courses_of_the_employee_show_on_the_profile(self):
        doctor = make_role_user(self.env, "medical", login="clinic_course_doctor")
        specialist = self.env["clinic.specialist"].create(
            {"name": "Врач", "user_id": doctor.id}
        )
        self.env["hr.employee"].create(
            {
                "name": "Врач",
                "user_id": doctor.id,
                "clinic_specialist_id": specialist.id,
            }
        )
        context = specialist.with_user(doctor).action_add_course()["context"]
        course = self.env["hr.resume.line"].with_user(doctor).with_context(**context)
        line = course.create({"name": "Конгресс кардиологов"})
        registrar = self.get_user("registrar")
        self.assertEqual(specialist.with_user(registrar).resume_line_ids, line)
        with self.assertRaises(AccessError):
            course.with_user(registrar).create({"name": "x"})
