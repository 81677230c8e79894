from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import ClinicCommon, make_role_user


@tagged("post_install", "-at_install")
class TestNothingIsDeleted(ClinicCommon):
    def business_models(self):
        return [
            model
            for name, model in self.env.items()
            if name.startswith("clinic.")
            and model._auto
            and not model._abstract
            and not model._transient
        ]

    def test_every_business_model_refuses_under_sudo_and_any_context(self):
        """Over the whole registry: a model added tomorrow is tried too."""
        context = {"force_delete": True, "_force_unlink": True, "install_mode": True}
        for model in self.business_models():
            if not self.is_kept(model):
                continue
            record = model.sudo().with_context(**context).browse(1)
            with self.subTest(model._name), self.assertRaises(UserError):
                record.unlink()

    def is_kept(self, model):
        return "clinic.archive.mixin" in model._inherit_module or hasattr(
            type(model), "archive_with_reason"
        )

    def test_no_cascade_reaches_them(self):
        """A foreign key that deletes would go round ``unlink``."""
        tables = [
            model._table for model in self.business_models() if self.is_kept(model)
        ]
        self.env.cr.execute(
            """
            SELECT conrelid::regclass::text, conname FROM pg_constraint
             WHERE contype = 'f' AND confdeltype = 'c'
               AND conrelid::regclass::text = ANY(%s)
            """,
            [tables],
        )
        self.assertFalse(self.env.cr.fetchall())

    def test_a_patients_contact_is_kept_by_the_database(self):
        partner = self.make_patient().partner_id
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            partner.unlink()
        self.assertTrue(partner.exists())


@tagged("post_install", "-at_install")
class TestNothingIsDeletedByRequest(HttpCase):
    @mute_logger("odoo.http")
    def test_deleting_over_rpc(self):
        patient = self.env["clinic.patient"].create({"name": "Иванова Мария"})
        branch = self.env["clinic.branch"].create({"name": "Филиал"})
        make_role_user(self.env, "clinic_manager", password="clinic_manager")
        self.env.flush_all()
        self.authenticate("clinic_clinic_manager", "clinic_manager")
        for record in (patient, branch):
            with self.assertRaises(Exception) as caught:
                self.make_jsonrpc_request(
                    f"/web/dataset/call_kw/{record._name}/unlink",
                    {
                        "model": record._name,
                        "method": "unlink",
                        "args": [record.ids],
                        "kwargs": {"context": {"_force_unlink": True}},
                    },
                )
            self.assertIn("odoo.exceptions", str(caught.exception))
            self.assertTrue(record.exists())
