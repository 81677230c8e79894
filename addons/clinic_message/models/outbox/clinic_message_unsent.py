from odoo import api, models
from odoo.exceptions import UserError


class ClinicMessage(models.Model):
    """Messages that nobody could send, because there was no gateway."""

    _inherit = "clinic.message"

    def action_send_on(self):
        """Queue what was not sent for want of a gateway, now that there is one.

        Texts are made anew, and what is no news any more is cancelled with its reason
        when its turn comes, as with any message that had to wait.

        :raises UserError: if nothing of ``self`` can be sent on
        """
        # Whoever reads messages to patients also answers for them: the desk.
        self.check_access("read")
        unsent = self.filtered(lambda message: message.state == "unsent")
        if not unsent:
            raise UserError(self.env._("None of these messages waits for a gateway."))
        ways = unsent.grouped(lambda message: (message.company_id, message.channel))
        ready = self.browse().union(
            *(some for (one, way), some in ways.items() if one._has_gateway(way))
        )
        if not ready:
            raise UserError(
                self.env._("There is still no gateway that could send these messages.")
            )
        # Checked just above; no role writes messages by hand.
        return ready.sudo()._send_on()

    def _send_on(self):
        self.filtered(lambda message: not message._is_written()).write(
            dict.fromkeys(("channel", "recipient", "subject", "body"), False)
        )
        return self.write({"state": "queued", "scheduled_at": self.env.cr.now()})

    @api.model
    def _find_faults(self):
        """What ``./clinic doctor`` says of the outbox: sentences, one per company."""
        counted = self._read_group(
            [("state", "=", "unsent")], ["company_id"], ["__count"]
        )
        waiting = self._read_group(
            [
                ("state", "=", "uncertain"),
                ("reason", "=", "restored"),
                ("resend_ids", "=", False),
            ],
            ["company_id"],
            ["__count"],
        )
        return [
            *(
                f"{company.name}: {count} messages to patients were not sent"
                for company, count in counted
            ),
            *(
                f"{company.name}: {count} messages to patients wait for a person since"
                " the database was restored"
                for company, count in waiting
            ),
        ]
