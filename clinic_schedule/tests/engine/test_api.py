"""Another site's key, over real HTTP: it searches and books, and can do no more."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.service.model import get_public_method
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.clinic_base.tools.public_methods import ASKING

from ..common import ScheduleCommon

CALLABLE = {"find_slots", "find_series_slots", "hold", "book"}
SECRET = "Ivan Ivanov"


@tagged("post_install", "-at_install")
class TestApi(ScheduleCommon, HttpCase):
    # Requests are answered by the real clock.
    now = datetime.now().replace(minute=0, second=0, microsecond=0)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day = (cls.now + timedelta(days=3)).date()
        cls.create_shift(day=cls.day)
        cls.site = new_test_user(
            cls.env, "site", groups="clinic_base.group_booking_api"
        )
        keys = cls.env["res.users.apikeys"].with_user(cls.site).sudo()
        cls.key = keys._generate("rpc", "site", None)
        cls.patient, cls.other_patient = (
            cls.env["clinic.patient"].with_user(cls.site).sudo().create({"name": name})
            for name in (SECRET, "Maria Sidorova")
        )
        cls.env.flush_all()

    @classmethod
    def freeze(cls, moment, add_cleanup=None):
        """Not here: the server's threads read the clock too."""

    def call(self, method, model="clinic.appointment", key=None, **arguments):
        return self.url_open(
            f"/json/2/{model}/{method}",
            json=arguments,
            headers={"Authorization": f"bearer {key or self.key}"},
            method="POST",
        )

    def prepare_slot(self, clock="09:00", **vals):
        return self.prepare(clock, self.day, **vals)

    def test_a_site_finds_holds_and_books(self):
        found = self.call("find_slots", criteria={"service_id": self.service.id})
        self.assertEqual(found.status_code, 200, found.text)
        slot = found.json()[0]
        self.assertEqual(slot["start"], str(self.at(self.day, "09:00")))
        hold = self.call(
            "hold",
            vals=self.prepare_slot(patient=self.env["clinic.patient"])
            | {"patient_id": False, "phone": "+79161234567"},
        )
        self.assertEqual(hold.status_code, 200, hold.text)
        booked = self.call(
            "book", vals={"hold_id": hold.json(), "patient_id": self.patient.id}
        )
        self.assertEqual(booked.json(), hold.json())
        self.assertEqual(self.visits.browse(booked.json()).state, "booked")

    def test_a_site_finds_standing_hours(self):
        found = self.call(
            "find_series_slots", criteria={"service_id": self.service.id, "weeks": 2}
        )
        self.assertEqual(found.status_code, 200, found.text)
        self.assertEqual(found.json()[0]["weekday"], self.day.weekday())

    def test_a_clash_names_nobody_and_offers_other_times(self):
        self.book("09:00", self.day)
        refused = self.call("book", vals=self.prepare_slot(patient=self.other_patient))
        self.assertEqual(refused.status_code, 409)
        self.assertNotIn(SECRET, refused.text)
        self.assertTrue(refused.json()["context"]["slots"])

    def test_nothing_else_of_a_visit_is_reachable(self):
        visit = self.book("09:00", self.day)
        for name in dir(type(self.visits)):
            if name in CALLABLE or not self.is_public(name):
                continue
            with mute_logger("odoo.http"):
                response = self.call(name, ids=visit.ids)
            self.assertNotIn(SECRET, response.text, name)
            if name not in ASKING:
                # Without the arguments it wants, too.
                self.assertEqual(response.status_code, 403, name)
        visit.invalidate_recordset()
        self.assertEqual(visit.state, "booked")

    def is_public(self, name):
        try:
            get_public_method(self.visits, name)
        except Exception:
            return False
        return True

    def test_no_model_of_the_clinic_is_readable(self):
        for name in self.env.registry:
            if name.startswith(("clinic.", "hr.", "res.partner", "account.")):
                model = self.env[name].with_user(self.site)
                readable = not model._abstract and model.has_access("read")
                self.assertFalse(readable, name)
        with mute_logger("odoo.http"):
            response = self.call("search_read", "clinic.patient", fields=["name"])
        self.assertEqual(response.status_code, 403)

    def test_a_wrong_key_opens_nothing(self):
        # Attempts are written apart from the request, which a test's cursor is not.
        attempts = self.registry["clinic.login.attempt"]
        with mute_logger("odoo.http"), patch.object(attempts, "_note"):
            response = self.call("find_slots", key="0" * 40, criteria={})
        self.assertEqual(response.status_code, 401)

    def test_too_many_calls_are_refused_with_the_time_to_wait(self):
        self.site.company_id.write({"clinic_api_searches": 2, "clinic_api_bookings": 1})
        criteria = {"service_id": self.service.id}
        answers = [self.call("find_slots", criteria=criteria) for _call in range(3)]
        self.assertEqual([one.status_code for one in answers], [200, 200, 429])
        wait = answers[-1].json()["context"]["retry_after"]
        self.assertTrue(1 <= wait <= 60)
        # Bookings have a limit of their own.
        booked = self.call("book", vals=self.prepare_slot())
        self.assertEqual(booked.status_code, 200)
