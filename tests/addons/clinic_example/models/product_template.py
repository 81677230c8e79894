from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    is_assisted = fields.Boolean(string="Takes Two")
