from odoo import fields, models


class IrUiView(models.Model):
    _inherit = "ir.ui.view"

    type = fields.Selection(selection_add=[("clinic_board", "Board")])

    def _get_view_info(self):
        return {"clinic_board": {"icon": "fa fa-columns"}} | super()._get_view_info()
