from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ClinicCashShift(models.Model):
    """A cashier's stretch at a till, from one counting of the cash to the next.

    Only what was counted is kept. Everything else is read from the ledger's entries
    that carry the shift.
    """

    _name = "clinic.cash.shift"
    _description = "Cashier's shift"
    _inherit = [
        "clinic.engine.row.mixin",
        "clinic.archive.mixin",
        "clinic.touch.mixin",
    ]
    _order = "opened_at desc, id desc"

    desk_id = fields.Many2one(
        "clinic.cash.desk",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    branch_id = fields.Many2one(
        related="desk_id.branch_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="desk_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    number = fields.Integer(required=True, readonly=True, aggregator=None)
    user_id = fields.Many2one(
        "res.users", string="Cashier", required=True, readonly=True, ondelete="restrict"
    )
    opened_at = fields.Datetime(string="Opened", required=True, readonly=True)
    closed_at = fields.Datetime(string="Closed", readonly=True)
    closed_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")],
        required=True,
        default="open",
        readonly=True,
        index=True,
    )
    opening_cash = fields.Monetary(readonly=True, help="Counted when it was opened.")
    counted_cash = fields.Monetary(readonly=True, help="Counted when it was closed.")
    counted_pieces = fields.Json(
        readonly=True, help="Notes and coins of the closing: {face value: number}."
    )
    reason = fields.Char(string="Reason of the difference", readonly=True)
    item_ids = fields.One2many("clinic.cash.item", "shift_id", string="Operations")
    receipt_ids = fields.One2many("clinic.receipt", "cash_shift_id", string="Receipts")

    cash_received = fields.Monetary(string="In cash", compute="_compute_totals")
    card_received = fields.Monetary(string="By card", compute="_compute_totals")
    received = fields.Monetary(compute="_compute_totals")
    cash_refunded = fields.Monetary(
        string="Given back in cash", compute="_compute_totals"
    )
    card_refunded = fields.Monetary(
        string="Given back to cards", compute="_compute_totals"
    )
    cash_in = fields.Monetary(string="Put in", compute="_compute_totals")
    cash_out = fields.Monetary(string="Taken out", compute="_compute_totals")
    opening_difference = fields.Monetary(compute="_compute_totals")
    difference = fields.Monetary(
        compute="_compute_totals", help="Counted less expected at the closing."
    )
    expected_cash = fields.Monetary(
        compute="_compute_expected_cash",
        help="Of an open shift: the ledger's balance of the till's account now.",
    )
    receipt_count = fields.Integer(
        string="Number of receipts", compute="_compute_receipt_count"
    )
    refund_count = fields.Integer(string="Refunds", compute="_compute_totals")

    _one_open = models.UniqueIndex(
        "(desk_id) WHERE state = 'open'", "This cash desk has an open shift already."
    )
    _number_once = models.UniqueIndex(
        "(desk_id, number)", "This cash desk has a shift of that number."
    )
    _closed_is_counted = models.Constraint(
        "CHECK (state = 'open'"
        " OR (closed_at IS NOT NULL AND counted_cash IS NOT NULL))",
        "A shift is closed with counted cash.",
    )

    @api.depends("number", "desk_id")
    def _compute_display_name(self):
        for shift in self:
            shift.display_name = self.env._(
                "Shift %(number)s, %(desk)s",
                number=shift.number,
                desk=shift.desk_id.name,
            )

    # === FIGURES === #

    def _compute_totals(self):
        sums, refunds = {}, {}
        for shift, kind, amount, count in self.env["clinic.cash.item"]._read_group(
            [("shift_id", "in", self.ids)],
            ["shift_id", "kind"],
            ["amount:sum", "__count"],
        ):
            sums[shift.id, kind] = amount
            if kind in ("cash_refund", "card_refund"):
                refunds[shift.id] = refunds.get(shift.id, 0) + count
        for shift in self:

            def total(kind, ident=shift.id):
                return sums.get((ident, kind), 0.0)

            shift.cash_received = total("cash")
            shift.card_received = total("card")
            shift.received = total("cash") + total("card")
            shift.cash_refunded = -total("cash_refund")
            shift.card_refunded = -total("card_refund")
            shift.cash_in = total("in")
            shift.cash_out = -total("out")
            shift.opening_difference = total("opening")
            shift.difference = total("closing")
            shift.refund_count = refunds.get(shift.id, 0)

    @api.depends("state", "counted_cash")
    def _compute_expected_cash(self):
        balances = self.desk_id._get_cash_balances()
        for shift in self:
            shift.expected_cash = (
                balances.get(shift.desk_id.id, 0.0)
                if shift.state == "open"
                else shift.counted_cash - shift.difference
            )

    def _compute_receipt_count(self):
        counts = dict(
            self.env["clinic.receipt"]._read_group(
                [("cash_shift_id", "in", self.ids)], ["cash_shift_id"], ["__count"]
            )
        )
        for shift in self:
            shift.receipt_count = counts.get(shift, 0)

    def _get_pieces(self):
        """Rows of the counted notes and coins: (face value, number, sum)."""
        pieces = self.counted_pieces or {}
        return [
            (float(value), number, float(value) * number)
            for value, number in sorted(
                pieces.items(), key=lambda item: float(item[0]), reverse=True
            )
        ]

    # === WORK === #

    @api.model
    def _open(self, desk, counted, reason=""):
        """Open a shift of the user at ``desk`` with the ``counted`` cash.

        :raises UserError: if a shift is open, or the ledger says another sum and no
            reason is given
        """
        is_open = [("desk_id", "=", desk.id), ("state", "=", "open")]
        if running := self.search(is_open):
            raise UserError(
                self.env._(
                    "The shift of the cash desk “%(desk)s” is open: %(cashier)s.",
                    desk=desk.name,
                    cashier=running.user_id.name,
                )
            )
        last = self.search([("desk_id", "=", desk.id)], order="number desc", limit=1)
        shift = self.create(
            {
                "desk_id": desk.id,
                "number": last.number + 1,
                "user_id": self.env.uid,
                "opened_at": self.env.cr.now(),
                "opening_cash": counted,
            }
        )
        shift._book_difference("opening", counted, reason)
        return shift

    def _close(self, counted, reason="", pieces=None):
        """Close with the ``counted`` cash; a difference is booked with its reason."""
        self.ensure_one()
        self._touch()
        if self.state == "closed":
            raise UserError(self.env._("This shift is closed already."))
        self._book_difference("closing", counted, reason)
        self.write(
            {
                "state": "closed",
                "closed_at": self.env.cr.now(),
                "closed_by_id": self.env.uid,
                "counted_cash": counted,
                "counted_pieces": pieces or False,
                "reason": reason or self.reason,
            }
        )

    def _book_difference(self, kind, counted, reason):
        """:raises UserError: for a difference without a reason"""
        desk = self.desk_id
        expected = desk._get_cash_balances().get(desk.id, 0.0)
        difference = self.currency_id.round(counted - expected)
        if self.currency_id.is_zero(difference):
            return
        if not (reason or "").strip():
            raise UserError(
                self.env._(
                    "%(expected)s must lie in the till, %(counted)s were counted. Say"
                    " why.",
                    expected=self.currency_id.format(expected),
                    counted=self.currency_id.format(counted),
                )
            )
        journal = desk.journal_id
        account = (
            journal.profit_account_id if difference > 0 else journal.loss_account_id
        )
        if not account:
            raise UserError(
                self.env._(
                    "The journal %s has no account for differences of cash. The"
                    " accountant sets it.",
                    journal.name,
                )
            )
        self.reason = reason.strip()
        self._book(kind, difference, account, reason.strip())

    def _transfer(self, kind, amount, reason):
        """Put ``amount`` of cash into the till, or take it out of it.

        The other side is the account of cash on its way (57.02), else the company's of
        transfers, which the bank's line or another till clears.

        :param kind: ``in`` or ``out``
        :raises UserError: for no sum, no reason, more than there is
        """
        self.ensure_one()
        self._touch()
        currency = self.currency_id
        if currency.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("Enter a sum."))
        if not (reason or "").strip():
            raise UserError(self.env._("Say where the cash comes from or goes to."))
        if kind == "out":
            self._check_cash(amount)
        company = self.company_id
        account = company._find_account("57.02") or company.transfer_account_id
        if not account:
            raise UserError(
                self.env._("%s has no account of transfers.", self.company_id.name)
            )
        sign = 1 if kind == "in" else -1
        return self._book(kind, sign * amount, account, reason.strip())

    def _check_cash(self, amount):
        """:raises UserError: if less than ``amount`` lies in the till"""
        balance = self.desk_id._get_cash_balances().get(self.desk_id.id, 0.0)
        if self.currency_id.compare_amounts(amount, balance) > 0:
            raise UserError(
                self.env._(
                    "There is only %s in the till.", self.currency_id.format(balance)
                )
            )

    def _book(self, kind, amount, account, reason):
        """A posted entry of the till: ``amount`` (negative: less cash), ``account``."""
        journal = self.desk_id.journal_id
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "company_id": self.company_id.id,
                "ref": reason,
                "clinic_cash_shift_id": self.id,
                "clinic_cash_kind": kind,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": one.id,
                            "name": reason,
                            "debit": max(sum_, 0.0),
                            "credit": max(-sum_, 0.0),
                        }
                    )
                    for one, sum_ in (
                        (journal.default_account_id, amount),
                        (account, -amount),
                    )
                ],
            }
        )
        move._post()
        return move

    # === SCREEN === #

    def action_close(self):
        """Ask for the counted cash, then close."""
        return self.desk_id.action_close_shift()

    def action_cash_in(self):
        """Ask how much cash is put in."""
        return self.desk_id.action_cash_in()

    def action_cash_out(self):
        """Ask how much cash is taken out."""
        return self.desk_id.action_cash_out()

    def action_print(self):
        """The report of the shift as PDF."""
        return self.env.ref("clinic_cash.clinic_cash_shift_pdf").report_action(self)

    def action_open_receipts(self):
        """Receipts of the shift."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "clinic_finance.clinic_receipt_action"
        )
        return {**action, "domain": [("cash_shift_id", "=", self.id)], "context": {}}
