from smtplib import SMTPRecipientsRefused

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError

from ...tools.sms_gateway import Outcome


class ClinicMailGateway(models.AbstractModel):
    """E-mails of the outbox, through Odoo's outgoing mail servers.

    Not through Odoo's own queue of e-mails: it has no state for an unknown outcome.
    """

    _name = "clinic.mail.gateway"
    _description = "Gateway of e-mails"

    @api.model
    def _is_set_up(self):
        return bool(self.env["ir.mail_server"].search_count([], limit=1))

    @api.model
    def _prepare_call(self, message):
        """The function for a thread; None without a mail server."""
        if not self._is_set_up():
            return None
        message.gateway = "email"
        servers = self.env["ir.mail_server"]
        branch = message._get_branch()
        sender = branch.email or branch.company_id.email_formatted
        domain = (sender or "clinic").rpartition("@")[2].strip(">") or "clinic"
        email = servers._build_email__(
            sender,
            [message.recipient],
            message.subject or branch.company_id.name,
            message.body,
            # The same for a repeated sending, so that a mailbox shows it once.
            message_id=f"<{message.id}.clinic@{domain}>",
        )
        return (_send, self.env.registry, email)


def _send(registry, email):
    """Runs in a thread, hence with a cursor of its own."""
    with registry.cursor() as cr:
        servers = api.Environment(cr, SUPERUSER_ID, {})["ir.mail_server"]
        try:
            session = servers._connect__(smtp_from=email["From"])
        except (UserError, OSError) as error:
            return Outcome("unreached", error=type(error).__name__)
        try:
            servers.send_email(email, smtp_session=session)
        except Exception as error:
            refused = isinstance(error.__cause__ or error, SMTPRecipientsRefused)
            state = "refused" if refused else "uncertain"
            return Outcome(state, error=type(error).__name__)
        return Outcome("sent")
