from odoo import api, models

from ...tools import given
from ...tools.stored_code import is_closed


class IrDefault(models.Model):
    """A default is written into every new record, with the rights of who makes it."""

    _inherit = "ir.default"

    @api.constrains("field_id")
    def _check_field_is_written_by_hand(self):
        """:raises AccessError: for what the program alone writes: a default would take
        the place of what is computed"""
        if is_closed(self.env):
            given.refuse_stored(self.field_id)
