import io

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.tools import uploads

from ..models.clinic_score_model import KINDS
from ..tools.score_training import BadFileError, TooLittleHistoryError, read_csv


class ClinicScoreUpload(models.TransientModel):
    """A score learned from a file, in the same way as from the clinic's history."""

    _name = "clinic.score.upload"
    _description = "Learn a score from a file"

    kind = fields.Selection(
        KINDS, string="What may happen", required=True, default="no_show"
    )
    data = fields.Binary(string="File", required=True, attachment=False)
    filename = fields.Char()

    def action_train(self):
        """A candidate from the file; opens its report.

        :raises UserError: says which line and column cannot be read
        """
        self.ensure_one()
        scores = self.env["clinic.score.model"]
        scores._check_manager()
        scores._check_can_learn()
        try:
            text = uploads.decode(self.data).decode("utf-8-sig")
            rows = read_csv(io.StringIO(text), self.kind)
            # The role has been checked; scores are written by nobody by hand.
            model = scores.sudo()._train_on(self.kind, rows, "file")
        except uploads.TooLargeError as error:
            raise UserError(self.env._("The file is too large.")) from error
        except (UnicodeDecodeError, uploads.UnreadableError) as error:
            raise UserError(self.env._("Save the file as CSV in UTF-8.")) from error
        except BadFileError as error:
            raise UserError(
                self.env._(
                    "Line %(line)s, column “%(column)s” cannot be read.",
                    line=error.line,
                    column=error.column,
                )
            ) from error
        except TooLittleHistoryError as error:
            raise UserError(
                self.env._(
                    "The file has too little history: %(visits)s visits, of which"
                    " %(wrong)s went wrong.",
                    visits=error.args[0],
                    wrong=error.args[1],
                )
            ) from error
        return {
            "type": "ir.actions.act_window",
            "res_model": model._name,
            "views": [(False, "form")],
            "res_id": model.id,
        }
