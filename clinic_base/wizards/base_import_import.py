from odoo import models
from odoo.exceptions import UserError

from ..tools import uploads


class Import(models.TransientModel):
    """Odoo's own import of any list: its files are measured like all others."""

    _inherit = "base_import.import"

    def _read_file(self, options):
        """:raises UserError: a file that would take too much to read"""
        try:
            uploads.check(self.file or b"")
        except uploads.TooLargeError as error:
            raise UserError(
                self.env._(
                    "The file is too large, or holds too much when unpacked. Divide it,"
                    " or save it as CSV."
                )
            ) from error
        except uploads.UnreadableError as error:
            raise UserError(self.env._("The file cannot be read.")) from error
        return super()._read_file(options)
