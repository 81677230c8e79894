from odoo import models
from odoo.exceptions import UserError

from ...tools import uploads

# Bytes. The command line reads larger files piece by piece.
LARGEST = 64 * 1024 * 1024


class ClinicPatientImport(models.Model):
    """What may be left to the cron, which holds the whole file while it reads."""

    _inherit = "clinic.patient.import"

    def action_start(self):
        """:raises UserError: a file that is too large, or an archive"""
        for run in self.filtered("file"):
            run._check_upload()
        return super().action_start()

    def _check_upload(self):
        try:
            content = uploads.decode(self.file, LARGEST)
            # Separators are the same letter in every encoding that is read.
            uploads.check_lines(content.decode("latin-1"))
        except uploads.TooLargeError as error:
            raise UserError(
                self.env._(
                    "Files of more than %(limit)s MB are imported on the server:"
                    " ./clinic import patients.",
                    limit=LARGEST // 1024**2,
                )
            ) from error
        except uploads.UnreadableError as error:
            raise UserError(self.env._("The file cannot be read.")) from error
        if content.startswith(uploads.ZIP):
            raise UserError(self.env._("Save the sheet as a CSV file first."))
