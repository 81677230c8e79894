from odoo.exceptions import AccessDenied, AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import ClinicCommon


@tagged("post_install", "-at_install")
class TestDialogs(ClinicCommon):
    """What somebody has open in a dialog is nobody else's."""

    def get_dialogs(self):
        for name, model in sorted(self.env.items()):
            if name.startswith("clinic.") and model._transient and not model._abstract:
                yield model

    def test_every_dialog_is_read_by_its_maker_alone(self):
        other = self.get_user("registrar_chief")
        for model in self.get_dialogs():
            domain = self.env["ir.rule"].with_user(other)._compute_domain(model._name)
            with self.subTest(model=model):
                makers = [
                    one.value
                    for one in domain.iter_conditions()
                    if one.field_expr == "create_uid"
                ]
                self.assertTrue(makers)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.sql_db")
    def test_a_dialog_of_a_colleague_is_refused(self):
        """Those that open without a value of anybody's."""
        tried = 0
        for model in self.get_dialogs():
            try:
                with self.env.cr.savepoint():
                    dialog = model.with_user(self.get_user("owner")).create({})
                    self.env.flush_all()
            except Exception:  # It wants values, or is not this role's.
                continue
            colleague = dialog.with_user(self.get_user("finance_manager"))
            tried += 1
            with self.subTest(model=model), self.assertRaises(AccessError):
                colleague.read(["display_name"])
        self.assertGreater(tried, 0)

    def test_a_dialog_that_is_made_names_nothing_closed_to_its_maker(self):
        other = self.env["res.company"].create({"name": "Other clinic"})
        branch = self.env["clinic.branch"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        branch.flush_recordset()
        dialogs = [
            (model, name)
            for model in self.get_dialogs()
            for name, field in model._fields.items()
            if field.type == "many2one"
            and field.comodel_name == "clinic.branch"
            and field.store
            and not field.compute
        ]
        self.assertTrue(dialogs)
        for model, name in dialogs:
            with self.subTest(model=model, field=name):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    dialogs = model.with_user(self.get_user("owner"))
                    dialogs.new({name: branch.id})._validate_fields(iter([name]))

    def test_a_login_that_is_no_text_is_no_login(self):
        users = self.env["res.users"]
        for login in (["admin"], {"x": 1}, 7, None, True):
            with self.subTest(login=login), self.assertRaises(AccessDenied):
                users._login({"type": "password", "login": login, "password": "x"}, {})
