from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import ClinicCommon, make_role_user


@tagged("post_install", "-at_install")
class TestPatientsAreSecret(ClinicCommon):
    """An internal user without a clinic role finds no patient by any common way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain = cls.get_user("plain")
        cls.patient = cls.make_patient(
            "Тайнова Мария", email="taynova@example.com", phone="+7 912 345-67-89"
        )
        cls.partner = cls.patient.partner_id
        cls.portal = make_role_user(
            cls.env,
            "portal",
            login="taynova",
            name="Тайнова Мария",
            partner_id=cls.partner.id,
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    def test_search_and_names(self):
        partners = self.env["res.partner"].with_user(self.plain)
        for domain in (
            [("name", "ilike", "Тайнова")],
            [("id", "=", self.partner.id)],
            [("email", "ilike", "taynova")],
            [("is_clinic_patient", "=", True)],
        ):
            self.assertFalse(partners.search(domain), domain)
            self.assertFalse(partners.search_count(domain), domain)
        self.assertFalse(partners.name_search("Тайнова"))
        groups = partners.formatted_read_group(
            [("name", "ilike", "Тайнова")], ["name"], ["__count"]
        )
        self.assertFalse(groups)

    def test_reading(self):
        partner = self.partner.with_user(self.plain)
        for call in (
            lambda: partner.read(["name"]),
            lambda: partner.web_read({"name": {}}),
            lambda: partner.export_data(["name"]),
            lambda: partner.clinic_patient_ids,
            lambda: self.patient.with_user(self.plain).read(["card_number"]),
            lambda: self.patient.with_user(self.plain).search_count([]),
        ):
            with self.assertRaises(UserError):
                call()

    def test_logins(self):
        users = self.env["res.users"].with_user(self.plain)
        self.assertFalse(users.search([("login", "=", "taynova")]))
        with self.assertRaises(AccessError):
            self.portal.with_user(self.plain).read(["login"])

    def test_odoos_search_for_all_that_is_kept_of_a_person(self):
        """It looks with all rights, and is the administrator's."""
        system = self.get_user("system")
        wizards = self.env["privacy.lookup.wizard"].with_user(system)
        for name, email in (
            ("%", "x@example.com"),
            ("Тайнова%", "taynova@example.com"),
        ):
            wizard = wizards.create({"name": name, "email": email})
            wizard.action_lookup()
            for line in wizard.line_ids:
                record = self.env[line.res_model].browse(line.res_id)
                self.assertTrue(record.with_user(system).has_access("read"), record)
            self.assertNotIn(self.patient.id, self._get_found(wizard, self.patient))
            self.assertNotIn(self.partner.id, self._get_found(wizard, self.partner))
            self.assertNotIn("Тайнова", str(wizard.line_ids.mapped("res_name")))
        own = wizards.create({"name": system.name, "email": "x@example.com"})
        own.action_lookup()
        self.assertIn(system.partner_id.id, self._get_found(own, system.partner_id))
        with self.assertRaises(AccessError):
            self.env["privacy.lookup.wizard.line"].with_user(system).create(
                {
                    "wizard_id": own.id,
                    "res_id": self.patient.id,
                    "res_model_id": self.env["ir.model"]._get_id("clinic.patient"),
                }
            )
        with self.assertRaises(AccessError):
            own.line_ids[:1].write({"res_id": self.partner.id})

    def _get_found(self, wizard, record):
        lines = wizard.line_ids.filtered(lambda line: line.res_model == record._name)
        return lines.mapped("res_id")

    def test_odoos_merging_of_contacts_leaves_patients_alone(self):
        system = self.get_user("system")
        other = self.env["res.partner"].create({"name": "Тайнова Мария"})
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(system)
        for kept in (other, self.partner):
            with self.assertRaises(UserError):
                wizard._merge((other + self.partner).ids, kept)
        self.assertTrue(other.exists())

    def test_the_name_behind_a_link(self):
        """A many2one shows the name of a record that its reader cannot read."""
        other = self.env["res.partner"].create(
            {"name": "Другой", "parent_id": self.partner.id}
        )
        self.env.flush_all()
        self.env.invalidate_all()
        shown = other.with_user(self.plain).read(["parent_id"])[0]["parent_id"]
        self.assertNotIn("Тайнова", shown[1])

    def test_the_clinic_and_the_patient_see_the_name(self):
        for user in (self.get_user("registrar"), self.portal):
            self.assertEqual(self.partner.with_user(user).display_name, "Тайнова Мария")

    def test_staff_who_are_patients_stay_colleagues(self):
        colleague = self.get_user("cashier")
        self.env["clinic.patient"].create({"partner_id": colleague.partner_id.id})
        found = (
            self.env["res.users"]
            .with_user(self.plain)
            .search([("login", "=", "clinic_cashier")])
        )
        self.assertEqual(found, colleague)
