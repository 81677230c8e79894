from ast import literal_eval

from odoo import api, models

from ...tools import given
from ...tools.stored_code import is_closed


class MailAlias(models.Model):
    """Values that a letter brings along are written as superuser."""

    _inherit = "mail.alias"

    @api.constrains("alias_defaults", "alias_model_id")
    def _check_defaults_are_written_by_hand(self):
        """:raises AccessError: for what the program alone writes"""
        if not is_closed(self.env):
            return
        for alias in self.sudo():
            model = self.env.get(alias.alias_model_id.model)
            # Odoo's own check, which says so, has let only a dict of literals pass.
            values = literal_eval(alias.alias_defaults or "{}")
            if model is not None:
                given.refuse(model, given.read(model, values))
