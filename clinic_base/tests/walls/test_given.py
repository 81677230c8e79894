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

    def test_nor_one_for_a_row_below_it(self):
        cards = self.env["clinic.patient"].with_user(self.get_user("registrar"))
        cards = cards.with_context(default_verified_on="2020-01-01 00:00:00")
        rows = [Command.create({"number_e164": "+79120000001"})]
        card = self.call(cards, "create", [{**self.card_values(), "phone_ids": rows}])
        self.assertTrue(card.phone_ids)
        self.assertFalse(card.phone_ids.verified_on)

    def test_nor_one_that_a_file_is_loaded_with(self):
        load = self.env["base_import.import"].with_user(self.get_user("registrar"))
        load = load.with_context(default_verified_on="2020-01-01 00:00:00")
        card = self.make_patient()
        file = load.create(
            {
                "res_model": "clinic.patient.phone",
                "file": f"patient_id/.id,number_e164\n{card.id},+79120000002".encode(),
                "file_type": "text/csv",
                "file_name": "x.csv",
            }
        )
        columns = ["patient_id/.id", "number_e164"]
        options = {"quoting": '"', "separator": ",", "has_headers": True}
        self.call(file, "execute_import", columns, columns, options)
        phone = card.phone_ids.filtered(lambda one: one.number_e164[-1] == "2")
        self.assertTrue(phone)
        self.assertFalse(phone.verified_on)

    def test_no_letter_brings_it(self):
        """The doors by which Odoo's mail gateway makes and changes records."""
        threads = [
            (model, name)
            for model, name in self.get_own()
            if hasattr(model, "message_new")
        ]
        self.assertTrue(threads)
        for model, name in threads:
            records = model.with_user(self.get_user("owner"))
            for method, *args in (
                ("message_new", {}, {name: False}),
                ("message_update", {}, {name: False}),
            ):
                with self.subTest(model=model, field=name, method=method):
                    with self.assertRaises(AccessError):
                        self.call(records, method, *args)
            alias = {
                "alias_model_id": self.env["ir.model"]._get_id(model._name),
                "alias_defaults": str({name: 1}),
            }
            with self.subTest(model=model, field=name, method="alias"):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    self.env["mail.alias"].create(alias)

    def test_the_editor_of_the_site_saves_none(self):
        relation = self.env["clinic.patient.relation"].create(
            {
                "patient_id": self.make_patient().id,
                "related_id": self.make_patient().id,
                "kind": "mother",
            }
        )
        views = self.env.ref("web.layout").with_user(self.get_user("registrar"))
        saved = (
            '<span data-oe-model="clinic.patient.relation" data-oe-type="date"'
            f' data-oe-id="{relation.id}" data-oe-field="see_ends_on">2099-01-01</span>'
        )
        with self.assertRaisesRegex(AccessError, "not set by hand"):
            self.call(views, "save", saved)

    def test_nor_with_a_record_that_holds_another(self):
        """A card is written with the contact that it delegates to."""
        own = {
            name
            for name, field in self.env["clinic.patient"]._fields.items()
            if field.inherited and is_programs(self.env["clinic.patient"], field)
        }
        users = self.env["res.users"].with_user(self.get_user("system"))
        own |= {
            name
            for name, field in users._fields.items()
            if field.inherited and is_programs(users, field)
        }
        for name in own & users._fields.keys():
            with self.subTest(field=name), self.assertRaises(AccessError):
                self.call(users, "create", [{"name": "x", "login": "x", name: False}])

    def test_what_people_fill_in_is_stored_as_before(self):
        card = self.make_patient().with_user(self.get_user("registrar"))
        self.call(card, "write", {"name": "Тихонова Вера Ильинична"})
        self.assertEqual(card.name, "Тихонова Вера Ильинична")

    def test_nobody_moves_a_row_out_of_the_own_companies(self):
        branch = self.env["clinic.branch"].create({"name": "Branch"})
        other = self.env["res.company"].create({"name": "Other clinic"})
        department = self.env["clinic.department"].create(
            {
                "name": "Department",
                "branch_id": self.env["clinic.branch"]
                .create({"name": "Ours", "company_id": branch.company_id.id})
                .id,
            }
        )
        theirs = self.env["clinic.branch"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        manager = self.get_user("clinic_manager")
        for records, vals in (
            (branch, {"company_id": other.id}),
            (department, {"branch_id": theirs.id}),
        ):
            with self.subTest(model=records._name):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    records.with_user(manager).write(vals)
                    self.env.flush_all()
        manager.company_ids |= other
        department.with_user(manager).branch_id = theirs
