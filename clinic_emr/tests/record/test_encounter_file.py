import io
import re

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ...models.record.clinic_encounter_file import SIZE_LIMIT
from ..common import EncounterCommon

PDF = b"%PDF-1.7\n" + "Тайна".encode()


@tagged("-at_install", "post_install")
class TestEncounterFile(EncounterCommon, HttpCase):
    def store(self, encounter, content=PDF, name="Анализы Иванова.pdf"):
        return encounter.env["clinic.encounter.file"]._store(encounter, name, content)

    def test_a_file_lies_sealed_unindexed_under_a_neutral_name(self):
        file = self.store(self.open_encounter())
        blob = file.blob_id.sudo()
        self.assertNotIn("Тайна".encode(), blob.raw)
        self.assertNotIn(b"%PDF", blob.raw)
        self.assertEqual(blob.name, f"file-{file.id}")
        self.assertEqual(blob.mimetype, "application/octet-stream")
        self.assertNotIn("Тайна", blob.index_content or "")
        self.assertEqual(file._get_content(), PDF)
        self.assertEqual(file.title, "Анализы Иванова.pdf")

    def test_the_content_decides_and_not_the_name(self):
        encounter = self.open_encounter()
        for content in (
            b"<html><script>alert(1)</script>",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"MZ\x90\x00",
            b"",
        ):
            with (
                self.subTest(content=content),
                self.assertRaisesRegex(UserError, "PDF"),
            ):
                self.store(encounter, content, "снимок.jpg")
        self.assertFalse(encounter.file_ids)

    def test_a_blob_of_another_file_does_not_open(self):
        encounter = self.open_encounter()
        first, second = self.store(encounter), self.store(encounter, PDF + b"2")
        second.blob_id.sudo().raw = first.blob_id.sudo().raw
        with self.assertRaisesRegex(UserError, "backup"):
            second._get_content()

    def test_files_are_under_the_hash_and_closed_by_signing(self):
        encounter = self.fill(self.open_encounter())
        bare = encounter._get_content_hash()
        file = self.store(encounter)
        self.assertNotEqual(encounter._get_content_hash(), bare)
        encounter.action_sign()
        with self.assertRaisesRegex(UserError, "amendment"):
            self.store(encounter)
        with self.assertRaisesRegex(UserError, "amendment"):
            file.action_remove()

    def test_nobody_else_stores_or_reads(self):
        encounter = self.open_encounter()
        file = self.store(encounter)
        for user in (self.other_medic, self.registrar, self.env.ref("base.user_admin")):
            with mute_logger("odoo.addons.base.models.ir_rule"):
                with self.assertRaises(AccessError):
                    file.with_user(user)._get_content()
                with self.assertRaises(AccessError):
                    self.store(encounter.with_user(user))

    # === OVER HTTP === #

    def send(self, encounter, content, name="a.pdf"):
        return self.opener.post(
            f"{self.base_url()}/clinic/encounter/{encounter.id}/file",
            data={"csrf_token": self.csrf_token()},
            files={"file": (name, io.BytesIO(content))},
            timeout=60,
        )

    def sign_in(self, user):
        user.password = user.login
        self.env.flush_all()
        self.authenticate(user.login, user.login)

    def csrf_token(self):
        page = self.url_open("/odoo")
        return re.search(r'csrf_token: "([^"]+)"', page.text)[1]

    def test_a_file_is_sent_and_shown_so_that_nothing_runs(self):
        encounter = self.open_encounter()
        self.sign_in(self.medic)
        number = self.send(encounter, PDF).json()["id"]
        answer = self.url_open(f"/clinic/encounter/file/{number}")
        self.assertEqual(answer.content, PDF)
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("sandbox", answer.headers["Content-Security-Policy"])
        self.assertIn(f'"file-{number}.pdf"', answer.headers["Content-Disposition"])
        refused = self.send(encounter, b"<script>", "a.pdf").json()
        self.assertIn("PDF", refused["error"])

    @mute_logger("odoo.http")
    def test_a_file_that_is_too_large_is_refused(self):
        encounter = self.open_encounter()
        self.sign_in(self.medic)
        refused = self.send(encounter, PDF + bytes(SIZE_LIMIT))
        self.assertIn("20 MB", refused.json()["error"])
        whole = self.send(encounter, PDF + bytes(SIZE_LIMIT + 2**20))
        self.assertEqual(whole.status_code, 413)
        encounter.invalidate_recordset()
        self.assertFalse(encounter.file_ids)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_the_desk_gets_no_file(self):
        encounter = self.open_encounter()
        file = self.store(encounter)
        for user in (self.registrar, self.create_user("sys", "group_clinic_admin")):
            self.sign_in(user)
            answer = self.url_open(f"/clinic/encounter/file/{file.id}")
            self.assertGreaterEqual(answer.status_code, 400)
            self.assertNotIn("Тайна".encode(), answer.content)
            self.assertIn("error", self.send(encounter, PDF).text)
