"""What another site's key may say, and how much of it."""

from contextlib import contextmanager

from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import new_test_user, tagged

from ...exceptions import BookingLimitError, SlotTakenError, TooManyCallsError
from ...models.engine.clinic_appointment_api import BOOKING_KEYS, SEARCH_KEYS
from ...models.engine.clinic_appointment_booking import BOOKING_KEYS as ALL_BOOKING_KEYS
from ...tools.criteria import KEYS as CRITERIA_KEYS
from ..common import ScheduleCommon

CALLABLE = {"find_slots", "find_series_slots", "hold", "book"}
DEBT = "4321 is owed since the flood"


@tagged("post_install", "-at_install")
class TestApiRights(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_shift()
        cls.create_shift(cls.other_specialist)
        cls.site = new_test_user(
            cls.env, "partner_site", groups="clinic_base.group_booking_api"
        )
        cls.key = cls.visits.with_user(cls.site)
        cls.stranger = cls.patient
        cls.patient, cls.other_patient = (
            cls.create_own(name) for name in ("Ivan Petrov", "Maria Petrova")
        )
        cls.company = cls.env.company

    @classmethod
    def create_own(cls, name, site=None):
        """A card that the partner's key has made."""
        patients = cls.env["clinic.patient"].with_user(site or cls.site).sudo()
        return patients.create({"name": name}).with_env(cls.env)

    def hold(self, clock, **vals):
        return self.key.hold(self.prepare(clock, patient_id=False, **vals))

    def test_what_is_not_on_the_list_is_refused(self):
        for name in ALL_BOOKING_KEYS - BOOKING_KEYS | {"state", "x"}:
            for method in ("book", "hold"):
                with self.assertRaises(AccessError, msg=(method, name)):
                    getattr(self.key, method)(self.prepare("09:00", **{name: 1}))
        for name in CRITERIA_KEYS - SEARCH_KEYS | {"x"}:
            with self.assertRaises(AccessError, msg=name):
                self.key.find_slots({"service_id": self.service.id, name: 1})
        self.assertLessEqual(
            {"payer_id", "request_id"}, ALL_BOOKING_KEYS - BOOKING_KEYS
        )
        self.assertIn("patient_id", CRITERIA_KEYS - SEARCH_KEYS)

    def test_another_method_is_refused_whatever_it_is_asked(self):
        own = {
            name
            for cls in type(self.visits).mro()
            if cls.__module__.startswith("odoo.addons.clinic_")
            for name, value in vars(cls).items()
            if callable(value) and self.is_public(name)
        }
        standard = set(dir(self.env["clinic.archive.mixin"]))
        asked = {
            "vals": {"legs": [self.prepare("09:00")], "patient_id": self.patient.id},
            "criteria": {"service_id": self.service.id},
            "wish": {},
        }
        visit = self.book("09:00").with_user(self.site)
        for name in sorted(own - standard - CALLABLE):
            method = getattr(visit, name)
            names = method.__func__.__code__.co_varnames
            count = method.__func__.__code__.co_argcount - 1
            defaults = len(method.__func__.__defaults__ or ())
            arguments = [asked.get(one, 1) for one in names[1 : 1 + count - defaults]]
            with self.assertRaises(AccessError, msg=name):
                method(*arguments)

    def is_public(self, name):
        try:
            get_public_method(self.visits, name)
        except (AccessError, AttributeError):
            return False
        return True

    @contextmanager
    def blocked(self, patient):
        """The desk would refuse ``patient``, with words for the desk only."""
        check = type(self.visits)._check_payer

        def refuse(appointments, patient_id):
            if patient_id == patient.id:
                raise UserError(DEBT)
            return check(appointments, patient_id)

        self.patch(type(self.visits), "_check_payer", refuse)
        yield

    def get_refusal(self, **vals):
        with self.assertRaises(SlotTakenError) as refused:
            self.key.book(self.prepare("09:00", **vals))
        return str(refused.exception), refused.exception.context

    def test_a_refusal_is_the_same_whatever_stands_against_the_patient(self):
        """A debt, another visit at the time, no such card."""
        busy = self.create_own("Busy")
        self.book("09:00", patient=busy, specialist=self.other_specialist)
        with self.blocked(self.patient):
            owing = self.get_refusal()
        self.assertNotIn(DEBT, owing[0])
        self.assertEqual(self.get_refusal(patient=busy), owing)
        self.assertEqual(self.get_refusal(patient_id=2**30), owing)
        self.assertTrue(owing[1]["slots"])

    def test_a_guessed_id_is_refused_like_one_that_is_none(self):
        other = new_test_user(
            self.env, "other_partner", groups="clinic_base.group_booking_api"
        )
        theirs = self.create_own("Anna Orlova", other)
        unknown = self.get_refusal(patient_id=2**30)
        hold = self.hold("11:00")
        messages = self.env["clinic.message"].search_count([])
        for patient in (self.stranger, theirs):
            self.assertEqual(self.get_refusal(patient=patient), unknown)
            with self.assertRaises(SlotTakenError):
                self.key.hold(self.prepare("09:00", patient=patient))
            with self.assertRaises(SlotTakenError):
                self.key.book({"hold_id": hold, "patient_id": patient.id})
        self.assertEqual(self.env["clinic.message"].search_count([]), messages)

    def book_named(self, clock, **said):
        vals = self.prepare(clock, patient_id=False)
        vals.pop("patient_id")
        person = {
            "name": "Ivan Ivanov",
            "phone": "+7 916 123-45-67",
            "birthdate": "1990-05-17",
            **said,
        }
        return self.visits.browse(self.key.book({**vals, "patient": person}))

    def test_who_is_named_gets_a_card_of_the_keys_own(self):
        self.stranger.birthdate = "1990-05-17"
        first = self.book_named("09:00").patient_id
        self.assertNotEqual(first, self.stranger)
        self.assertEqual(first.phone_ids.number_e164, "+79161234567")
        doubles = self.env["clinic.patient.duplicate"].search(
            [("patient_id", "in", (first | self.stranger).ids)]
        )
        self.assertTrue(doubles, "the desk looks at what may be one person")
        again = self.book_named("09:30", name="IVAN  Ivanov")
        self.assertEqual(again.patient_id, first)
        another = self.book_named("10:00", birthdate="1990-05-18")
        self.assertNotEqual(another.patient_id, first)

    def test_a_card_that_the_desk_has_merged_leads_to_the_kept_one(self):
        first = self.book_named("09:00").patient_id
        chief = new_test_user(
            self.env, "merging", groups="clinic_base.group_registrar_chief"
        )
        self.env["clinic.patient.merge"].with_user(chief)._merge(
            self.stranger.with_user(chief), first.with_user(chief)
        )
        self.assertEqual(self.book_named("09:30").patient_id, self.stranger)
        self.key.book(self.prepare("10:00", patient=self.stranger))

    def test_who_is_named_badly_is_asked_for_in_words(self):
        for said in (
            {"name": ""},
            {"name": "x" * 500},
            {"phone": "5"},
            {"birthdate": "2999-01-01"},
            {"birthdate": 5},
            {"sex": "x"},
            {"email": "x"},
        ):
            with self.subTest(said), self.assertRaises(UserError):
                self.book_named("09:00", **said)

    def test_holds_are_counted_by_key_with_a_phone_or_without(self):
        self.company.clinic_api_holds = 2
        self.hold("09:00")
        self.hold("09:30", phone="+79161234500")
        with self.assertRaises(BookingLimitError):
            self.hold("10:00")
        self.visits.hold(self.prepare("10:00", patient_id=False))

    def test_one_phone_is_one_however_it_is_written(self):
        self.company.country_id = self.env.ref("base.ru")
        for clock, phone in (("09:00", "+79161234500"), ("09:30", "8 916 123-45-00")):
            self.hold(clock, phone=phone)
        with self.assertRaises(BookingLimitError):
            self.hold("10:00", phone="8(916)1234500")

    def test_a_hold_is_short(self):
        self.company.clinic_api_hold_minutes = 30
        self.hold("09:00", minutes=30)
        for minutes in (31, 24 * 60, -1, "30", 1.5):
            with self.assertRaises(UserError):
                self.hold("09:30", minutes=minutes)

    def test_one_patient_is_booked_a_few_times_a_day(self):
        self.company.clinic_site_phone_daily = 2
        for clock in ("09:00", "09:30"):
            self.key.book(self.prepare(clock))
        with self.assertRaises(TooManyCallsError):
            self.key.book(self.prepare("10:00"))
        self.key.book(self.prepare("10:00", patient=self.other_patient))

    def test_a_key_stays_in_its_own_branches(self):
        south = self.create_branch("South", self.tz)
        self.create_room("Room South", south)
        self.site.clinic_branch_ids = south
        self.assertFalse(self.key.find_slots({"service_id": self.service.id}))
        with self.assertRaises(UserError):
            self.key.book(self.prepare("09:00"))
        self.site.clinic_branch_ids |= self.branch
        self.assertTrue(self.key.find_slots({"service_id": self.service.id}))
        self.key.book(self.prepare("09:00"))

    def test_hostile_values_end_in_words(self):
        for value in ("x", -1, 2**70, [], {}, 1.5, "\0", "9999-12-31 00:00:00"):
            for name in sorted(BOOKING_KEYS - {"telemedicine", "repeat"}):
                with self.assertRaises(UserError, msg=(name, value)):
                    self.key.book({**self.prepare("04:00"), name: value})
