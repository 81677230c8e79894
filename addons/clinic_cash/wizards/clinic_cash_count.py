from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.till import count_cash

# Notes and coins of the rouble; another currency is counted as one sum.
PIECES = {
    "RUB": ("5000", "2000", "1000", "500", "200", "100", "50", "10", "5", "2", "1")
}


class ClinicCashCount(models.TransientModel):
    """The cash counted when a shift is opened or closed, by notes or as one sum."""

    _name = "clinic.cash.count"
    _description = "Counting of the cash"

    kind = fields.Selection(
        [("open", "Opening"), ("close", "Closing")], required=True, readonly=True
    )
    desk_id = fields.Many2one("clinic.cash.desk", required=True, readonly=True)
    currency_id = fields.Many2one(related="desk_id.currency_id")
    expected = fields.Monetary(
        string="Must be in the till",
        related="desk_id.cash_balance",
        related_sudo=False,
    )
    line_ids = fields.One2many("clinic.cash.count.line", "count_id")
    counted = fields.Monetary(
        compute="_compute_counted", store=True, readonly=False, required=True
    )
    difference = fields.Monetary(compute="_compute_difference")
    reason = fields.Char(string="Why they differ")

    @api.depends("line_ids.number")
    def _compute_counted(self):
        for count in self:
            if any(count.line_ids.mapped("number")):
                count.counted = count_cash(count._get_pieces())

    @api.depends("counted", "expected")
    def _compute_difference(self):
        for count in self:
            count.difference = count.currency_id.round(count.counted - count.expected)

    @api.model
    def _ask(self, desk, kind):
        """Action of the dialog for ``desk``."""
        pieces = PIECES.get(desk.currency_id.name, ())
        count = self.create(
            {
                "kind": kind,
                "desk_id": desk.id,
                "counted": desk.cash_balance if kind == "open" else 0.0,
                "line_ids": [Command.create({"face": face}) for face in pieces],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open the shift")
            if kind == "open"
            else self.env._("Close the shift"),
            "res_model": self._name,
            "res_id": count.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _get_pieces(self):
        return {line.face: line.number for line in self.line_ids if line.number}

    def action_done(self):
        """Open or close the shift with what was counted.

        :raises AccessError: for everybody but cashiers of the branch
        :raises UserError: for negative numbers, or a difference without a reason
        """
        self.ensure_one()
        self.desk_id._check_cashier()
        if self.counted < 0 or any(line.number < 0 for line in self.line_ids):
            raise UserError(self.env._("A sum cannot be negative."))
        # The role has been checked; shifts are written by nobody by hand.
        shifts = self.env["clinic.cash.shift"].sudo()
        if self.kind == "open":
            shifts._open(self.desk_id.sudo(), self.counted, self.reason)
            return {"type": "ir.actions.act_window_close"}
        shift = self.desk_id._get_open_shift().sudo()
        shift._close(self.counted, self.reason, self._get_pieces())
        return self._show(shift)

    def _show(self, shift):
        """The closed shift, to be looked at and printed."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "clinic.cash.shift",
            "res_id": shift.id,
            "views": [(False, "form")],
        }
