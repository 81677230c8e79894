from odoo import api, models
from odoo.exceptions import UserError

from ...tools.letters import fold
from ...tools.list_rows import read_money, read_whole
from .name_lookup import AskedError


class ClinicListServices(models.AbstractModel):
    """Services with their lengths and prices."""

    _name = "clinic.list.services"
    _description = "List of services"
    _inherit = ["clinic.list.mixin"]

    _rules = (
        ("name", r"^name|услуг|наименован|^название|^service"),
        ("default_code", r"код|артикул|^code"),
        ("duration", r"минут|длит|продолж|^minutes|^duration"),
        ("specialty", r"специальн|направлен|^specialty"),
        ("price", r"цена|стоим|^price|прайс"),
        ("branch", r"филиал|^branch|клиник"),
    )

    @api.model
    def _get_sample(self):
        titles = [
            self.env._("Service"),
            self.env._("Code"),
            self.env._("Minutes"),
            self.env._("Specialty"),
            self.env._("Price"),
            self.env._("Branch"),
        ]
        specialty = self.env["clinic.specialty"].search([], limit=1).name
        branch = self.env["clinic.branch"].search([], limit=1).name
        name = self.env._("Consultation, first visit")
        return titles, [
            [name, "B01.047.001", 30, specialty, 2500, None],
            [name, None, None, None, 2700, branch],
        ]

    def _take(self, values, run, lookup):
        if "name" not in values:
            raise UserError(self.env._("The row names no service."))
        price = self._read(values, "price", read_money)
        if price is not None and price < 0:
            raise UserError(self.env._("A price is not negative."))
        if "branch" in values:
            return self._take_branch_price(values, price, lookup)
        wanted = self._get_wanted(values, price, lookup)
        service = self._find_service(values)
        if service:
            return self._compare(service, wanted)
        vals = {
            name: value.id if isinstance(value, models.BaseModel) else value
            for name, value in wanted.items()
        }
        return self.env["product.template"].create(
            {
                "name": values["name"],
                "type": "service",
                "is_clinic_service": True,
                "list_price": 0.0,
                **vals,
            }
        )

    def _get_wanted(self, values, price, lookup):
        """{field of the service: value} of what the row says."""
        wanted = {}
        if "default_code" in values:
            wanted["default_code"] = values["default_code"]
        if "duration" in values:
            wanted["duration"] = self._read(values, "duration", read_whole)
        if "specialty" in values:
            wanted["clinic_specialty_id"] = lookup.find(
                "clinic.specialty", values["specialty"]
            )
        if price is not None:
            wanted["list_price"] = float(price)
        return wanted

    def _find_service(self, values):
        """The service that the row speaks of: by its code, else by its name; empty.

        :raises AskedError: several are called so, or the code is of another service
        """
        services = self.env["product.template"].search(
            [("is_clinic_service", "=", True)]
        )
        wanted = fold(values["name"])
        named = services.browse()
        for code, _language in self.env["res.lang"].get_installed():
            for service in services.with_context(lang=code):
                if fold(service.name) == wanted:
                    named |= service.with_env(self.env)
        coded = services.filtered(
            lambda one: (
                "default_code" in values
                and one.default_code
                and fold(one.default_code) == fold(values["default_code"])
            )
        )
        if len(coded or named) > 1 or (coded and coded not in named):
            raise AskedError(
                self.env._(
                    "Several services have this name or code: %(names)s.",
                    names=", ".join((coded | named).mapped("display_name")),
                )
            )
        return coded or named

    def _take_branch_price(self, values, _price, _lookup):
        """Hook: the price of a service in one branch.

        :raises UserError: there are no price lists
        """
        raise UserError(
            self.env._("Prices of a branch need the module of patients' money.")
        )
