from odoo import models


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["clinic.visit.ties.mixin", "product.template"]
    _ties_field = "service_id"
    _ties_wish_field = "service_id"

    def _get_tied_to(self):
        return self.with_context(active_test=False).product_variant_ids
