import os
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...tools.authority import closed_to_medical, medical_job
from ...tools.keyring import append_key
from ..common import ClinicCommon, MedicalTesterMixin, with_stored_code

TEXT = "Жалобы на бессонницу"


@tagged("post_install", "-at_install")
class TestEncryptedFields(MedicalTesterMixin, ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.doctor = cls.get_user("medical")
        cls.note = cls.tester.with_user(cls.doctor).create(
            {
                "complaint": TEXT,
                "conclusion": f"<p>{TEXT}<script>alert(1)</script></p>",
                "answers": {"sleep": [1, "плохо"]},
            }
        )
        cls.env.flush_all()

    def fresh(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.note.with_user(user) if user else self.note

    def test_a_physician_reads_what_was_written(self):
        note = self.fresh()
        self.assertEqual(note.complaint, TEXT)
        self.assertEqual(note.conclusion, f"<p>{TEXT}</p>")
        self.assertEqual(note.answers, {"sleep": [1, "плохо"]})
        note.write({"complaint": "Сон лучше", "conclusion": False})
        self.assertEqual(self.fresh().complaint, "Сон лучше")
        self.assertFalse(note.conclusion)

    def test_many_at_once_keep_their_own_texts(self):
        notes = self.note.create([{"complaint": f"№ {i}"} for i in range(5)])
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(notes.mapped("complaint"), [f"№ {i}" for i in range(5)])
        notes.write({"complaint": "все"})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(set(notes.mapped("complaint")), {"все"})

    def test_the_column_holds_no_clear_text(self):
        self.env.cr.execute(
            "SELECT complaint, conclusion, answers FROM clinic_medical_tester"
            " WHERE id = %s",
            [self.note.id],
        )
        for value in self.env.cr.fetchone():
            self.assertNotIn("бессонниц".encode(), bytes(value))
            self.assertNotIn("плохо".encode(), bytes(value))

    def test_neither_superuser_nor_other_roles_read(self):
        users = [self.get_user(role) for role in ("registrar", "owner", "system")]
        for user in users:
            with self.assertRaises(AccessError):
                self.fresh(user).read(["complaint"])
            with self.assertRaises(AccessError):
                self.fresh(user).sudo().read(["complaint"])
        with self.assertRaises(AccessError):
            self.fresh().sudo().complaint  # noqa: B018

    def test_cached_text_is_not_read_by_the_next_user(self):
        self.assertEqual(self.note.complaint, TEXT)
        with self.assertRaises(AccessError):
            self.note.sudo().complaint  # noqa: B018

    def test_anybody_may_write_without_reading(self):
        public = self.env.ref("base.public_user")
        answer = self.tester.with_user(public).sudo().create({"complaint": "Боль"})
        with self.assertRaises(AccessError):
            self.assertTrue(answer.complaint)
        self.assertEqual(answer.with_user(self.doctor).complaint, "Боль")

    def test_a_named_job_reads_and_code_from_the_database_does_not(self):
        with medical_job("screening score"):
            self.assertEqual(self.fresh().sudo().complaint, TEXT)
        with closed_to_medical(), self.assertRaises(AccessError):
            self.fresh().complaint  # noqa: B018
        with closed_to_medical(), self.assertRaises(AccessError):
            self.fresh().sudo().code  # noqa: B018

    @with_stored_code()
    def test_server_actions_and_templates_see_nothing(self):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Steal",
                "model_id": self.env["ir.model"]._get_id("clinic.medical.tester"),
                "state": "code",
                "code": "record.write({'state': record.complaint})",
            }
        )
        with self.assertRaises(AccessError):
            action.with_context(
                active_model=self.note._name, active_id=self.note.id
            ).run()
        render = self.env["mail.render.mixin"]._render_template
        with self.assertRaises(UserError):
            render("{{ object.complaint }}", self.note._name, self.note.ids)

    def test_no_oracle(self):
        note = self.fresh()
        for question in (
            lambda: note.search([("complaint", "ilike", "бессон")]),
            lambda: note.search([("complaint", "=", False)]),
            lambda: note.search([], order="complaint"),
            lambda: note.formatted_read_group([], ["complaint"], ["__count"]),
            lambda: note.formatted_read_group([], [], ["complaint:count_distinct"]),
            lambda: note.filtered_domain([("complaint", "ilike", "бессон")]),
        ):
            with self.assertRaises(UserError):
                question()
        described = note.fields_get(["complaint"])["complaint"]
        self.assertFalse(described["searchable"] or described["sortable"])
        self.assertFalse(described["groupable"] or described["exportable"])

    def test_a_value_moved_in_sql_does_not_open(self):
        other = self.note.create({"complaint": "чужое"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE clinic_medical_tester SET complaint ="
            " (SELECT complaint FROM clinic_medical_tester WHERE id = %s)"
            " WHERE id = %s",
            [other.id, self.note.id],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "outside the program"):
            self.assertTrue(self.note.complaint)

    def test_copies_carry_no_text(self):
        self.assertFalse(self.fresh().copy().complaint)

    def test_a_missing_key_is_said_and_nothing_is_lost(self):
        with patch.dict(os.environ, {"CLINIC_KEY_FILE": "/nowhere/keys"}):
            with self.assertRaisesRegex(UserError, "Nothing is lost"):
                self.fresh().complaint  # noqa: B018
            with self.assertRaisesRegex(UserError, "Nothing is lost"):
                self.note.create({"complaint": "x"})
        self.assertEqual(self.fresh().complaint, TEXT)

    def test_rotation_seals_anew_without_anyone_reading(self):
        append_key(self.key_path)
        self.env.flush_all()
        last_id, sealed = self.tester._rotate_keys()
        self.assertEqual((last_id, sealed), (0, 3))
        self.assertEqual(self.tester._rotate_keys()[1], 0)
        mixin = self.env["clinic.medical.mixin"]
        self.assertEqual(mixin._rotate_all_keys(commit=lambda: None), 0)
        self.key_path.write_text(self.key_path.read_text().splitlines()[-1])
        self.assertEqual(self.fresh().complaint, TEXT)

    def test_names_are_neutral(self):
        self.assertEqual(self.note.display_name, f"Medical tester {self.note.id}")
        self.assertFalse(self.note.name_search("бессон"))
        found = self.note.name_search(str(self.note.id))
        self.assertEqual(found, [(self.note.id, self.note.display_name)])

    def test_medical_records_are_kept(self):
        for note in (self.note, self.note.sudo()):
            with self.assertRaises(UserError):
                note.unlink()
