from odoo import fields, models
from odoo.exceptions import UserError

RESENDABLE = {"uncertain", "failed", "cancelled"}


class ClinicMessage(models.Model):
    """Sending again is the decision of a person, and a message of its own.

    Who decided and when is what created the new message; the old one keeps its state.
    """

    _inherit = "clinic.message"

    resend_of_id = fields.Many2one(
        "clinic.message", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    resend_ids = fields.One2many("clinic.message", "resend_of_id", string="Sent again")

    def action_resend(self):
        """Queue each of ``self`` once more, by a key of its own; once, by whomever.

        :raises UserError: if it is on its way, or has been sent again already
        """
        # Whoever reads messages to patients also answers for them: the desk.
        self.check_access("read")
        if self.filtered(lambda message: message.state not in RESENDABLE):
            raise UserError(
                self.env._("Only a message that did not surely go out is sent again.")
            )
        for message in self:
            again = message._enqueue(message.purpose, [message._prepare_resend()])
            if not again:
                raise UserError(self.env._("The message has been sent again already."))
        return True

    def _prepare_resend(self):
        """Hook: the row of the new message."""
        row = {
            "key": f"{self.key}:again",
            "patient_id": self.patient_id.id or None,
            "branch_id": self.branch_id.id or None,
            "company_id": self.company_id.id or None,
            "values": self.values or None,
            "resend_of_id": self.id,
        }
        if self._is_written():
            for name in ("channel", "recipient", "subject", "body"):
                row[name] = self[name] or None
        return row
