from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from ..common import MONDAY, ScheduleCommon

MODELS = (
    "clinic.appointment",
    "clinic.appointment.log",
    "clinic.appointment.series",
    "clinic.booking.request",
    "clinic.limit.claim",
    "clinic.message",
    "clinic.message.reply",
    "clinic.occupancy",
    "clinic.shift",
    "clinic.visit.profile",
)
# What clients may call on visits; everything else is private or Odoo's own.
PUBLIC = {
    "action_another_room",
    "action_arrive",
    "action_confirm",
    "action_done",
    "action_keep_clock_time",
    "action_no_show",
    "action_reverse",
    "action_start",
    "action_tell_clock_time",
    "action_withdraw_links",
    "book",
    "book_trip",
    "cancel",
    "explain_no_slots",
    "find_series_slots",
    "find_services",
    "find_slots",
    "find_stranded",
    "get_board",
    "get_board_visits",
    "get_reception",
    "get_specialist_day",
    "get_notices",
    "action_call",
    "get_quote",
    "hold",
    "hold_trip",
    "release",
    "reschedule",
    "swap",
}


@tagged("post_install", "-at_install")
class TestAccess(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_shift()
        cls.create_shift(cls.other_specialist)

    def create_user(self, *groups):
        names = ",".join(f"clinic_base.{group}" for group in groups)
        return new_test_user(self.env, f"user_{'_'.join(groups)}", groups=names)

    def test_users_without_a_clinic_role_read_nothing(self):
        self.book("09:00")
        for groups in ("base.group_user", "base.group_portal", "base.group_public"):
            user = new_test_user(self.env, f"user_{groups}", groups=groups)
            for model in MODELS:
                with self.assertRaises(AccessError, msg=(groups, model)):
                    self.env[model].with_user(user).search_read([], ["id"])

    def make_own(self, site):
        """A card that the key of ``site`` has made, which it may book for."""
        patients = self.env["clinic.patient"].with_user(site).sudo()
        return patients.create({"name": "Own"}).with_env(self.env)

    def test_another_sites_key_only_searches_and_books(self):
        site = self.create_user("group_booking_api")
        visits = self.visits.with_user(site)
        self.assertTrue(visits.find_slots({"service_id": self.service.id}))
        visit_id = visits.book(self.prepare("09:00", patient=self.make_own(site)))
        for model in MODELS:
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(site).search_read([], ["id"])
        with self.assertRaises(AccessError):
            visits.browse(visit_id).cancel(self.reason.id)
        with self.assertRaises(AccessError):
            visits.book(self.prepare("10:00", overbook_reason="Because"))

    def test_another_sites_key_settles_only_its_own_holds(self):
        user = self.create_user("group_booking_api")
        site = self.visits.with_user(user)
        desk = self.visits.with_user(self.create_user("group_registrar"))
        nameless = {"patient_id": False}
        of_desk = desk.hold(self.prepare("09:00", **nameless))
        named = desk.hold(self.prepare("10:00"))
        own_card = self.make_own(user)
        for hold_id in (of_desk, named):
            with self.assertRaises(AccessError):
                site.book({"hold_id": hold_id, "patient_id": own_card.id})
        own = site.hold(self.prepare("11:00", **nameless))
        self.assertEqual(site.book({"hold_id": own, "patient_id": own_card.id}), own)

    def test_the_desk_settles_the_hold_of_another_site(self):
        site = self.visits.with_user(self.create_user("group_booking_api"))
        desk = self.visits.with_user(self.create_user("group_registrar"))
        hold_id = site.hold(self.prepare("09:00", patient_id=False))
        desk.book({"hold_id": hold_id, "patient_id": self.patient.id})
        self.assertEqual(self.visits.browse(hold_id).state, "booked")

    def test_medical_staff_see_the_visits_to_themselves(self):
        doctor = self.create_user("group_medical")
        self.specialist.user_id = doctor
        own = self.book("09:00")
        self.book("10:00", specialist=self.other_specialist)
        self.assertEqual(self.visits.with_user(doctor).search([]), own)
        self.freeze(self.at(MONDAY, "08:50"), self.addCleanup)
        own.with_user(doctor).action_arrive()

    def test_a_clinic_may_show_its_specialists_all_visits(self):
        doctor = self.create_user("group_medical")
        visit = self.book("09:00")
        self.assertFalse(self.visits.with_user(doctor).search([]))
        doctor.company_id.clinic_specialist_sees_visits = True
        self.assertEqual(self.visits.with_user(doctor).search([]), visit)

    def test_a_clinic_may_leave_booking_to_the_desk(self):
        doctor = self.create_user("group_medical")
        self.specialist.user_id = doctor
        visits = self.visits.with_user(doctor)
        own = visits.browse(visits.book(self.prepare("09:00")))
        doctor.company_id.clinic_specialist_books = False
        start = str(self.at(MONDAY, "10:00"))
        for change in (
            lambda: visits.book(self.prepare("11:00")),
            lambda: own.reschedule(start),
            lambda: own.cancel(self.reason.id),
        ):
            with self.assertRaises(AccessError):
                change()
        self.freeze(self.at(MONDAY, "08:50"), self.addCleanup)
        own.action_arrive()
        doctor.group_ids |= self.env.ref("clinic_base.group_registrar")
        visits.book(self.prepare("11:00"))

    def test_only_the_engine_moves_requests_and_series(self):
        registrar = self.create_user("group_registrar")
        request = self.env["clinic.booking.request"].create(
            {"patient_id": self.patient.id, "service_id": self.service.id}
        )
        with self.assertRaises(UserError):
            request.with_user(registrar).write({"state": "paid"})
        request.with_user(registrar).action_lose(self.reason.id)
        with self.assertRaises(UserError):
            self.env["clinic.appointment.series"].with_user(registrar).create({})

    def test_nothing_else_is_callable_from_outside(self):
        own = {
            name
            for cls in type(self.visits).mro()
            if "clinic_schedule" in getattr(cls, "__module__", "")
            for name, value in vars(cls).items()
            if callable(value) and self.is_public(name)
        }
        standard = set(dir(self.env["clinic.archive.mixin"])) - PUBLIC
        self.assertEqual(own - standard, PUBLIC)

    def is_public(self, name):
        try:
            get_public_method(self.visits, name)
        except (AccessError, AttributeError):
            return False
        return True

    def test_references_do_not_say_whose_visit_it_is(self):
        visit = self.book("09:00")
        for record in (visit, visit.log_ids[:1]):
            self.assertNotIn("Ivanov", record.display_name or "")
            self.assertNotIn("Consultation", record.display_name or "")

    def test_business_records_are_never_deleted(self):
        visit = self.book("09:00")
        for record in (visit, self.env["clinic.message"].search([], limit=1)):
            with self.assertRaises(UserError):
                record.sudo().with_context(force=True).unlink()
