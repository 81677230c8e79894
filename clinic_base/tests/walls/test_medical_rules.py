"""Who reads the medical record is not said by rules and access rows of a login."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import ClinicCommon, MedicalTesterMixin


@tagged("post_install", "-at_install")
class TestMedicalRules(MedicalTesterMixin, ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model = cls.env["ir.model"]._get(cls.tester._name)
        cls.other = cls.env["ir.model"]._get("res.partner")
        cls.admin = cls.get_user("system")

    def make_values(self, model, row):
        if row == "ir.rule":
            return {"name": "x", "model_id": model.id, "domain_force": "[(1, '=', 1)]"}
        return {"name": "x", "model_id": model.id, "perm_read": True}

    def test_an_administrator_changes_none_of_a_medical_model(self):
        for row in ("ir.rule", "ir.model.access"):
            rows = self.env[row].with_user(self.admin)
            kept = rows.sudo().create(self.make_values(self.model, row)).sudo(False)
            free = rows.create(self.make_values(self.other, row))
            free.write({"name": "y"})
            for change in (
                lambda rows=rows, row=row: rows.create(
                    self.make_values(self.model, row)
                ),
                lambda kept=kept: kept.write({"active": False}),
                lambda kept=kept: kept.write({"model_id": self.other.id}),
                lambda free=free: free.write({"model_id": self.model.id}),
                kept.unlink,
            ):
                with self.assertRaises(AccessError):
                    change()
            free.unlink()
