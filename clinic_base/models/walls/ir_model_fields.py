import logging

from odoo import api, models
from odoo.exceptions import UserError

from ...tools.stored_code import is_switched_on, may_run, refuse

_logger = logging.getLogger(__name__)


class IrModelFields(models.Model):
    _inherit = "ir.model.fields"

    @api.constrains("compute", "related", "relation", "state")
    def _check_manual_fields_bring_nothing_out(self):
        """Fields made in the settings compute nothing, and lead to nothing medical."""
        if is_switched_on():
            return
        for field in self.filtered(lambda field: field.state == "manual"):
            if field.compute:
                raise refuse(field.compute)
            if self._clinic_leads_to_medical(
                field.model, field.related, field.relation
            ):
                raise UserError(
                    self.env._(
                        "The field “%(field)s” would lead from “%(model)s” to the"
                        " medical record, which nothing outside of it may hold.",
                        field=field.name,
                        model=field.model,
                    )
                )

    def _instanciate_attrs(self, field_data):
        """A field that was stored earlier keeps its column and loses its code."""
        if not is_switched_on() and field_data["state"] == "manual":
            data = dict(field_data)
            if not may_run(data["domain"] or "[]"):
                _logger.warning("Domain of %s.%s left out", data["model"], data["name"])
                data["domain"] = False
            if data["compute"]:
                _logger.warning("Code of %s.%s left out", data["model"], data["name"])
                data.update(compute=False, depends=False)
            if self._clinic_leads_to_medical(
                data["model"], data["related"], data["relation"]
            ):
                _logger.warning("%s.%s left out", data["model"], data["name"])
                return None
            field_data = data
        return super()._instanciate_attrs(field_data)

    @api.model
    def _clinic_leads_to_medical(self, model_name, related, relation):
        """Whether a manual field of a model that is not medical touches one that is."""

        def is_medical(name):
            return getattr(self.env.get(name), "_clinic_medical", False)

        if is_medical(model_name):
            return False
        if relation and is_medical(relation):
            return True
        model = self.env.get(model_name)
        for name in (related or "").split("."):
            field = model._fields.get(name) if model is not None else None
            if field is None:
                return False
            if is_medical(field.comodel_name or ""):
                return True
            model = self.env.get(field.comodel_name or "")
        return False
