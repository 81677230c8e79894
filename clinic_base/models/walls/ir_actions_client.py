from odoo import api, models

from ...tools.stored_code import is_closed, refuse
from ...tools.stored_code.markup import find_script_address


class IrActionsClient(models.Model):
    """What a client action is told, it may show as a link."""

    _inherit = "ir.actions.client"

    @api.constrains("params_store")
    def _check_params_hold_no_script(self):
        """:raises StoredCodeError: for an address that would run as a script"""
        for action in self:
            if is_closed(self.env) and (found := action._clinic_find_script()):
                raise refuse(found)

    # Odoo's method returns nothing.
    def _compute_params(self):  # pylint: disable=missing-return
        """Also of what was stored earlier."""
        super()._compute_params()
        for action in self:
            if is_closed(self.env) and action._clinic_find_script():
                action.params = False

    def _clinic_find_script(self):
        # Administrators write them; what they hold is no secret.
        stored = self.sudo().params_store or ""
        if isinstance(stored, bytes):
            stored = stored.decode(errors="replace")
        return find_script_address(stored)
