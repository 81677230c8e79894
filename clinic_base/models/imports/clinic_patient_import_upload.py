import io
from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError

from ...tools import uploads
from ...tools.file_text import get_sheets, is_workbook
from ...tools.patient_rows import to_utf8

# Bytes. The command line reads larger files piece by piece.
LARGEST = 64 * 1024 * 1024
SHEET_ROWS = 500_000


class ClinicPatientImport(models.Model):
    """What may be left to the cron, which holds the whole file while it reads."""

    _inherit = "clinic.patient.import"

    def _get_tables(self):
        """{sheet, False where there are none: bytes of a table}.

        :raises UserError: a file that is too large, or no table
        """
        self.ensure_one()
        with self._explaining_uploads():
            content = uploads.decode(self.file, LARGEST)
            if not is_workbook(content):
                with to_utf8(io.BytesIO(content), io.BytesIO()) as file:
                    table = file.read()
                # Separators are the same letter in every encoding that is read.
                uploads.check_lines(table.decode("latin-1"))
                return {False: table}
            sheets = get_sheets(content, SHEET_ROWS)
            tables = {name: text.encode() for name, text in sheets}
        if not tables:
            raise UserError(self.env._("The file holds no rows."))
        return tables

    def _find_hidden_sheets(self):
        """Names of what :meth:`_get_tables` leaves out of a workbook; False."""
        with self._explaining_uploads():
            content = uploads.decode(self.file, LARGEST)
            return ", ".join(uploads.find_hidden_sheets(content)) or False

    def _get_table(self):
        """Bytes of the table of this run; see :meth:`_get_tables`."""
        tables = self._get_tables()
        return tables.get(self.sheet) or next(iter(tables.values()))

    @api.model
    @contextmanager
    def _explaining_uploads(self):
        """Refusals of :mod:`tools.uploads`, in words."""
        try:
            yield
        except uploads.TooLargeError as error:
            raise UserError(
                self.env._(
                    "Files of more than %(limit)s MB are imported on the server:"
                    " ./clinic import patients. A workbook that large is saved as CSV"
                    " first.",
                    limit=LARGEST // 1024**2,
                )
            ) from error
        except uploads.UnreadableError as error:
            raise UserError(self.env._("The file cannot be read.")) from error
