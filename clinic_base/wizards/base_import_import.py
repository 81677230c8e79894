from contextlib import contextmanager

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.base_import.models.base_import import ImportValidationError

from ..tools import uploads


class FileRefusedError(UserError, ImportValidationError):
    """Said as it is, where Odoo says of other errors that the file cannot be read."""


class Import(models.TransientModel):
    """Odoo's own import of any list: its files are measured like all others."""

    _inherit = "base_import.import"

    def _read_file(self, options):
        """:raises UserError: a file that would take too much to read"""
        with self._measuring():
            uploads.check(self.file or b"")
        return super()._read_file(options)

    def _read_csv(self, options):
        """:raises UserError: too many cells, whichever separator is meant"""
        content = self.file or b""
        encoding = options.get("encoding") or uploads.guess_encoding(content)
        with self._measuring():
            uploads.check_table(
                content.decode(encoding, "replace"), options.get("separator") or ""
            )
        options["encoding"] = encoding
        return super()._read_csv(options)

    def _read_xls(self, options):
        """:raises UserError: too many cells, those left out included"""
        with self._measuring():
            uploads.check_old_sheets(self.file or b"")
        return super()._read_xls(options)

    @contextmanager
    def _measuring(self):
        try:
            yield
        except uploads.TooLargeError as error:
            raise FileRefusedError(
                self.env._(
                    "The file is too large, or holds too much when unpacked. Divide it,"
                    " or save it as CSV."
                )
            ) from error
        except uploads.UnreadableError as error:
            raise FileRefusedError(self.env._("The file cannot be read.")) from error
