from pathlib import Path

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import ROLES, ClinicCommon

MATRIX = Path(__file__).resolve().parents[3] / "docs" / "roles.md"
LETTERS = {"read": "r", "write": "w", "create": "c", "unlink": "d"}
COLUMNS = ("plain", "system", *ROLES, "portal", "public")


def read_matrix(text):
    """Rights of the page's first table: model -> {role: letters}."""
    table = text[text.index("| Model |") :].split("\n\n")[0]
    header, _line, *body = (
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in table.splitlines()
    )
    return {
        row[0].strip("`"): dict(zip(header[1:], row[1:], strict=True)) for row in body
    }


@tagged("post_install", "-at_install")
class TestRoles(ClinicCommon):
    def get_rights(self):
        models = sorted(
            name
            for name, model in self.registry.items()
            if model._original_module == "clinic_base" and not model._abstract
        )
        return {
            model: {role: self.get_letters(model, role) for role in COLUMNS}
            for model in (*models, "res.partner", "product.template")
        }

    def get_letters(self, model, role):
        records = self.env[model].with_user(self.get_user(role))
        return (
            "".join(letter for op, letter in LETTERS.items() if records.has_access(op))
            or "–"
        )

    def test_the_page_tells_the_real_rights(self):
        rights = self.get_rights()
        documented = read_matrix(MATRIX.read_text())
        self.assertEqual(documented.keys(), rights.keys())
        for model, by_role in rights.items():
            with self.subTest(model):
                self.assertEqual(documented[model], by_role)

    def test_nobody_may_delete_what_is_the_clinics(self):
        for model, by_role in self.get_rights().items():
            if model.startswith("clinic."):
                self.assertFalse(
                    [r for r, rights in by_role.items() if "d" in rights], model
                )

    def test_menus_are_few_for_the_desk(self):
        root = self.env.ref("clinic_base.clinic_menu_root")
        Menu = self.env["ir.ui.menu"].with_user(self.get_user("registrar"))
        visible = Menu.browse(Menu._visible_menu_ids()) & root.child_id
        names = {menu.get_external_id()[menu.id] for menu in visible.sudo()}
        self.assertEqual(
            names, {"clinic_base.clinic_menu_desk", "clinic_base.clinic_menu_patients"}
        )

    def test_a_specialist_edits_their_own_profile_only(self):
        doctor = self.get_user("medical")
        own, other = self.env["clinic.specialist"].create(
            [{"name": "Own", "user_id": doctor.id}, {"name": "Other"}]
        )
        own.with_user(doctor).public_text = "20 лет опыта"
        with self.assertRaises(AccessError):
            other.with_user(doctor).public_text = "x"
        other.with_user(self.get_user("clinic_manager")).public_text = "y"

    def test_registrars_change_rooms_of_their_own_branches(self):
        registrar = self.get_user("registrar")
        here, there = self.env["clinic.branch"].create(
            [{"name": "Here"}, {"name": "There"}]
        )
        rooms = (
            self.env["clinic.room"]
            .create(
                [
                    {
                        "name": branch.name,
                        "department_id": self.env["clinic.department"]
                        .create({"name": "Therapy", "branch_id": branch.id})
                        .id,
                    }
                    for branch in (here, there)
                ]
            )
            .with_user(registrar)
        )
        rooms.action_set_cleaning()
        registrar.clinic_branch_ids = here
        rooms[0].action_set_ready()
        with self.assertRaises(AccessError):
            rooms[1].action_set_ready()
        self.assertEqual(rooms[1].readiness, "cleaning")
