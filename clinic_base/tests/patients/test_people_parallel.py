import io

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..parallel import CommittedCase

ROWS = "ФИО;Дата рождения;Телефон\n" + "".join(
    f"Дваждыев Пётр {n};01.02.1990;8912345{n:04}\n" for n in range(40)
)


@tagged("-at_install", "post_install")
class TestTwoPeopleAtWork(CommittedCase):
    """Real transactions that merge, undo and import at the same moment."""

    tables = (
        "clinic_patient_import_reject",
        "clinic_patient_import",
        "clinic_patient_duplicate",
        "clinic_patient_merge",
        "clinic_consent",
        "clinic_patient_phone",
        "clinic_patient",
        "res_users",
        "res_partner",
    )

    @classmethod
    def create_data(cls, env):
        user = new_test_user(
            env, "race_chief", groups="clinic_base.group_registrar_chief"
        )
        cls.user_id = user.id

    def make_pair(self):
        """Ids of two cards, and of a consent on the second."""
        with self.open() as env:
            cards = env["clinic.patient"].create(
                [{"name": "Гонкина Анна"}, {"name": "Гонкина Анна И"}]
            )
            consent = env["clinic.consent"].create(
                {"patient_id": cards[1].id, "kind": "marketing", "version": "1"}
            )
            return *cards.ids, consent.id

    def as_chief(self, env):
        return api.Environment(env.cr, self.user_id, {})["clinic.patient.merge"]

    def merge(self, kept, merged):
        def call(env):
            merges = self.as_chief(env)
            cards = merges.env["clinic.patient"]
            return merges._merge(cards.browse(kept), cards.browse(merged)).id

        return call

    def sort(self, results):
        """(what was done, what was refused or is run again by the server)."""
        failed = [r for r in results if isinstance(r, Exception)]
        for error in failed:
            self.assertIsInstance(error, UserError | SerializationFailure)
        return [r for r in results if r not in failed], failed

    def test_two_cards_are_not_merged_into_each_other(self):
        one, other, _consent = self.make_pair()
        done, failed = self.sort(
            self.run_together([self.merge(one, other), self.merge(other, one)])
        )
        self.assertEqual((len(done), len(failed)), (1, 1))
        with self.open() as env:
            cards = env["clinic.patient"].browse([one, other])
            self.assertEqual(len(cards.filtered("active")), 1)
            self.assertEqual(len(cards.filtered("merged_into_id")), 1)

    def test_a_merge_is_undone_once(self):
        one, other, consent = self.make_pair()
        (merge_id,) = self.run_together([self.merge(one, other)])
        self.assertIsInstance(merge_id, int)

        def undo(env):
            self.as_chief(env).browse(merge_id).action_undo()
            return "undone"

        done, _failed = self.sort(self.run_together([undo, undo]))
        self.assertIn("undone", done)
        with self.open() as env:
            self.assertEqual(env["clinic.consent"].browse(consent).patient_id.id, other)
            self.assertTrue(env["clinic.patient"].browse(other).active)

    def test_two_imports_of_one_file_write_everybody_once(self):
        def load(env):
            with env["clinic.import.turn"]._hold("patients"):
                imports = env["clinic.patient.import"]
                run = imports.create({"name": "r.csv", "size": len(ROWS.encode())})
                run.state = "running"
                run._import_batch(io.BytesIO(ROWS.encode()))
                env.cr.commit()
                return run.created

        done, failed = self.sort(self.run_together([load, load]))
        # Whoever comes second waits for a turn of its own, and then knows everybody.
        with self.registry.cursor() as cr:
            again = load(api.Environment(cr, SUPERUSER_ID, {}))
        self.assertEqual(sum(done) + again, 40, failed)
        with self.open() as env:
            cards = env["clinic.patient"].search([("last_name", "=", "Дваждыев")])
            self.assertEqual(len(cards), 40)

    def test_the_screen_waits_while_the_command_line_imports(self):
        with self.open() as one, self.open() as other:
            with one["clinic.import.turn"]._hold("patients"):
                self.assertFalse(other["clinic.import.turn"]._take("patients"))
                self.assertTrue(other["clinic.import.turn"]._take("visits"))
            self.assertTrue(other["clinic.import.turn"]._take("patients"))
