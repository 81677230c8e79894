from odoo import api, models

from ...tools.authority import closed_to_medical


class MailRenderMixin(models.AbstractModel):
    _inherit = "mail.render.mixin"

    @api.model
    def _render_template(self, *args, **kwargs):
        """Templates are written by administrators: they see nothing medical."""
        with closed_to_medical():
            return super()._render_template(*args, **kwargs)
