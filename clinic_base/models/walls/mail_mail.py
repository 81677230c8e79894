from odoo import api, models


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        """What a scheduled action writes again after a restoration is kept back."""
        mails = super().create(vals_list)
        quiet = self.env["clinic.quiet"]
        if quiet._is_catching_up():
            mails._keep_back_restored()
        return mails

    def _keep_back_restored(self):
        """Cancel; a person may send them on from the list of e-mails."""
        reason = self.env._("Restored from a backup")
        return self.write({"state": "cancel", "failure_reason": reason})

    def send(self, *args, **kwargs):
        """Nothing leaves a database that was restored and not let go yet; it waits."""
        if self.env["clinic.quiet"].get_since():
            return True
        return super().send(*args, **kwargs)
