from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import ROLES, ClinicCommon

FORGED = ({}, {"clinic_engine": True}, {"clinic_engine": "<object object>"})


@tagged("post_install", "-at_install")
class TestEngineFields(ClinicCommon):
    """What has a rule behind it is written by actions, in every addon."""

    def get_models(self):
        mixin = type(self.env["clinic.engine.mixin"])._as_engine
        return [
            model
            for model in self.env.values()
            if not model._abstract and getattr(type(model), "_as_engine", None) is mixin
        ]

    def test_no_role_writes_a_field_of_the_engine(self):
        for model in self.get_models():
            fields = model._get_engine_fields()
            self.assertTrue(fields <= model._fields.keys(), model)
            for role in ("system", *ROLES, "portal"):
                for context in FORGED:
                    records = model.with_user(self.get_user(role))
                    records = records.with_context(**context)
                    for name in fields:
                        with (
                            self.subTest(model=model, role=role, field=name),
                            self.assertRaises(UserError),
                        ):
                            records.write({name: False})

    def test_no_role_begins_a_row_with_a_field_of_the_engine(self):
        """Neither as a value nor as a default from the caller's context."""
        for model in self.get_models():
            own = model._get_engine_fields() - model._get_creation_fields()
            for role in ("system", *ROLES):
                records = model.with_user(self.get_user(role))
                for name in own:
                    by_default = records.with_context(**{f"default_{name}": 1})
                    with self.subTest(model=model, role=role, field=name):
                        with self.assertRaises(UserError):
                            records.create({name: 1})
                        with self.assertRaises(UserError):
                            by_default.create({})

    def test_no_role_creates_or_copies_what_only_actions_make(self):
        for model in self.get_models():
            if not model._created_by_engine:
                continue
            for role in ("system", *ROLES, "portal"):
                for context in FORGED:
                    records = model.with_user(self.get_user(role))
                    records = records.with_context(**context)
                    with self.subTest(model=model, role=role):
                        with self.assertRaises(UserError):
                            records.create({})
                        with self.assertRaises(UserError):
                            records.copy()
