"""A small network with a frozen clock; moments are wall time of a branch."""

from contextlib import nullcontext
from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.tests import TransactionCase

from odoo.addons.clinic_base.tools.walltime import to_utc, to_wall

MONDAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 1, 6, 0)


class ScheduleCommon(TransactionCase):
    """One branch in Moscow, two rooms, two specialists, one service of 30 minutes."""

    tz = "Europe/Moscow"
    now = NOW

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.freeze(cls.now)
        cls.branch = cls.create_branch("North", cls.tz)
        cls.room = cls.create_room("Room 1", cls.branch)
        cls.other_room = cls.create_room("Room 2", cls.branch)
        cls.service = cls.create_service("Consultation", 30)
        cls.specialist = cls.create_specialist("Anna Orlova", cls.service)
        cls.other_specialist = cls.create_specialist("Boris Petrov", cls.service)
        cls.patient = cls.create_patient("Ivan Ivanov", phone="+79161234567")
        cls.other_patient = cls.create_patient("Maria Sidorova")
        cls.reason = cls.env["clinic.cancel.reason"].create({"name": "Asked"})
        cls.visits = cls.env["clinic.appointment"]
        cls.see_own_data()

    @classmethod
    def freeze(cls, moment, add_cleanup=None):
        """Python's clock and the database's stand at ``moment`` (naive UTC)."""
        add_cleanup = add_cleanup or cls.addClassCleanup
        frozen = freeze_time(moment)
        frozen.start()
        add_cleanup(frozen.stop)
        clock = patch.object(cls.env.cr, "now", lambda: moment)
        clock.start()
        add_cleanup(clock.stop)

    @classmethod
    def see_own_data(cls):
        """A fresh cursor would not see what the test has not committed."""
        view = patch.object(
            type(cls.visits), "_get_fresh_view", lambda self: nullcontext(self)
        )
        view.start()
        cls.addClassCleanup(view.stop)

    # === FACTORIES === #

    @classmethod
    def create_branch(cls, name, tz):
        return cls.env["clinic.branch"].create({"name": name, "tz": tz})

    @classmethod
    def create_room(cls, name, branch, **vals):
        department = cls.env["clinic.department"].create(
            {"name": f"Department of {name}", "branch_id": branch.id}
        )
        return cls.env["clinic.room"].create(
            {"name": name, "department_id": department.id, **vals}
        )

    @classmethod
    def create_service(cls, name, duration, **vals):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "is_clinic_service": True,
                "duration": duration,
                "neutral_label": "Visit",
                **vals,
            }
        )

    @classmethod
    def create_specialist(cls, name, services, **vals):
        return cls.env["clinic.specialist"].create(
            {
                "name": name,
                "service_line_ids": [
                    Command.create({"product_id": service.id}) for service in services
                ],
                **vals,
            }
        )

    @classmethod
    def let_pay(cls, relative, patient):
        """``relative`` pays for ``patient``, as the desk notes it on the card."""
        cls.env["clinic.patient.relation"].create(
            {
                "patient_id": patient.id,
                "related_id": relative.id,
                "kind": "other",
                "pays": True,
                "date_from": "2020-01-01",
            }
        )
        patient.payer_id = relative.partner_id

    @classmethod
    def create_patient(cls, name, **vals):
        return cls.env["clinic.patient"].create({"name": name, **vals})

    @classmethod
    def at(cls, day, clock, tz=None):
        """UTC of 'HH:MM' on ``day`` in a branch's zone."""
        hours, minutes = clock.split(":")
        return to_utc(day, int(hours) * 60 + int(minutes), tz or cls.tz)

    @classmethod
    def create_shift(cls, specialist=None, day=MONDAY, hours="09:00-12:00", **vals):
        start, stop = hours.split("-")
        branch = vals.pop("branch", cls.branch)
        return cls.env["clinic.shift"].create(
            {
                "specialist_id": (specialist or cls.specialist).id,
                "branch_id": branch.id,
                "start": cls.at(day, start, branch.tz),
                "stop": cls.at(day, stop, branch.tz),
                **vals,
            }
        )

    # === ENGINE === #

    def book(self, clock, day=MONDAY, patient=None, specialist=None, **vals):
        """Visit booked through the public method."""
        return self.visits.browse(
            self.visits.book(self.prepare(clock, day, patient, specialist, **vals))
        )

    def prepare(self, clock, day=MONDAY, patient=None, specialist=None, **vals):
        return {
            "service_id": self.service.id,
            "specialist_id": (specialist or self.specialist).id,
            "patient_id": (patient or self.patient).id,
            "start": self.at(day, clock).strftime("%Y-%m-%d %H:%M:%S"),
            **vals,
        }

    def find(self, day=MONDAY, days=1, **criteria):
        """Starts found, as wall time 'HH:MM' of the test's zone."""
        return [
            self.to_clock(slot["start"])
            for slot in self.find_slots(day, days, **criteria)
        ]

    def find_slots(self, day=MONDAY, days=1, **criteria):
        asked = {
            "date_from": self.at(day, "00:00").strftime("%Y-%m-%d %H:%M:%S"),
            "date_to": self.at(day + timedelta(days=days), "00:00").strftime(
                "%Y-%m-%d %H:%M:%S"
            ),
            "limit": 1000,
            **criteria,
        }
        if "services" not in asked:
            asked.setdefault("service_id", self.service.id)
        return self.visits.find_slots(asked)

    def to_clock(self, moment):
        utc = datetime.strptime(moment, "%Y-%m-%d %H:%M:%S")
        return to_wall(utc, self.tz).strftime("%H:%M")

    def count_own_statements(self, function):
        """Statements of ``function``; what other modules hang on it is not counted."""
        for hook in ("_after_state_change", "_check_payer"):
            self.patch(type(self.visits), hook, lambda *_args: None)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
