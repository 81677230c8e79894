from odoo import models
from odoo.exceptions import UserError


class ProductProduct(models.Model):
    _inherit = "product.product"

    def write(self, vals):
        """:raises UserError: if a service goes to the archive apart from its card"""
        if not vals.get("active", True):
            self.filtered("product_tmpl_id.active")._refuse_services()
        return super().write(vals)

    def unlink(self):
        self._refuse_services()
        return super().unlink()

    def _refuse_services(self):
        if any(self.mapped("is_clinic_service")):
            raise UserError(
                self.env._(
                    "Clinic services are kept. Archive the service on its card and"
                    " say why."
                )
            )
