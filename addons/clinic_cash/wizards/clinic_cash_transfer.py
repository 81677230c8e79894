from odoo import fields, models


class ClinicCashTransfer(models.TransientModel):
    """Cash put into a till, or taken out of it to the bank."""

    _name = "clinic.cash.transfer"
    _description = "Cash put in or taken out"

    kind = fields.Selection(
        [("in", "Put in"), ("out", "Taken out")], required=True, readonly=True
    )
    desk_id = fields.Many2one("clinic.cash.desk", required=True, readonly=True)
    currency_id = fields.Many2one(related="desk_id.currency_id")
    balance = fields.Monetary(
        string="In the till", related="desk_id.cash_balance", related_sudo=False
    )
    amount = fields.Monetary(required=True)
    reason = fields.Char(required=True)

    def action_done(self):
        """Book the cash.

        :raises AccessError: for everybody but cashiers of the branch
        :raises UserError: without an open shift, or for more than there is
        """
        self.ensure_one()
        self.desk_id._check_cashier()
        # The role has been checked; cashiers write no entries of transfers by hand.
        shift = self.desk_id.sudo()._get_open_shift()
        shift._transfer(self.kind, self.amount, self.reason)
        return {"type": "ir.actions.act_window_close"}
