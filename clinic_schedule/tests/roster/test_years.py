"""Days at the ends of the calendar are taken or refused, and never break anything."""

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.clinic_base.tools.impossible import is_impossible
from odoo.addons.clinic_base.tools.public_methods import is_clinics

from ..common import MONDAY, ScheduleCommon

DAYS = ("0001-01-01", "1582-10-15", "9999-12-31")
TIMES = ("0001-01-01 00:00:00", "0001-01-01 23:59:59", "9999-12-31 23:59:59")
OURS_AND_ODOOS = {"resource.calendar.leaves", "calendar.event"}


@tagged("post_install", "-at_install")
class TestYears(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_shift(room_id=cls.room.id)
        cls.visits.book(cls.prepare(cls, "09:00", patient=cls.patient))
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
        cls.make(
            "clinic.visit.profile",
            patient_id=cls.patient.id,
            specialist_id=cls.specialist.id,
            service_id=cls.service.id,
            duration=40,
            # Before the one that the first visit opens where prices are kept.
            date_from="2020-01-01",
            date_to="2020-12-31",
        )
        cls.make(
            "clinic.patient.relation",
            patient_id=cls.patient.id,
            related_id=cls.other_patient.id,
            kind="mother",
        )
        span = {
            "start": cls.at(MONDAY, "11:00"),
            "stop": cls.at(MONDAY, "12:00"),
        }
        cls.make("clinic.room.closure", room_id=cls.room.id, reason="Repair", **span)
        cls.make("calendar.event", name="Meeting", **span)
        cls.make(
            "resource.calendar.leaves",
            resource_id=cls.specialist.resource_id.id,
            date_from=span["start"],
            date_to=span["stop"],
        )
        cls.chief = new_test_user(
            cls.env,
            "far_years",
            groups=",".join(
                f"clinic_base.group_{role}"
                for role in ("registrar_chief", "clinic_manager", "clinic_admin")
            ),
        )
        cls.env.flush_all()

    @classmethod
    def make(cls, model, **vals):
        return cls.env[model].create(vals)

    def find_dates(self):
        """(records, field) of every date that a row of the schedule keeps."""
        for name in sorted(self.env.registry):
            model = self.env[name]
            if not (is_clinics(model) or name in OURS_AND_ODOOS):
                continue
            if model._abstract or model._transient or model._table_query:
                continue
            if record := model.search([], limit=1):
                for field in model._fields.values():
                    if field.type in ("date", "datetime") and field.store:
                        yield record, field

    @mute_logger("odoo.sql_db")
    def test_every_date_of_every_row_answers_in_words(self):
        faults, kinds = set(), set()
        for record, field in self.find_dates():
            kinds.add(record._name)
            for value in DAYS if field.type == "date" else TIMES:
                for user in (self.chief, self.env.user):
                    fault = self.change(record.with_user(user), field.name, value)
                    faults |= {fault} - {None}
        self.assertFalse(faults, "\n".join(sorted(faults)))
        self.assertLessEqual(
            OURS_AND_ODOOS
            | {
                "clinic.appointment.series",
                "clinic.patient.relation",
                "clinic.room.closure",
                "clinic.shift",
                "clinic.visit.profile",
            },
            kinds,
        )

    def change(self, record, name, value):
        """What a client meets that is neither an answer nor a refusal."""
        try:
            with self.env.cr.savepoint() as undo:
                call_kw(record.browse(), "write", [record.ids, {name: value}], {})
                self.env.flush_all()
                record.invalidate_recordset()
                call_kw(record.browse(), "read", [record.ids, [name]], {})
                undo.rollback()
        except (UserError, IntegrityError):
            return None
        except Exception as error:
            if not is_impossible(error):
                return f"{record._name}.{name} {value}: {error!r:.120}"
        return None
