from email.message import EmailMessage
from email.utils import getaddresses

from odoo import api, models
from odoo.tools import plaintext2html


class IrMailServer(models.Model):
    """E-mails of Odoo itself lie on the phones too; no server is asked."""

    _inherit = "ir.mail_server"

    def _connect__(self, *args, **kwargs):
        if self.env["clinic.mail.gateway"]._has_phones():
            return None
        return super()._connect__(*args, **kwargs)

    @api.model
    def send_email(self, message, *args, **kwargs):
        """Put ``message`` into the mailboxes of whom it is for."""
        if self._disable_send() or not self.env["clinic.mail.gateway"]._has_phones():
            return super().send_email(message, *args, **kwargs)
        receivers = [message[name] for name in ("To", "Cc", "Bcc") if message[name]]
        # Sudo: whoever makes Odoo send something need not read what others got.
        self.env["clinic.demo.letter"].sudo().create(
            [
                {
                    "recipient": address,
                    "subject": message["Subject"],
                    "body": get_html(message),
                }
                for _name, address in getaddresses(receivers)
            ]
        )
        return message["Message-Id"]


def get_html(message: EmailMessage) -> str:
    """What a mailbox shows of ``message``."""
    part = message.get_body(("html", "plain"))
    if part is None:
        return ""
    text = part.get_content()
    is_html = part.get_content_subtype() == "html"
    return text if is_html else plaintext2html(text)
