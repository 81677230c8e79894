from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import BaseCase, HttpCase, tagged
from odoo.tools import mute_logger

from ...tools.access_trail import AccessTrail, TrailKey
from ..common import MedicalTesterMixin, make_role_user, with_stored_code

RULES = "odoo.addons.base.models.ir_rule"
LOGGER = "odoo.addons.clinic_base.models.walls.clinic_access_log"


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
        self.start = self.log._renew_head()

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

    @with_stored_code()
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

    @with_stored_code()
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

    def test_a_row_added_by_sql_shows(self):
        """The hash is keyed: whoever writes the table cannot compute it."""
        self.authenticate("clinic_medical", "clinic_medical")
        self.call("read", self.note.ids, ["code"])
        self.env.cr.execute(
            """
            INSERT INTO clinic_access_log (date, model, operation, hash)
            SELECT now(), model, operation, encode(sha256(hash::bytea), 'hex')
              FROM clinic_access_log ORDER BY id DESC LIMIT 1 RETURNING id
            """
        )
        [row_id] = self.env.cr.fetchone()
        [fault] = self.log._find_faults()
        self.assertIn(str(row_id), fault)

    def keep_head(self):
        """What a commit does, after which the sealed file knows the last row."""
        row = self.log.search([], limit=1)
        self.log._keep_head(self.log._get_head_file(), row.id, row.hash, ())
        return row

    def test_a_cut_end_shows_even_after_later_rows(self):
        self.authenticate("clinic_medical", "clinic_medical")
        self.call("read", self.note.ids, ["code"])
        self.call("read", self.note.ids, ["code"])
        row = self.keep_head()
        self.assertFalse(self.log._find_faults())
        self.env.cr.execute("ALTER TABLE clinic_access_log DISABLE TRIGGER USER")
        self.env.cr.execute("DELETE FROM clinic_access_log WHERE id = %s", [row.id])
        self.env.invalidate_all()
        with mute_logger(LOGGER):
            self.assertIn(str(row.id), self.log._find_faults()[0])
            head = self.log._read_head(self.log._get_head_file())
            self.call("read", self.note.ids, ["code"])
            last = self.log.search([], limit=1)
            faults = self.log._find_cut(head, None)
        self.log._keep_head(self.log._get_head_file(), last.id, last.hash, faults)
        self.assertIn(str(row.id), self.log._find_faults()[0])

    def test_a_log_written_anew_as_a_whole_shows(self):
        self.authenticate("clinic_medical", "clinic_medical")
        self.call("read", self.note.ids, ["code"])
        row = self.keep_head()
        self.env.cr.execute("ALTER TABLE clinic_access_log DISABLE TRIGGER USER")
        self.env.cr.execute(
            "UPDATE clinic_access_log SET hash = repeat('0', 72) WHERE id = %s",
            [row.id],
        )
        with mute_logger(LOGGER):
            self.assertTrue(self.log._find_faults())

    def test_chiefs_and_administrators_hear_of_a_broken_log(self):
        chief = make_role_user(self.env, "medical_chief")
        messages = self.env["mail.message"]
        before = messages.search([], limit=1).id
        with (
            patch.object(type(self.log), "_find_faults", lambda _self: ["row 7"]),
            mute_logger(LOGGER),
        ):
            self.log._cron_check()
        told = messages.search([("id", ">", before)]).notified_partner_ids
        self.assertIn(chief.partner_id, told)
        self.assertIn(self.system.partner_id, told)
        self.assertNotIn(self.doctor.partner_id, told)

    def test_a_whole_log_alarms_nobody(self):
        self.authenticate("clinic_medical", "clinic_medical")
        self.call("read", self.note.ids, ["code"])
        self.keep_head()
        before = self.env["mail.message"].search_count([])
        self.log._cron_check()
        self.assertEqual(self.env["mail.message"].search_count([]), before)

    def test_after_renewal_by_the_servers_owner_the_log_counts_from_there(self):
        self.authenticate("clinic_medical", "clinic_medical")
        self.call("read", self.note.ids, ["code"])
        self.env.cr.execute("ALTER TABLE clinic_access_log DISABLE TRIGGER USER")
        self.env.cr.execute("UPDATE clinic_access_log SET login = 'other'")
        self.assertTrue(self.log._find_faults())
        self.log._renew_head()
        self.call("read", self.note.ids, ["code"])
        self.assertFalse(self.log._find_faults())

    def test_a_refused_look_is_logged_with_record_and_patient(self):
        # Outside a request: a test's request takes its own log back when it fails.
        for method, args in (
            ("read", [["code"]]),
            ("web_read", [{"code": {}}]),
            ("write", [{"code": "J00"}]),
        ):
            self.env.cr.postcommit.run()
            self.start = self.log._renew_head()
            with self.assertRaises(AccessError), mute_logger(RULES):
                getattr(self.note.with_user(self.system), method)(*args)
            self.env.cr.postcommit.run()
            row = self.new_rows()
            self.assertEqual(row.operation, "refused", method)
            self.assertEqual(row.record_ids, self.note.ids)
            self.assertEqual(row.patient_id, self.patient)

    def test_counting_names_whom_it_counted(self):
        self.authenticate("clinic_medical", "clinic_medical")
        self.call("formatted_read_group", [], ["code"], ["__count"])
        row = self.new_rows().filtered(lambda one: one.operation == "aggregate")
        self.assertIn(self.note.id, row.record_ids)
        self.assertIn(self.patient.id, row.patient_ids)

    def test_writing_names_the_patient(self):
        self.authenticate("clinic_medical", "clinic_medical")
        self.call("write", self.note.ids, {"code": "J00"})
        row = self.new_rows().filtered(lambda one: one.operation == "write")
        self.assertEqual(row.patient_id, self.patient)

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
