from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import EncounterCommon


@tagged("-at_install", "post_install")
class TestTemplate(EncounterCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.make_template(cls.env(user=cls.chief.id))

    def begin(self):
        encounter = self.open_encounter()
        encounter.template_id = self.template
        return encounter

    def keys(self, encounter):
        return [f["key"] for f in encounter.definition["sections"][0]["fields"]]

    def test_only_the_chief_designs(self):
        for user in (self.medic, self.registrar):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
                self.template.with_user(user).name = "x"
            with self.assertRaises(AccessError):
                self.template.with_user(user).action_publish()
        with self.assertRaises(AccessError):
            self.template.with_user(self.registrar).read(["name"])

    def test_the_sheet_shows_itself_while_it_is_designed(self):
        form = Form(self.template.with_env(self.env(user=self.chief.id)))
        before = len(form.definition["sections"][0]["fields"])
        with form.line_ids.new() as line:
            line.kind = "text"
            line.name = "Заметка"
        fields = form.definition["sections"][0]["fields"]
        self.assertEqual(len(fields), before + 1)
        self.assertEqual(fields[-1]["label"], "Заметка")
        form.save()

    def test_an_encounter_keeps_the_version_it_was_begun_with(self):
        encounter = self.begin()
        first = encounter.template_version_id
        self.template.line_ids[1].name = "Иначе"
        self.assertTrue(self.template.has_changes)
        self.template.action_publish()
        self.assertEqual(self.template.version_id.number, 2)
        self.env.flush_all()
        encounter.invalidate_recordset()
        self.assertEqual(encounter.template_version_id, first)
        self.assertNotIn("Иначе", str(encounter.definition))

    def test_publishing_twice_makes_one_version_and_a_version_never_changes(self):
        self.template.action_publish()
        self.assertEqual(len(self.template.version_ids), 1)
        with self.assertRaises(AccessError):
            self.template.version_id.sudo().definition = {}

    def test_a_field_that_cannot_be_answered_is_not_published(self):
        self.template.line_ids = [
            Command.create({"kind": "choice", "name": "Пусто", "sequence": 90})
        ]
        with self.assertRaisesRegex(UserError, "Пусто"):
            self.template.action_publish()

    def test_the_specialty_offers_its_template(self):
        specialty = self.env["clinic.specialty"].create({"name": "X", "code": "x"})
        self.specialist.specialty_ids = specialty
        self.template.specialty_ids = specialty
        self.assertEqual(self.open_encounter().template_id, self.template)

    def test_answers_lie_sealed_and_are_read_by_medical_staff_alone(self):
        encounter = self.begin()
        note = self.keys(encounter)[-2]
        encounter.answers = {note: "Тайна"}
        encounter.flush_recordset()
        self.env.cr.execute(
            "SELECT answers FROM clinic_encounter WHERE id = %s", [encounter.id]
        )
        self.assertNotIn("Тайна".encode(), bytes(self.env.cr.fetchone()[0]))
        encounter.invalidate_recordset()
        self.assertEqual(encounter.answers, {note: "Тайна"})
        for user in (self.registrar, self.create_user("sys", "group_clinic_admin")):
            with self.assertRaises(AccessError):
                encounter.with_user(user).read(["answers"])
            with self.assertRaises(AccessError):
                encounter.with_user(user).sudo().answers  # noqa: B018

    def test_a_wrong_answer_is_refused_by_name_and_the_rest_stays(self):
        encounter = self.begin()
        choice, scale = self.keys(encounter)[:2]
        encounter.answers = {scale: 3}
        with self.assertRaisesRegex(UserError, "Настроение"), self.env.cr.savepoint():
            encounter.answers = {choice: "o0"}
        encounter.invalidate_recordset()
        self.assertEqual(encounter.answers, {scale: 3})

    def test_signing_wants_required_answers_and_hashes_them(self):
        encounter = self.fill(self.begin())
        choice, scale, note, _sum = self.keys(encounter)
        with self.assertRaisesRegex(UserError, "Настроение"):
            encounter.action_sign()
        option = encounter.definition["sections"][0]["fields"][0]["options"][1]
        encounter.answers = {choice: option["key"], scale: 4, note: "x", "old": "y"}
        before = encounter._get_content_hash()
        encounter.answers = {**encounter.answers, scale: 5}
        self.assertNotEqual(encounter._get_content_hash(), before)
        encounter.action_sign()
        self.assertNotIn("old", encounter.answers)
        self.assertEqual(encounter.content_hash, encounter._get_content_hash())
        for vals in ({"answers": {}}, {"template_id": False}, {"vitals": {}}):
            with self.assertRaisesRegex(UserError, "amendment"):
                encounter.write(vals)

    def test_a_complete_score_is_followed_over_time(self):
        encounter = self.fill(self.begin())
        choice, scale = self.keys(encounter)[:2]
        option = encounter.definition["sections"][0]["fields"][0]["options"][1]
        encounter.answers = {choice: option["key"], scale: 4}
        self.assertFalse(encounter.observation_ids)
        encounter.action_sign()
        observation = encounter.observation_ids
        self.assertEqual(observation.type_id.code, "phq9")
        self.assertEqual((observation.value, observation.status), (6, "final"))
        self.assertEqual(observation.source, "template")
        self.assertEqual(encounter.content_hash, encounter._get_content_hash())

    def test_answers_are_printed_with_their_score(self):
        encounter = self.fill(self.begin())
        choice, scale = self.keys(encounter)[:2]
        option = encounter.definition["sections"][0]["fields"][0]["options"][1]
        encounter.write(
            {"answers": {choice: option["key"], scale: 4}, "vitals": {"pulse": 130}}
        )
        html, _kind = encounter.env["ir.actions.report"]._render_qweb_html(
            "clinic_emr.report_encounter", encounter.ids
        )
        text = html.decode()
        for piece in ("Настроение", "часто", "умеренно", "130", "↑"):
            self.assertIn(piece, text)
