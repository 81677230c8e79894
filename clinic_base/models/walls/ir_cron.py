from odoo import api, fields, models

from odoo.addons.base.models.ir_cron import CompletionStatus


class IrCron(models.Model):
    _inherit = "ir.cron"

    catches_up = fields.Boolean(
        readonly=True,
        copy=False,
        help="The database was restored, and this has not run to its end since.",
    )

    def _begin_catching_up(self):
        """Mark those of ``self`` that were due while the database was away.

        The others could not run either in the clinic that was lost.
        """
        now = self.env.cr.now()
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "in", self.ids), ("call_at", "<=", now)]
        )
        due = self.filtered(lambda cron: cron.nextcall <= now) | triggers.cron_id
        due.catches_up = True

    @api.model
    def _update_failure_count(self, job, status):
        result = super()._update_failure_count(job, status)
        if status == CompletionStatus.FULLY_DONE:
            cron = self.browse(job["id"]).exists().sudo()
            # Sudo: the mark is the program's; the row is locked by this very run.
            if cron.catches_up:
                cron.catches_up = False
        return result
