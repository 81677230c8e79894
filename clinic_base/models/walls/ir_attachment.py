from odoo import api, models

from ...tools.stored_code import is_switched_on, refuse
from ...tools.stored_code.addresses import find_foreign_in_style
from .ir_asset import STYLES

# Addresses and kinds of files that pages load as scripts. Others, such as drawings, are
# served with a policy that lets them run nothing.
BUNDLES = "/web/assets/"
SCRIPTS = ("javascript", "ecmascript")


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        attachments._clinic_check_served_scripts()
        return attachments

    def write(self, vals):
        self._clinic_check_served_scripts()
        result = super().write(vals)
        self._clinic_check_served_scripts()
        return result

    def _clinic_check_served_scripts(self):
        """Raise StoredCodeError when a login stores what browsers would run at an
        address of its own, or a style sheet that asks other hosts for something; Odoo
        itself makes bundles as superuser."""
        if self.env.su or is_switched_on():
            return
        for attachment in self.sudo().filtered("url"):
            url, kind = attachment.url.lower(), attachment.mimetype or ""
            if attachment.type == "binary" and (
                url.startswith(BUNDLES)
                or url.endswith(".js")
                or any(name in kind for name in SCRIPTS)
            ):
                raise refuse(attachment.url)
            if attachment.type == "binary" and url.endswith(STYLES):
                text = (attachment.raw or b"").decode(errors="replace")
                for address in find_foreign_in_style(text, not url.endswith(".css")):
                    raise refuse(address)
