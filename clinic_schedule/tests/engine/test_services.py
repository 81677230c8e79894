"""The desk's list of services: who, where, when and for how much."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import MONDAY, ScheduleCommon


@tagged("post_install", "-at_install")
class TestServices(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.specialty = cls.env["clinic.specialty"].create({"name": "Xenology"})
        cls.service.clinic_specialty_id = cls.specialty
        cls.south = cls.create_branch("South", cls.tz)
        cls.create_room("South 1", cls.south)
        cls.create_shift()
        cls.create_shift(day=MONDAY + timedelta(days=1), branch=cls.south)
        cls.create_shift(cls.other_specialist, hours="10:00-12:00")
        cls.registrar = new_test_user(
            cls.env, "services_registrar", "clinic_base.group_registrar"
        )

    def read(self, **wish):
        """Services of the specialty as the desk finds them, by name."""
        wish.setdefault("specialty_ids", self.specialty.ids)
        answer = self.visits.with_user(self.registrar).find_services(wish)
        return {service["name"]: service for service in answer["services"]}

    def read_one(self, **wish):
        """Specialists of the only service, by name."""
        [service] = self.read(**wish).values()
        return {one["name"]: one for one in service["specialists"]}

    def get_clocks(self, specialist):
        return {
            time["branch_id"]: self.to_clock(time["start"])
            for time in specialist["times"]
        }

    def test_each_specialist_has_the_nearest_time_in_each_branch(self):
        self.book("09:00")
        found = self.read_one()
        self.assertEqual(
            self.get_clocks(found["Anna Orlova"]),
            {self.branch.id: "09:30", self.south.id: "09:00"},
        )
        self.assertEqual(
            self.get_clocks(found["Boris Petrov"]), {self.branch.id: "10:00"}
        )
        self.assertEqual(list(found), ["Anna Orlova", "Boris Petrov"])

    def test_a_nearest_time_can_be_booked_as_it_is(self):
        [time, _south] = self.read_one()["Anna Orlova"]["times"]
        keys = ("service_id", "specialist_id", "branch_id", "room_id", "start")
        vals = {key: time[key] for key in keys}
        visits = self.visits.with_user(self.registrar)
        self.assertTrue(visits.book({**vals, "patient_id": self.patient.id}))

    def test_words_of_service_specialty_and_specialist_in_any_order(self):
        for text in ("orlova consult", "CONSULT orl", "xeno orlova"):
            with self.subTest(text=text):
                self.assertEqual(list(self.read_one(text=text)), ["Anna Orlova"])
        self.assertEqual(self.read(text="orlova petrov"), {})

    def test_branches_narrow_the_list_to_those_who_work_there(self):
        found = self.read_one(branch_ids=self.south.ids)
        self.assertEqual(list(found), ["Anna Orlova"])
        self.assertEqual(list(self.get_clocks(found["Anna Orlova"])), self.south.ids)

    def test_a_room_leads_to_those_who_work_in_it(self):
        other = self.create_specialist("Roomy", self.service)
        self.create_shift(other, room_id=self.other_room.id, hours="15:00-16:00")
        found = self.read_one(
            room_ids=self.other_room.ids, specialist_ids=[other.id, self.specialist.id]
        )
        self.assertEqual(list(found), ["Anna Orlova", "Roomy"])
        self.specialist.room_ids = self.room
        self.assertEqual(list(self.read_one(room_ids=self.other_room.ids))[-1], "Roomy")
        self.assertNotIn("Anna Orlova", self.read_one(room_ids=self.other_room.ids))

    def test_a_specialist_who_refuses_the_patient_says_why(self):
        self.patient.write({"birthdate": "2020-01-01", "sex": "female"})
        self.specialist.min_age = 18
        self.other_specialist.accepted_sex = "male"
        found = self.read_one(patient_id=self.patient.id)
        self.assertIn("18", found["Anna Orlova"]["why"])
        self.assertIn("other sex", found["Boris Petrov"]["why"])
        self.assertFalse(any(one["times"] for one in found.values()))

    def test_a_specialist_without_free_time_stays_in_the_list(self):
        self.create_specialist("Busy", self.service)
        self.assertEqual(self.read_one()["Busy"]["why"], "No free time")

    def test_length_and_price_are_those_of_the_patient(self):
        self.specialist.service_line_ids.duration_repeat = 20
        self.book("09:00")
        quotes = patch.object(
            type(self.visits),
            "_prepare_quotes",
            lambda visits: {
                visit: {"amount": visit.patient_id.name, "reason": visit.branch_id.name}
                for visit in visits
            },
        )
        with quotes:
            found = self.read_one(patient_id=self.patient.id)["Anna Orlova"]
        self.assertEqual(found["minutes"], 20)
        self.assertEqual(
            [time["price"] for time in found["times"]],
            [
                {"amount": "Ivan Ivanov", "reason": "North"},
                {"amount": "Ivan Ivanov", "reason": "South"},
            ],
        )

    def test_video_lists_only_what_is_done_by_video(self):
        self.assertEqual(self.read(telemedicine=True), {})
        self.service.telemedicine_ok = True
        [time, _south] = self.read_one(telemedicine=True)["Anna Orlova"]["times"]
        self.assertFalse(time["room_id"])

    def test_a_group_shows_the_nearest_session_with_its_places(self):
        group = self.create_service(
            "Group", 60, is_group=True, clinic_specialty_id=self.specialty.id
        )
        self.specialist.service_line_ids = [Command.create({"product_id": group.id})]
        self.env["clinic.session"]._open(
            {
                "service_id": group.id,
                "specialist_id": self.specialist.id,
                "branch_id": self.branch.id,
                "start": str(self.at(MONDAY, "11:00")),
                "capacity": 5,
            }
        )
        [specialist] = self.read()["Group"]["specialists"]
        [time] = specialist["times"]
        self.assertEqual(
            (self.to_clock(time["start"]), time["places_left"]), ("11:00", 5)
        )

    def test_pages_follow_each_other(self):
        for name in ("Alpha", "Beta"):
            extra = self.create_service(name, 30, clinic_specialty_id=self.specialty.id)
            self.specialist.service_line_ids = [
                Command.create({"product_id": extra.id})
            ]
        wish = {"specialty_ids": self.specialty.ids, "limit": 2}
        visits = self.visits.with_user(self.registrar)
        first, second = (
            visits.find_services(wish),
            visits.find_services({**wish, "offset": 2}),
        )
        self.assertEqual((first["total"], second["total"]), (3, 3))
        self.assertEqual([one["name"] for one in first["services"]], ["Alpha", "Beta"])
        self.assertEqual([one["name"] for one in second["services"]], ["Consultation"])

    def test_statements_do_not_grow_with_services_and_specialists(self):
        visits = self.visits.with_user(self.registrar)
        wish = {"specialty_ids": self.specialty.ids, "limit": 100}

        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            answer = visits.find_services(wish)
            return self.env.cr.sql_log_count - before, len(answer["services"])

        # What prices take is the business of the module that sets them.
        self.patch(
            type(self.visits),
            "_prepare_quotes",
            lambda self: dict.fromkeys(self, False),
        )
        count()  # fills the caches of groups and rules
        few, _services = count()
        services = self.env["product.product"].concat(
            *(
                self.create_service(f"S {i}", 30, clinic_specialty_id=self.specialty.id)
                for i in range(10)
            )
        )
        for number in range(5):
            specialist = self.create_specialist(f"Specialist {number}", services)
            self.create_shift(specialist, hours="09:00-18:00")
        count()  # again: creating services has emptied them
        self.assertEqual(count(), (few, 11))
        self.assertLess(few, 20)

    def test_call_centre_reads_and_nobody_without_a_desk(self):
        wish = {"specialty_ids": self.specialty.ids}
        operator = new_test_user(
            self.env, "services_operator", "clinic_base.group_call_center"
        )
        self.assertTrue(self.visits.with_user(operator).find_services(wish)["total"])
        for groups in (
            "base.group_system",
            "clinic_base.group_clinic_admin,clinic_base.group_finance_manager",
            "clinic_base.group_booking_api",
        ):
            user = new_test_user(self.env, f"no_{groups}", groups=groups)
            with self.assertRaises(AccessError, msg=groups):
                self.visits.with_user(user).find_services(wish)

    def test_unknown_wishes_are_refused(self):
        with self.assertRaises(UserError):
            self.read(colour="green")
        with self.assertRaises(UserError):
            self.read(limit=100_000)


@tagged("post_install", "-at_install")
class TestTrip(ScheduleCommon):
    """Several visits in one go, all of them or none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.test = cls.create_service("Test", 20)
        cls.other_specialist.service_line_ids = [
            Command.create({"product_id": cls.test.id})
        ]
        cls.create_shift()
        cls.create_shift(cls.other_specialist)
        cls.registrar = new_test_user(
            cls.env, "trip_registrar", "clinic_base.group_registrar"
        )
        cls.desk = cls.visits.with_user(cls.registrar)

    def find_trips(self, **criteria):
        return self.find_slots(services=[self.service.id, self.test.id], **criteria)

    def prepare_trip(self, *legs):
        return {
            "patient_id": self.patient.id,
            "legs": [
                {
                    "service_id": service.id,
                    "specialist_id": specialist.id,
                    "start": str(self.at(MONDAY, clock)),
                }
                for service, specialist, clock in legs
            ],
        }

    def test_a_found_trip_is_booked_with_all_its_visits(self):
        trip = self.find_trips(limit=1)[0]
        keys = ("service_id", "specialist_id", "branch_id", "start")
        legs = [{key: leg[key] for key in keys} for leg in trip["legs"]]
        ids = self.desk.book_trip({"patient_id": self.patient.id, "legs": legs})
        visits = self.visits.browse(ids)
        self.assertEqual(visits.mapped("state"), ["booked", "booked"])
        self.assertEqual(visits.service_id, self.service | self.test)
        self.assertEqual(visits.patient_id, self.patient)
        told = self.env["clinic.message"].search([("appointment_id", "in", ids)])
        self.assertEqual(told.appointment_id, visits)

    def test_nothing_is_booked_when_one_visit_is_taken(self):
        self.book("10:00", patient=self.other_patient, specialist=self.other_specialist)
        trip = self.prepare_trip(
            (self.service, self.specialist, "09:30"),
            (self.test, self.other_specialist, "10:00"),
        )
        with self.assertRaises(UserError) as caught:
            self.desk.book_trip(trip)
        self.assertTrue(caught.exception.context["slots"])
        self.assertEqual(
            {slot["service_id"] for slot in caught.exception.context["slots"]},
            {self.test.id},
        )
        self.assertFalse(self.visits.search([("patient_id", "=", self.patient.id)]))

    def test_visits_of_a_trip_do_not_overlap(self):
        trip = self.prepare_trip(
            (self.service, self.specialist, "09:30"),
            (self.test, self.other_specialist, "09:45"),
        )
        with self.assertRaises(UserError):
            self.desk.book_trip(trip)
        self.assertFalse(self.visits.search([("patient_id", "=", self.patient.id)]))

    def test_more_waiting_finds_visits_of_the_same_day(self):
        late = self.create_service("Late", 20)
        specialist = self.create_specialist("Late", late)
        self.create_shift(specialist, hours="16:00-17:00")
        asked = {"services": [self.service.id, late.id]}
        self.assertFalse(self.find_slots(**asked))
        [first, *_more] = self.find_slots(**asked, max_wait=600)
        self.assertEqual(
            [self.to_clock(leg["start"]) for leg in first["legs"]], ["11:30", "16:00"]
        )

    def test_a_trip_has_one_to_four_known_visits(self):
        leg = self.prepare_trip((self.service, self.specialist, "09:00"))["legs"][0]
        for legs in (None, [], [leg] * 5, [{**leg, "overbook_reason": "Because"}]):
            with self.assertRaises(UserError, msg=legs):
                self.desk.book_trip({"patient_id": self.patient.id, "legs": legs})

    def hold_two(self, **vals):
        """Holds of the desk at 09:00 and 09:30, without a patient yet."""
        trip = self.prepare_trip(
            (self.service, self.specialist, "09:00"),
            (self.test, self.other_specialist, "09:30"),
        )
        ids = self.desk.hold_trip({**trip, "patient_id": False, **vals})
        return self.visits.browse(ids)

    def find_state(self, state):
        return self.visits.search_count([("state", "=", state)])

    def test_all_times_of_a_trip_are_held_and_become_its_visits(self):
        holds = self.hold_two()
        self.assertEqual(holds.mapped("state"), ["hold", "hold"])
        self.assertEqual(holds.service_id.ids, [self.service.id, self.test.id])
        with self.assertRaises(UserError):
            self.book("09:30", specialist=self.other_specialist)
        vals = {"hold_ids": holds.ids, "patient_id": self.patient.id}
        self.assertEqual(self.desk.book_trip(vals), holds.ids)
        self.assertEqual(holds.mapped("state"), ["booked", "booked"])
        self.assertEqual(holds.patient_id, self.patient)
        told = self.env["clinic.message"].search(
            [("appointment_id", "in", holds.ids), ("purpose", "=", "booked")]
        )
        self.assertEqual(told.appointment_id, holds)

    def test_a_trip_given_back_is_free_again(self):
        holds = self.hold_two()
        holds.with_user(self.registrar).release()
        self.assertEqual(holds.mapped("state"), ["expired", "expired"])
        self.book("09:00", patient=self.other_patient)

    def test_nothing_is_held_when_one_time_is_taken_and_the_text_says_which(self):
        self.book("09:30", patient=self.other_patient, specialist=self.other_specialist)
        with self.assertRaises(UserError) as caught:
            self.hold_two()
        self.assertIn("Test, Boris Petrov:", str(caught.exception))
        self.assertTrue(caught.exception.context["slots"])
        self.assertFalse(self.find_state("hold"))

    def test_a_trip_whose_hold_ran_out_is_not_booked_in_part(self):
        holds = self.hold_two()
        holds[1].with_user(self.registrar).release()
        with self.assertRaises(UserError):
            self.desk.book_trip({"hold_ids": holds.ids, "patient_id": self.patient.id})
        self.assertFalse(self.find_state("booked"))

    def test_a_trip_counts_as_one_hold(self):
        self.branch.company_id.clinic_holds_per_patient = 1
        self.hold_two(patient_id=self.patient.id)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.desk.hold(self.prepare("11:00"))
        self.assertEqual(self.find_state("hold"), 2)

    def test_holds_of_somebody_elses_patient_are_not_settled(self):
        holds = self.hold_two(patient_id=self.other_patient.id)
        with self.assertRaises(AccessError):
            self.desk.book_trip({"hold_ids": holds.ids, "patient_id": self.patient.id})

    def test_who_has_to_pay_first_books_and_holds_no_trip(self):
        def refuse(visits, _patient_id):
            raise visits._prepare_length_error()

        self.patch(type(self.visits), "_check_payer", refuse)
        for book in (self.desk.book_trip, self.desk.hold_trip):
            with self.assertRaisesRegex(UserError, "At most"):
                book(self.prepare_trip((self.service, self.specialist, "09:00")))

    def test_nobody_without_a_desk_books_a_trip(self):
        trip = self.prepare_trip((self.service, self.specialist, "09:00"))
        for groups in (
            "base.group_system",
            "clinic_base.group_clinic_admin,clinic_base.group_finance_manager",
        ):
            user = new_test_user(self.env, f"no_{groups}", groups=groups)
            for book in ("book_trip", "hold_trip"):
                with self.assertRaises(AccessError, msg=groups):
                    getattr(self.visits.with_user(user), book)(trip)


@tagged("post_install", "-at_install")
class TestFamily(ScheduleCommon):
    """For whom somebody calls."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.child = cls.create_patient("Petr Ivanov", birthdate="2019-05-01")
        cls.neighbour = cls.create_patient("Olga Ivanova", phone="+79161234567")
        cls.relation = cls.env["clinic.patient.relation"].create(
            {
                "patient_id": cls.child.id,
                "related_id": cls.patient.id,
                "kind": "father",
                "may_book": True,
            }
        )

    def find_family(self, patient, groups="clinic_base.group_call_center"):
        user = new_test_user(self.env, f"family_{groups}", groups=groups)
        return patient.with_user(user).find_family()

    def test_a_caller_finds_the_child_first_and_the_same_phone(self):
        child, neighbour = self.find_family(self.patient)
        self.assertEqual((child["id"], child["may_book"]), (self.child.id, True))
        self.assertIn("Father", child["why"])
        self.assertEqual(
            (neighbour["id"], neighbour["may_book"]), (self.neighbour.id, False)
        )

    def test_nobody_books_for_a_child_that_is_of_age(self):
        self.child.birthdate = "2000-05-01"
        child = next(
            one for one in self.find_family(self.patient) if one["id"] == self.child.id
        )
        self.assertFalse(child["may_book"])
        self.relation.action_note_consent()
        family = self.find_family(self.patient, "clinic_base.group_registrar")
        self.assertTrue(family[0]["may_book"])

    def test_a_child_leads_to_the_parents(self):
        [father] = self.find_family(self.child)
        self.assertEqual((father["id"], father["may_book"]), (self.patient.id, False))

    def test_a_relation_that_has_ended_joins_nobody(self):
        self.relation.write({"date_from": "2026-01-01", "date_to": "2026-02-01"})
        self.assertEqual(self.find_family(self.child), [])

    def test_an_archived_card_is_not_offered(self):
        self.child.archive_with_reason("twins")
        [neighbour] = self.find_family(self.patient)
        self.assertEqual(neighbour["id"], self.neighbour.id)

    def test_administrators_of_the_system_see_no_family(self):
        with self.assertRaises(AccessError):
            self.find_family(self.patient, "base.group_system")
