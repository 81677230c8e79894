from odoo.exceptions import ValidationError
from odoo.modules.module import Manifest
from odoo.tests import TransactionCase, tagged

NUMBERS = ("integer", "float", "monetary")


@tagged("post_install", "-at_install")
class TestSettings(TransactionCase):
    """Settings of every addon of the suite."""

    def get_own_fields(self):
        author = Manifest.for_addon("clinic_base")["author"]
        return {
            name: field
            for name, field in self.env["res.config.settings"]._fields.items()
            if field._modules
            and all(
                Manifest.for_addon(one)["author"] == author for one in field._modules
            )
        }

    def get_numbers(self):
        numbers = [
            name
            for name, field in self.get_own_fields().items()
            if field.type in NUMBERS and not field.readonly
        ]
        self.assertGreater(len(numbers), 15)
        return numbers

    def read(self, company=None):
        settings = self.env["res.config.settings"]
        read = settings.with_company(company or self.env.company).create({})
        return {name: read[name] for name in self.get_numbers()}

    def test_a_number_that_is_saved_as_zero_is_zero(self):
        settings = self.env["res.config.settings"]
        bounds = self.env.company._get_bounds()
        for value in (7, 0):
            # A few cannot be zero, and say so.
            saved = {name: max(value, bounds[name][0]) for name in self.get_numbers()}
            settings.create(saved).execute()
            self.env.flush_all()
            self.assertEqual(self.read(), saved)

    def test_each_number_has_bounds_of_its_own_said_in_the_message(self):
        company = self.env.company
        bounds = company._get_bounds()
        self.assertEqual(bounds.keys(), set(self.get_numbers()))
        for name, (low, high) in bounds.items():
            label = self.env["res.company"]._fields[name].string
            with self.subTest(setting=name):
                company[name] = high
                company[name] = low
                with self.assertRaises(ValidationError) as error:
                    company[name] = high + 1
                self.assertIn(label, str(error.exception))
                self.assertIn(str(high), str(error.exception))

    def test_none_is_one_row_for_all_companies(self):
        shared = [
            name
            for name, field in self.get_own_fields().items()
            if getattr(field, "config_parameter", None)
        ]
        # The address of the server is one for all.
        self.assertEqual(shared, ["clinic_base_url"])
        other = self.env["res.company"].create({"name": "Other"})
        before = self.read(other)
        settings = self.env["res.config.settings"]
        settings.create(dict.fromkeys(self.get_numbers(), 7)).execute()
        self.assertEqual(self.read(other), before)
