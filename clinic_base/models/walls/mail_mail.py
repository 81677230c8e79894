from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def send(self, *args, **kwargs):
        """Nothing leaves a database that was restored and not let go yet; it waits."""
        if self.env["clinic.quiet"].get_since():
            return True
        return super().send(*args, **kwargs)
