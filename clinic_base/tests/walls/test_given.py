from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import tagged

from ...tools.given import is_programs
from ..common import ROLES, ClinicCommon


@tagged("post_install", "-at_install")
class TestGiven(ClinicCommon):
    """What is computed, or written by actions, is given by nobody from outside."""

    def call(self, records, method, *args):
        return get_public_method(records, method)(records, *args)

    def get_own(self):
        """Each field that the program alone writes, with its model."""
        for model in self.env.values():
            if not model._abstract and not model._transient:
                for name, field in model._fields.items():
                    if is_programs(model, field):
                        yield model, name

    def test_no_field_of_the_programs_own_is_written_from_outside(self):
        seen = 0
        owner = self.get_user("owner")
        for model, name in self.get_own():
            records = model.with_user(owner)
            calls = (
                ("write", {name: False}),
                ("web_save", {name: False}, {}),
                ("create", [{name: False}]),
                ("web_resequence", {}, name),
            )
            for method, *args in calls:
                with self.subTest(model=model, field=name, method=method):
                    with self.assertRaises(UserError):
                        self.call(records, method, *args)
            seen += 1
        self.assertGreater(seen, 10)

    def test_no_role_gives_back_the_rights_that_a_child_has_ended(self):
        mother, child = self.make_patient(), self.make_patient()
        relation = self.env["clinic.patient.relation"].create(
            {"patient_id": child.id, "related_id": mother.id, "kind": "mother"}
        )
        forged = {"see_ends_on": False}
        for role in ("system", *ROLES):
            as_role = relation.with_user(self.get_user(role))
            card = child.with_user(self.get_user(role))
            below = {"relation_ids": [Command.update(relation.id, forged)]}
            new = {
                "patient_id": child.id,
                "related_id": mother.id,
                "kind": "mother",
                **forged,
            }
            for records, method, *args in (
                (as_role, "write", forged),
                (as_role, "web_save_multi", [forged], {}),
                (as_role, "create", new),
                (as_role, "copy", forged),
                (card, "write", below),
                (card, "create", [{**self.card_values(), **below}]),
            ):
                with self.subTest(role=role, method=method):
                    with self.assertRaises(AccessError):
                        self.call(records, method, *args)

    def card_values(self):
        return {"name": "Тихонова Вера", "birthdate": "1990-02-03", "sex": "female"}

    def test_a_file_brings_nothing_that_the_program_alone_writes(self):
        relations = self.env["clinic.patient.relation"]
        relations = relations.with_user(self.get_user("registrar"))
        with self.assertRaises(AccessError):
            relations.load(["kind", "see_ends_on"], [["mother", "2099-01-01"]])
        cards = self.env["clinic.patient"].with_user(self.get_user("registrar"))
        with self.assertRaises(AccessError):
            cards.load(["name", "relation_ids/see_ends_on"], [["x", "2099-01-01"]])

    def test_no_action_and_no_default_of_the_database_writes_it(self):
        relations = self.env["ir.model"]._get("clinic.patient.relation")
        system = self.env["ir.actions.server"].with_user(self.get_user("system"))
        update = {
            "name": "Update",
            "model_id": relations.id,
            "state": "object_write",
            "evaluation_type": "value",
        }
        with self.assertRaises(AccessError):
            system.create({**update, "update_path": "see_ends_on", "value": ""})
        allowed = system.create({**update, "update_path": "date_to", "value": "x"})
        with self.assertRaises(AccessError):
            allowed.update_path = "act_ends_on"
        # Past the check, by whoever has the database.
        field = relations.field_id.filtered(lambda one: one.name == "see_ends_on")
        self.env.cr.execute(
            "UPDATE ir_act_server SET update_field_id = %s WHERE id = %s",
            [field.id, allowed.id],
        )
        self.env.invalidate_all()
        relation = self.env["clinic.patient.relation"].create(
            {
                "patient_id": self.make_patient().id,
                "related_id": self.make_patient().id,
                "kind": "mother",
            }
        )
        pressed = allowed.with_user(self.get_user("registrar")).sudo()
        pressed = pressed.with_context(
            active_model=relation._name,
            active_ids=relation.ids,
            active_id=relation.id,
        )
        with self.assertRaisesRegex(AccessError, "not set by hand"):
            pressed.run()
        defaults = self.env["ir.default"].with_user(self.get_user("system"))
        with self.assertRaises(AccessError):
            defaults.set("clinic.patient.relation", "see_ends_on", "2099-01-01")
        defaults.set("clinic.patient.relation", "may_book", True)

    def test_a_default_for_it_that_comes_along_is_left_out(self):
        cards = self.env["clinic.patient"].with_user(self.get_user("registrar"))
        cards = cards.with_context(default_search_name="forged")
        number = self.call(cards, "create", [self.card_values()])
        self.assertNotIn("forged", number.search_name)

    def test_what_people_fill_in_is_stored_as_before(self):
        card = self.make_patient().with_user(self.get_user("registrar"))
        self.call(card, "write", {"name": "Тихонова Вера Ильинична"})
        self.assertEqual(card.name, "Тихонова Вера Ильинична")
