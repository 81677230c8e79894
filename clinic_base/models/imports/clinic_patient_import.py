import io

from odoo import api, fields, models
from odoo.exceptions import UserError

# What people say of a file before it is started.
CHOSEN = frozenset({"name", "file", "dry_run"})


class ClinicPatientImport(models.Model):
    """A file of patients on its way into the cards.

    A batch of rows goes by COPY into a staging table, then SQL writes what the ORM
    would have written. The place in the file is saved with the rows, so that a killed
    import goes on without doubles. The cron takes batch after batch; the command line
    writes several at a time::

        run = env["clinic.patient.import"]._import_csv(path)
        print(run.created, run.rejected, run._get_rejects())
    """

    _name = "clinic.patient.import"
    _description = "Import of patients"
    _inherit = ["clinic.engine.mixin"]
    _created_by_engine = False
    # Cron and command line work as superuser; the button has checked who presses it.
    _engine_is_superuser = True
    _order = "id desc"

    name = fields.Char(string="Name of the file", required=True)
    file = fields.Binary(attachment=True)
    dry_run = fields.Boolean(string="Check only")
    state = fields.Selection(
        [
            ("draft", "New"),
            ("queued", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Not possible"),
        ],
        required=True,
        default="draft",
        readonly=True,
    )
    size = fields.Integer(string="Size (bytes)", readonly=True)
    digest = fields.Char(readonly=True, help="Of the file, from the command line.")
    offset = fields.Integer(string="Read (bytes)", readonly=True)
    line = fields.Integer(string="Next line", readonly=True)
    mapping = fields.Json(help="Column title to field, where titles are unusual.")
    titles = fields.Json(readonly=True, help="Of the columns, as the file has them.")
    delimiter = fields.Char(readonly=True)
    columns = fields.Json(readonly=True, help="What each of them holds.")
    date_order = fields.Char(
        readonly=True, help="Of day and month in dates between slashes."
    )
    created = fields.Integer(readonly=True)
    progress = fields.Float(compute="_compute_progress", help="Percent of the file.")
    message = fields.Text(readonly=True)

    @api.depends("offset", "size")
    def _compute_progress(self):
        for run in self:
            run.progress = 100.0 * run.offset / run.size if run.size else 0.0

    # === CRUD === #

    @api.model
    def _get_engine_fields(self):
        """How far the file is; what it is, is chosen before it starts."""
        return frozenset(
            {"state", "size", "offset", "line", "created", "message", "mapping"}
        )

    def _raise_engine_only(self):
        raise UserError(self.env._("Choose a file and press “Start”."))

    def write(self, vals):
        """:raises UserError: another file for what is on its way already"""
        if not CHOSEN.isdisjoint(vals) and not self._is_engine():
            self._check_not_begun()
        return super().write(vals)

    # === ACTIONS === #

    def action_start(self):
        """Leave the file to the cron.

        :raises UserError: there is none, it is too large or no table, it is on its way
            already, or nobody knows what one of its columns holds
        """
        self.check_access("write")
        self.lock_for_update()
        self._check_not_begun()
        for run in self:
            run._settle_mapping()
            # The report of a run that the user may write.
            run.reject_ids.sudo().unlink()
            run._as_engine().write(
                {"state": "queued", "offset": 0, "line": 0, "created": 0}
            )
        # Whoever may start an import may not start crons by hand.
        self.env.ref("clinic_base.ir_cron_import_patients").sudo()._trigger()

    def _check_not_begun(self):
        """What was only checked may be started again."""
        checked = self.filtered(lambda run: run.state == "done" and run.dry_run)
        open_states = ("draft", "failed")
        if (self - checked).filtered(lambda run: run.state not in open_states):
            raise UserError(
                self.env._("The file has been started already. Make a new import.")
            )

    @api.model
    def _cron_run(self):
        """Batch by batch, committing each; one bad file does not stop the next."""
        runs = self.search(
            [("state", "in", ["queued", "running"]), ("file", "!=", False)]
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(runs))
        for run in runs:
            # What is told is read by whoever has chosen the file.
            run = run.with_context(lang=run.create_uid.lang)
            with io.BytesIO(run._get_table()) as file:
                while True:
                    if not self.env["clinic.import.turn"]._take("patients"):
                        # The command line imports: the next run of the cron goes on.
                        return
                    if not run._import_batch(file):
                        break
                    if not cron._commit_progress():
                        return
            if not cron._commit_progress(1):
                return
