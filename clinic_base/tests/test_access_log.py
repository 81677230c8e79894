from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import BaseCase, HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.clinic_base.tools.access_trail import AccessTrail, TrailKey

from .common import MedicalTesterMixin, make_role_user


@tagged("post_install", "-at_install")
class TestAccessLog(MedicalTesterMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.doctor = make_role_user(cls.env, "medical", password="clinic_medical")
        cls.system = make_role_user(cls.env, "system", password="clinic_system")
        cls.patient = cls.env["clinic.patient"].create({"name": "Иванова Мария"})
        cls.note = cls.tester.create(
            {"patient_id": cls.patient.id, "complaint": "Боль", "code": "F51"}
        )
        cls.env.flush_all()
        cls.log = cls.env["clinic.access.log"]

    def setUp(self):
        super().setUp()
        self.start = self.log.search([], limit=1).id or 0

    def call(self, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/clinic.medical.tester/{method}",
            {
                "model": "clinic.medical.tester",
                "method": method,
                "args": list(args),
                "kwargs": kwargs,
            },
        )

    def new_rows(self):
        self.env.invalidate_all()
        return self.log.search([("id", ">", self.start)], order="id")

    def test_a_reading_is_logged_before_the_answer(self):
        self.authenticate("clinic_medical", "clinic_medical")
        answer = self.call("web_read", self.note.ids, specification={"complaint": {}})
        self.assertEqual(answer[0]["complaint"], "Боль")
        row = self.new_rows()
        self.assertEqual(len(row), 1)
        self.assertEqual((row.login, row.user_id), ("clinic_medical", self.doctor))
        self.assertEqual((row.model, row.operation), (self.note._name, "read"))
        self.assertEqual(row.record_ids, self.note.ids)
        self.assertEqual(row.patient_id, self.patient)
        self.assertTrue(row.path.startswith("/web/dataset/call_kw"))
        self.assertTrue(row.remote_addr)

    def test_one_row_per_request_and_model(self):
        notes = self.tester.create([{"code": str(i)} for i in range(30)])
        self.env.flush_all()
        self.authenticate("clinic_medical", "clinic_medical")
        self.call("search_read", [["id", "in", notes.ids]], ["code", "complaint"])
        row = self.new_rows()
        self.assertEqual(row.record_ids, sorted(notes.ids))

    def test_writing_is_logged(self):
        self.authenticate("clinic_medical", "clinic_medical")
        (created,) = self.call("create", [{"complaint": "Кашель"}])
        self.call("write", [created], {"code": "J00"})
        operations = [(row.operation, row.record_ids) for row in self.new_rows()]
        self.assertIn(("create", [created]), operations)
        self.assertIn(("write", [created]), operations)

    def test_what_cannot_be_logged_is_not_answered(self):
        self.authenticate("clinic_medical", "clinic_medical")
        with (
            patch.object(
                self.registry["clinic.access.log"],
                "_append",
                side_effect=OSError("full"),
            ),
            mute_logger("odoo.http"),
            self.assertRaises(Exception) as caught,
        ):
            self.call("read", self.note.ids, ["complaint"])
        self.assertNotIn("Боль", str(caught.exception))

    @mute_logger("odoo.http")
    def test_a_login_without_the_role_reads_nothing_under_sudo(self):
        """An action written by an administrator, run in their own request."""
        action = self.env["ir.actions.server"].create(
            {
                "name": "Steal",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "code",
                "code": "note = env['clinic.medical.tester'].sudo()"
                f".browse({self.note.id})\nraise UserError(note.code)",
            }
        )
        self.env.flush_all()
        self.authenticate("clinic_system", "clinic_system")
        with self.assertRaises(Exception) as caught:
            self.make_jsonrpc_request(
                "/web/action/run", {"action_id": action.id, "context": {}}
            )
        self.assertNotIn("F51", str(caught.exception))
        self.assertIn("AccessError", str(caught.exception))

    @mute_logger("odoo.http")
    def test_a_field_made_by_an_administrator_shows_nothing(self):
        """A manual field that follows a medical record is read under sudo."""
        self.env["ir.model.fields"].create(
            {
                "name": "x_code",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "ttype": "char",
                "store": False,
                "compute": "for r in self:\n"
                "  r['x_code'] = r.env['clinic.medical.tester'].sudo()"
                f".browse({self.note.id}).code",
            }
        )
        self.authenticate("clinic_system", "clinic_system")
        with self.assertRaises(Exception) as caught:
            self.make_jsonrpc_request(
                "/web/dataset/call_kw/res.partner/read",
                {
                    "model": "res.partner",
                    "method": "read",
                    "args": [self.system.partner_id.ids, ["x_code"]],
                    "kwargs": {},
                },
            )
        self.assertIn("AccessError", str(caught.exception))

    @mute_logger("odoo.http")
    def test_a_login_without_the_role_is_refused_whatever_its_access_rows(self):
        self.authenticate("clinic_system", "clinic_system")
        for method, args in (
            ("read", (self.note.ids, ["code"])),
            ("search_count", ([],)),
            ("search", ([["code", "=", "F51"]],)),
            ("name_search", (str(self.note.id),)),
        ):
            with self.assertRaises(Exception) as caught:
                self.call(method, *args)
            self.assertIn("AccessError", str(caught.exception), method)

    def test_the_log_is_never_changed(self):
        self.authenticate("clinic_medical", "clinic_medical")
        self.call("read", self.note.ids, ["code"])
        row = self.new_rows().sudo()
        for change in (
            lambda: row.write({"login": "other"}),
            row.unlink,
            lambda: row.create({"model": "x"}),
        ):
            with self.assertRaises(AccessError):
                change()
        for statement in (
            "UPDATE clinic_access_log SET login = 'x'",
            "DELETE FROM clinic_access_log",
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(Exception, "never changed"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement)

    def test_a_change_by_sql_shows(self):
        self.authenticate("clinic_medical", "clinic_medical")
        for _i in range(3):
            self.call("read", self.note.ids, ["code"])
        rows = self.new_rows()
        self.assertFalse(self.log._find_broken_link(batch=2))
        self.env.cr.execute("ALTER TABLE clinic_access_log DISABLE TRIGGER USER")
        self.env.cr.execute(
            "UPDATE clinic_access_log SET login = 'other' WHERE id = %s", [rows[1].id]
        )
        self.assertEqual(self.log._find_broken_link(batch=2), rows[1].id)

    def test_only_the_chief_reads_the_log(self):
        chief = make_role_user(self.env, "medical_chief")
        self.log.with_user(chief).search([("patient_id", "=", self.patient.id)])
        self.log.with_user(chief).search([("user_id.login", "=", "x")])
        for user in (self.doctor, self.system):
            with self.assertRaises(AccessError):
                self.log.with_user(user).search([])

    def test_outside_a_request_the_trail_is_written_after_commit(self):
        self.note.invalidate_recordset()
        self.note.with_user(self.doctor).read(["code"])
        self.env.cr.postcommit.run()
        self.assertIn(self.note.ids, self.new_rows().mapped("record_ids"))


@tagged("post_install", "-at_install")
class TestAccessTrail(BaseCase):
    def test_a_second_run_of_the_request_adds_only_what_is_new(self):
        trail = AccessTrail()
        key = TrailKey("note", "read", None)
        trail.note(key, {1, 2}, {7})
        first = trail.take()
        trail.confirm(first)
        trail.note(key, {1, 2}, {7})
        self.assertFalse(trail.take())
        trail.note(key, {2, 3}, {7, 8})
        self.assertEqual(trail.take()[key].record_ids, {3})
