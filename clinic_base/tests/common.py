"""Users of every role, and a medical model that exists in tests only."""

import os
import tempfile
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields, models
from odoo.orm.model_classes import add_to_registry
from odoo.tests import new_test_user
from odoo.tools import config

from odoo.addons.base.tests.common import BaseCommon
from odoo.addons.clinic_base.fields import EncryptedHtml, EncryptedJson, EncryptedText
from odoo.addons.clinic_base.tools.keyring import create_key_file

ROLES = {
    "registrar": "group_registrar",
    "registrar_chief": "group_registrar_chief",
    "call_center": "group_call_center",
    "medical": "group_medical",
    "medical_chief": "group_medical_chief",
    "cashier": "group_cashier",
    "accountant": "group_accountant",
    "finance_manager": "group_finance_manager",
    "clinic_manager": "group_clinic_manager",
    "owner": "group_owner",
    "clinic_admin": "group_clinic_admin",
    "booking_api": "group_booking_api",
}
NON_MEDICAL_ROLES = tuple(role for role in ROLES if not role.startswith("medical"))


def make_role_user(env, role, **values):
    """A user with one role of the suite, or plain, system, portal, public."""
    groups = {
        "plain": "base.group_user",
        "system": "base.group_user,base.group_system",
        "portal": "base.group_portal",
        "public": "base.group_public",
    }.get(role) or f"clinic_base.{ROLES[role]}"
    login = values.pop("login", f"clinic_{role}")
    return new_test_user(env, login=login, groups=groups, **values)


def with_stored_code(value="True"):
    """The switch in the server's configuration file, for a block or a test."""
    return patch.dict(config.options, {"clinic_stored_code": value})


class ClinicCommon(BaseCommon):
    """Base of the suite's tests: users are made when first asked for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._role_users = {}

    @contextmanager
    def frozen(self, moment):
        """Python's clock and the database's stand at ``moment`` (ISO, UTC)."""
        moment = datetime.fromisoformat(moment)
        with freeze_time(moment), patch.object(self.env.cr, "now", lambda: moment):
            self.env.invalidate_all()
            yield

    @classmethod
    def get_user(cls, role):
        user = cls._role_users.get(role)
        if not user or not user.exists():  # made in a test that was rolled back
            cls._role_users[role] = make_role_user(cls.env, role)
        return cls._role_users[role]

    @classmethod
    def make_patient(cls, name="Иванова Мария Петровна", **values):
        return cls.env["clinic.patient"].create({"name": name, **values})


def for_tests(model_class):
    """Keep ``model_class`` out of registries: tests add it when they need it.

    Some test runners import this file before they load the registry.
    """
    models.MetaModel._module_to_models__[model_class._module].remove(model_class)
    return model_class


@for_tests
class ClinicMedicalTester(models.Model):
    _name = "clinic.medical.tester"
    _description = "Medical tester"
    _inherit = ["clinic.medical.mixin"]
    _module = "clinic_base"

    patient_id = fields.Many2one("clinic.patient", ondelete="restrict")
    state = fields.Char()
    code = fields.Char()
    complaint = EncryptedText()
    conclusion = EncryptedHtml()
    answers = EncryptedJson()


class MedicalTesterMixin:
    """Adds ``clinic.medical.tester`` to the registry, and keys of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.key_path = Path(folder) / "clinic.keys"
        create_key_file(cls.key_path)
        cls.enterClassContext(
            patch.dict(os.environ, {"CLINIC_KEY_FILE": str(cls.key_path)})
        )
        # The log's sealed head of the database itself is of other keys.
        cls.enterClassContext(
            patch.object(
                cls.registry["clinic.access.log"],
                "_get_head_folder",
                lambda _self: cls.key_path.parent,
            )
        )
        add_to_registry(cls.registry, ClinicMedicalTester)
        cls.addClassCleanup(cls.registry.__delitem__, ClinicMedicalTester._name)
        cls.registry._setup_models__(cls.env.cr, [ClinicMedicalTester._name])
        cls.registry.init_models(
            cls.env.cr, [ClinicMedicalTester._name], {"models_to_check": True}
        )
        model_id = cls.env["ir.model"]._get_id(ClinicMedicalTester._name)
        # For everybody, so that what the tests see refused is refused by the mixin.
        cls.env["ir.model.access"].create(
            {
                "name": "tester",
                "model_id": model_id,
                "perm_read": True,
                "perm_write": True,
                "perm_create": True,
                "perm_unlink": True,
            }
        )
        cls.tester = cls.env[ClinicMedicalTester._name]
