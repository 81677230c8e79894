import re

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.list_rows import read_whole
from .name_lookup import SERVICES

# Services of one cell.
_DIVIDERS = re.compile(r"\s*[;\n]\s*")
LENGTHS = ("duration_first", "duration_repeat")


class ClinicListSpecialists(models.AbstractModel):
    """Specialists with the services that they give; a row for each, or all in one."""

    _name = "clinic.list.specialists"
    _description = "List of specialists"
    _inherit = ["clinic.list.mixin"]

    _rules = (
        (
            "name",
            r"^name|специалист|врач|доктор|ф\W{0,2}и\W{0,2}о|сотрудник|^specialist",
        ),
        ("specialty", r"специальн|должност|направлен|^specialty"),
        ("duration_first", r"первичн|минут|длит|^first"),
        ("duration_repeat", r"повторн|^repeat"),
        ("service", r"услуг|^service|прием"),
    )

    @api.model
    def _get_sample(self):
        titles = [
            self.env._("Specialist"),
            self.env._("Specialty"),
            self.env._("First visit (min)"),
            self.env._("Repeat visit (min)"),
            self.env._("Services"),
        ]
        specialty = self.env["clinic.specialty"].search([], limit=1).name
        service = self.env["product.product"].search(
            [("is_clinic_service", "=", True)], limit=1
        )
        name = self.env._("Sample Anna Petrovna")
        return titles, [[name, specialty, 45, 30, service.name]]

    def _take(self, values, run, lookup):
        if "name" not in values:
            raise UserError(self.env._("The row names no specialist."))
        made = False
        if lookup.get_ids("clinic.specialist", values["name"]):
            specialist = lookup.find("clinic.specialist", values["name"])
        else:
            specialist = made = self.env["clinic.specialist"].create(
                {"name": values["name"]}
            )
            lookup.forget("clinic.specialist")
        if "specialty" in values:
            specialty = lookup.find("clinic.specialty", values["specialty"])
            if specialty not in specialist.specialty_ids:
                specialist.specialty_ids = [Command.link(specialty.id)]
                made = True
        lengths = {
            name: self._read(values, name, read_whole)
            for name in LENGTHS
            if name in values
        }
        for text in filter(None, _DIVIDERS.split(values.get("service", ""))):
            made = self._give(specialist, text, lengths, lookup) or made
        return made

    def _give(self, specialist, text, lengths, lookup):
        """Note that ``specialist`` gives the service called ``text``."""
        service = lookup.find("product.product", text, SERVICES)
        line = specialist.service_line_ids.filtered(
            lambda line: line.product_id == service
        )
        if line:
            return self._compare(line, lengths)
        return self.env["clinic.specialist.service"].create(
            {"specialist_id": specialist.id, "product_id": service.id, **lengths}
        )
