from odoo import api, fields, models, tools


class ProductTemplate(models.Model):
    _inherit = "product.template"

    is_group = fields.Boolean(
        string="In groups",
        help="Patients book places in sessions that the reception plans.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        if any(vals.get("is_group") for vals in vals_list):
            self.env.registry.clear_cache()
        return templates

    def write(self, vals):
        result = super().write(vals)
        if "is_group" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache()
    def _get_group_service_ids(self):
        """Ids of the products that are given in sessions; costs searches no query."""
        # A property of the catalogue, the same for everybody.
        services = self.env["product.product"].sudo().with_context(active_test=False)
        return frozenset(services.search([("is_group", "=", True)]).ids)
