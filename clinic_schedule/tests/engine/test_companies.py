import inspect

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.clinic_base.tests.network.test_companies import CARD, find_leading
from odoo.addons.clinic_base.tests.walls.test_public_methods import find_methods

from ..common import MONDAY, ScheduleCommon

ROLES = (
    "registrar_chief",
    "call_center",
    "medical_chief",
    "cashier",
    "accountant",
    "finance_manager",
    "clinic_manager",
    "clinic_admin",
)


@tagged("post_install", "-at_install")
class TestCompanies(ScheduleCommon):
    """A stranger: every role, in a company in which nothing has happened."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_shift()
        cls.create_shift(cls.other_specialist)
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        # Whoever makes a company works in it: what the system's own login did before
        # with records of nobody would be this company's to see.
        cls.env.user.company_ids -= cls.elsewhere
        cls.stranger = new_test_user(
            cls.env,
            "stranger",
            groups=",".join(f"clinic_base.group_{role}" for role in ROLES),
            company_id=cls.elsewhere.id,
            company_ids=[Command.set(cls.elsewhere.ids)],
        )
        cls.live()
        cls.env.flush_all()

    @classmethod
    def live(cls):
        """A row of each kind that the schedule makes."""
        visits = cls.visits
        cls.visit = visits.browse(
            visits.book(cls.prepare(cls, "09:00", patient=cls.patient))
        )
        cls.series = cls.env["clinic.appointment.series"].browse(
            cls.env["clinic.appointment.series"].book_series(
                {
                    "patient_id": cls.other_patient.id,
                    "specialist_id": cls.specialist.id,
                    "service_id": cls.service.id,
                    "branch_id": cls.branch.id,
                    "weekday": MONDAY.weekday(),
                    "minute_of_day": 600,
                    "date_from": str(MONDAY),
                    "date_to": str(MONDAY),
                }
            )
        )
        cls.request = cls.env["clinic.booking.request"].create(
            {"patient_id": cls.patient.id, "service_id": cls.service.id}
        )
        cls.profile = cls.env["clinic.visit.profile"].create(
            {
                "patient_id": cls.patient.id,
                "specialist_id": cls.specialist.id,
                "service_id": cls.service.id,
                "duration": 40,
                # Before the one that the first visit opens where prices are kept.
                "date_from": "2020-01-01",
                "date_to": "2020-12-31",
            }
        )
        cls.env["clinic.patient.refusal"].create(
            {
                "patient_id": cls.patient.id,
                "specialist_id": cls.other_specialist.id,
            }
        )
        cls.env["clinic.visit.link"]._get(cls.visit)
        cls.env["clinic.message"].create(
            {"patient_id": cls.patient.id, "purpose": "other", "key": "wall"}
        )
        cls.visit.action_arrive()

    def find_walled(self):
        """{model: all its rows} of what must be hidden and has rows."""
        rows = {}
        for name in sorted(find_leading(self.env) - CARD):
            records = self.env[name].with_context(active_test=False).search([])
            if records:
                rows[name] = records
        return rows

    def test_a_stranger_sees_nothing_that_happened_elsewhere(self):
        walled = self.find_walled()
        for name in (
            "clinic.appointment",
            "clinic.appointment.log",
            "clinic.appointment.series",
            "clinic.booking.request",
            "clinic.message",
            "clinic.occupancy",
            "clinic.patient.refusal",
            "clinic.visit.link",
            "clinic.visit.profile",
        ):
            self.assertIn(name, walled)
        for name, records in walled.items():
            model = self.env[name].with_user(self.stranger)
            model = model.with_context(active_test=False)
            if not model.has_access("read"):
                continue
            with self.subTest(model=name):
                self.assertFalse(model.search([]))
                self.assertFalse(model.name_search(""))
                [total] = model.formatted_read_group([], [], ["__count"])
                self.assertEqual(total["__count"], 0)
                with self.assertRaises(AccessError):
                    model.browse(records.ids).read(["display_name"])
                with self.assertRaises(AccessError):
                    model.browse(records.ids).write({"active": True})

    def test_what_is_told_of_a_card_holds_nothing_that_happened_elsewhere(self):
        """The card is the network's: whoever hands its data out, or compares it with
        another, tells of the own companies alone."""
        card = self.patient.with_user(self.stranger)
        self.assertFalse(card._get_personal_data()["visits"])
        told = {label: text for label, text, _apart in card._get_merge_summary()}
        for label in ("Coming visits", "Visits in all"):
            self.assertEqual(told[label], "0")
        own = {label: text for label, text, _apart in self.patient._get_merge_summary()}
        self.assertEqual(own["Visits in all"], "1")

    def test_a_stranger_steers_nothing_that_happened_elsewhere(self):
        start = str(self.at(MONDAY, "11:00"))
        visit = self.visit.with_user(self.stranger)
        series = self.series.with_user(self.stranger)
        for change in (
            lambda: visit.cancel(self.reason.id),
            lambda: visit.reschedule(start),
            lambda: visit.swap(visit.id),
            lambda: visit.get_quote(),
            lambda: series.prolong(),
            lambda: series.skip(str(MONDAY), self.reason.id),
            lambda: series.end(str(MONDAY), self.reason.id),
            lambda: self.request.with_user(self.stranger).action_lose(self.reason.id),
            lambda: self.profile.with_user(self.stranger).write({"duration": 5}),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_no_public_method_takes_what_happened_elsewhere(self):
        walled, faults, tried = self.find_walled(), set(), set()
        for name, method, function in find_methods(self.env):
            if name not in walled or not self.env[name]._auto:
                continue
            tried.add((name, method))
            records = walled[name][:1]
            for aimed in (records, records.browse()):
                for value in (records.id, records.ids):
                    faults |= set(self.try_on(aimed, records, method, function, value))
        self.assertIn(("clinic.appointment", "cancel"), tried)
        self.assertFalse(faults, "\n".join(sorted(faults)))

    def try_on(self, aimed, records, method, function, value):
        """Faults of calling ``method`` with a record of another company, as ``self`` or
        by ``value`` in all arguments: neither done nor told."""
        names = inspect.signature(function).parameters.values()
        count = sum(one.kind is one.POSITIONAL_OR_KEYWORD for one in names) - 1
        before = self.read_row(records)
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint() as savepoint:
                told = getattr(aimed.with_user(self.stranger), method)(*[value] * count)
                changed = self.read_row(records) != before
                savepoint.rollback()
        except Exception:
            # Nor by an error, which clients hear of without details.
            return
        finally:
            self.env.invalidate_all()
        if changed or self.patient.name in repr(told):
            yield f"{aimed._name}.{method}: done or told"

    def read_row(self, records):
        self.env.flush_all()
        table = SQL.identifier(records._table)
        return self.env.execute_query(
            SQL("SELECT * FROM %s WHERE id IN %s", table, tuple(records.ids))
        )

    def test_another_companys_request_is_not_booked(self):
        with self.assertRaises(AccessError):
            self.visits.with_user(self.stranger).book(
                self.prepare("11:00", request_id=self.request.id)
            )

    def test_a_request_is_booked_for_its_own_patient(self):
        with self.assertRaises(UserError):
            self.book("11:00", patient=self.other_patient, request_id=self.request.id)
        self.assertEqual(self.request.state, "open")

    def test_time_taken_elsewhere_is_taken_and_says_no_more(self):
        """The specialist and the patient work and are treated in both companies."""
        branch = self.env["clinic.branch"].create(
            {"name": "Elsewhere", "tz": self.tz, "company_id": self.elsewhere.id}
        )
        self.create_room("Room elsewhere", branch)
        shift = self.create_shift(
            branch=branch, specialist=self.create_specialist("Shared", self.service)
        )
        desk = self.visits.with_user(self.stranger)
        criteria = {
            "service_id": self.service.id,
            "patient_id": self.patient.id,
            "date_from": str(shift.start),
            "date_to": str(shift.stop),
            "limit": 100,
        }
        found = desk.find_slots(criteria)
        self.assertTrue(found)
        taken = (str(self.visit.start), str(self.visit.stop))
        self.assertFalse(
            [one for one in found if one["start"] < taken[1] and one["stop"] > taken[0]]
        )
        with self.assertRaises(UserError) as refused:
            desk.book(self.prepare("09:00", specialist=shift.specialist_id))
        self.assertNotIn(self.specialist.name, str(refused.exception))
        self.assertNotIn(self.branch.name, str(refused.exception))
