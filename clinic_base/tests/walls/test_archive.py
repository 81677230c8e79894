from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from ..common import ClinicCommon, make_role_user


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

    def make_service(self):
        return self.env["product.product"].create(
            {"name": "Консультация", "type": "service", "is_clinic_service": True}
        )

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

    def test_the_dialog_asks_why_and_the_archive_tells_it(self):
        registrar = self.get_user("registrar")
        patients = self.make_patient() | self.make_patient("Петров Пётр")
        patients = patients.with_user(registrar)
        with self.assertRaises(UserError):
            patients.action_archive()
        action = self.env.ref("clinic_base.clinic_archive_wizard_action")
        self.assertEqual(action.res_model, "clinic.archive.wizard")
        wizard = Form(
            self.env["clinic.archive.wizard"]
            .with_user(registrar)
            .with_context(
                default_res_model="clinic.patient", default_res_ids=patients.ids
            )
        )
        with self.assertRaises(AssertionError):
            wizard.save()
        wizard.reason = "двойники"
        wizard.save().action_archive()
        self.assertFalse(any(patients.mapped("active")))
        self.assertEqual(patients.archived_by_id, registrar)
        self.assertEqual(set(patients.mapped("archive_reason")), {"двойники"})
        patients.action_unarchive()
        self.assertFalse(patients[0].archived_on)

    def test_nothing_goes_to_the_archive_without_a_reason(self):
        manager = self.get_user("clinic_manager")
        branch = self.env["clinic.branch"].create({"name": "Филиал"})
        service = self.make_service()
        for record in (branch, service.product_tmpl_id):
            record = record.with_user(manager)
            for reason in (None, "", False):
                with self.assertRaises(UserError):
                    record.write({"active": False, "archive_reason": reason})
            record.write({"active": False, "archive_reason": "закрыт"})
            self.assertEqual(record.archived_by_id, manager)

    def test_who_may_not_write_hears_of_that_and_of_no_reason(self):
        branch = self.env["clinic.branch"].create({"name": "Far", "tz": "UTC"})
        with self.assertRaises(AccessError):
            branch.with_user(self.get_user("plain")).write({"active": False})

    def test_services_are_kept_with_their_variants(self):
        service = self.make_service()
        for record in (service, service.product_tmpl_id):
            with self.assertRaises(UserError):
                record.sudo().unlink()
        with self.assertRaises(UserError):
            service.sudo().write({"active": False})
        with self.assertRaises(UserError):
            service.sudo().action_archive()
        service.product_tmpl_id.archive_with_reason("больше не оказывается")
        self.assertFalse(service.active)
        service.product_tmpl_id.action_unarchive()
        self.assertTrue(service.product_tmpl_id.active)

    def test_other_goods_follow_odoo(self):
        goods = self.env["product.template"].create({"name": "Бумага"})
        goods.action_archive()
        self.assertFalse(goods.active)
        goods.unlink()
        self.assertFalse(goods.exists())

    def test_the_dialog_gives_no_rights(self):
        branch = self.env["clinic.branch"].create({"name": "Филиал"})
        Wizard = self.env["clinic.archive.wizard"].with_user(self.get_user("registrar"))
        for model, error in (("clinic.branch", AccessError), ("res.users", UserError)):
            values = {"res_model": model, "res_ids": branch.ids, "reason": "x"}
            with self.assertRaises(error):
                Wizard.create(values).action_archive()
        self.assertTrue(branch.active)

    def test_every_form_of_an_archived_record_tells_why(self):
        for model in self.business_models():
            view = self.env["ir.ui.view"].search(
                [("model", "=", model._name), ("type", "=", "form")], limit=1
            )
            if view and "archive_reason" in model._fields:
                with self.subTest(model._name):
                    arch = model.get_view(view.id, "form")["arch"]
                    self.assertIn("archive_reason", arch)

    def test_privacy_lookup_does_not_delete_a_patient(self):
        if "privacy.lookup.wizard" not in self.env:
            self.skipTest("the module privacy_lookup is not installed")
        patient = self.make_patient(email="maria@example.com")
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": "Иванова Мария", "email": "maria@example.com"}
        )
        wizard.action_lookup()
        kept = (patient, patient.partner_id)
        lines = wizard.line_ids.filtered(lambda line: line.resource_ref in kept)
        self.assertEqual(len(lines), 2)
        for line in lines:
            with self.assertRaises(UserError):
                line.action_unlink()
        self.assertTrue(all(record.exists() for record in kept))

    def test_a_patients_contact_is_kept_by_the_database(self):
        partner = self.make_patient().partner_id
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute("DELETE FROM res_partner WHERE id = %s", [partner.id])
        with self.assertRaises(UserError):
            partner.sudo().unlink()
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
