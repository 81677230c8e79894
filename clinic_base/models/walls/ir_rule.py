from odoo import api, models, tools
from odoo.fields import Domain

from ...tools.access_trail import unnoted


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _compute_domain(self, model_name, mode="read"):
        """Cards are the network's: rules of contacts (by company) do not apply to them.

        Odoo would join the contacts into every search of a card; among 1.5 million
        that takes half a second. Access rows of the card itself decide who sees it,
        and so would rules of its own.
        """
        if model_name == "clinic.patient" and not self._clinic_has_rules(
            model_name, mode
        ):
            return Domain.TRUE
        domain = super()._compute_domain(model_name, mode)
        if model_name.startswith("clinic.") and self.env[model_name]._transient:
            # What somebody has open in a dialog is nobody else's.
            domain &= Domain("create_uid", "=", self.env.uid)
        return domain

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env["ir.model.access"]._clinic_check_open(rules.model_id)
        return rules

    def write(self, vals):
        self.env["ir.model.access"]._clinic_check_open(self.model_id)
        result = super().write(vals)
        self.env["ir.model.access"]._clinic_check_open(self.model_id)
        return result

    def unlink(self):
        self.env["ir.model.access"]._clinic_check_open(self.model_id)
        return super().unlink()

    def _make_access_error(self, operation, records):
        """A refused look at a medical record leaves a trace as a granted one does."""
        if not getattr(records, "_clinic_medical", False):
            return super()._make_access_error(operation, records)
        records._note_access("refused")
        # Odoo looks at the companies of what it refuses; nobody reads that.
        with unnoted():
            return super()._make_access_error(operation, records)

    @api.model
    @tools.ormcache("self.env.uid", "self.env.su", "model_name", "mode")
    def _clinic_has_rules(self, model_name, mode):
        return bool(self._get_rules(model_name, mode=mode))
