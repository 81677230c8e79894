from odoo import api, models

from odoo.addons.base.models.ir_asset import can_aggregate

from ...tools.stored_code import is_closed, read_record_texts, refuse
from ...tools.stored_code.addresses import is_foreign

# What a bundle may get from the database: looks, which a website's theme writes.
STYLES = (".scss", ".css", ".sass", ".less")


class IrAsset(models.Model):
    _inherit = "ir.asset"

    @api.constrains("path", "directive", "target", "active")
    def _check_scripts_are_a_modules_own(self):
        for asset in self:
            if is_closed(self.env) and not asset._clinic_is_style_or_own():
                raise refuse(asset.path)

    def _get_related_assets(self, domain, **kwargs):
        assets = super()._get_related_assets(domain, **kwargs)
        if not is_closed(self.env):
            return assets
        return assets.filtered(lambda asset: asset._clinic_is_style_or_own())

    def _clinic_is_style_or_own(self):
        """Whether this brings no script into a bundle but what a module's file says,
        and no style sheet but one that the bundle is made of: by another address a
        browser would fetch it as it is, from wherever it is."""
        self.ensure_one()
        is_here = not is_foreign(self.path) and not {":", "\\"} & {*self.path}
        if self.path.endswith(STYLES) and is_here and can_aggregate(self.path):
            return True
        return any(
            read_record_texts(name).get("path") == self.path
            for name in self._get_external_ids()[self.id]
        )
