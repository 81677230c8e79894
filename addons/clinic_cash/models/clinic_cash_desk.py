from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL


class ClinicCashDesk(models.Model):
    """A till of a branch: a cash journal of its own, and a card terminal's.

    The cash account belongs to this till alone, so that the ledger's balance is what
    must lie in it.
    """

    _name = "clinic.cash.desk"
    _description = "Cash desk"
    _inherit = ["clinic.archive.mixin"]
    _order = "branch_id, name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    branch_id = fields.Many2one(
        "clinic.branch", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="branch_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    journal_id = fields.Many2one(
        "account.journal",
        string="Cash journal",
        required=True,
        check_company=True,
        domain="[('type', '=', 'cash'), ('company_id', '=', company_id)]",
        ondelete="restrict",
        help="Empty: a journal with an account of its own is made.",
    )
    terminal_journal_id = fields.Many2one(
        "account.journal",
        string="Card terminal",
        check_company=True,
        domain="[('type', '=', 'bank'), ('company_id', '=', company_id)]",
        ondelete="restrict",
        help="Where payments by card are booked. Empty: cash only.",
    )
    shift_ids = fields.One2many("clinic.cash.shift", "desk_id")
    shift_id = fields.Many2one(
        "clinic.cash.shift", string="Open shift", compute="_compute_shift_id"
    )
    cashier_id = fields.Many2one("res.users", compute="_compute_shift_id")
    opened_at = fields.Datetime(string="Open since", compute="_compute_shift_id")
    cash_balance = fields.Monetary(
        string="In the till",
        compute="_compute_cash_balance",
        help="Of the till's cash account, from the posted ledger.",
    )

    _journal_once = models.UniqueIndex(
        "(journal_id)", "This cash journal belongs to another desk."
    )
    _terminal_once = models.UniqueIndex(
        "(terminal_journal_id) WHERE terminal_journal_id IS NOT NULL",
        "This card terminal belongs to another desk.",
    )

    @api.depends("shift_ids.state")
    def _compute_shift_id(self):
        shifts = self.env["clinic.cash.shift"].search(
            [("desk_id", "in", self.ids), ("state", "=", "open")]
        )
        by_desk = {shift.desk_id: shift for shift in shifts}
        for desk in self:
            shift = by_desk.get(desk, shifts.browse())
            desk.shift_id = shift
            desk.cashier_id = shift.user_id
            desk.opened_at = shift.opened_at

    def _compute_cash_balance(self):
        balances = self._get_cash_balances()
        for desk in self:
            desk.cash_balance = balances.get(desk.id, 0.0)

    def _get_cash_balances(self):
        """``{desk id: cash that must lie in it}``, in one statement."""
        items = self.env["account.move.line"]
        items.flush_model(["account_id", "parent_state", "balance"])
        self.flush_recordset(["journal_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT desk.id, sum(item.balance)
                  FROM clinic_cash_desk AS desk
                  JOIN account_journal AS journal ON journal.id = desk.journal_id
                  JOIN account_move_line AS item
                    ON item.account_id = journal.default_account_id
                   AND item.parent_state = 'posted'
                 WHERE desk.id = ANY(%s)
              GROUP BY desk.id
                """,
                self.ids,
            )
        )
        return {desk: float(balance) for desk, balance in rows}

    # === JOURNALS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            branch = self.env["clinic.branch"].browse(vals.get("branch_id"))
            if branch and not vals.get("journal_id"):
                vals.update(self._create_journals(branch, vals.get("name") or ""))
        return super().create(vals_list)

    @api.model
    def _create_journals(self, branch, name):
        """Journals of a new till at ``branch``, with accounts that are its alone.

        Charts of accounts bring a bank journal, but none for cash.

        :raises UserError: for a company without a chart of accounts
        """
        company = branch.company_id
        if not company.chart_template:
            raise UserError(
                self.env._(
                    "%s has no chart of accounts yet. Choose one in the settings of"
                    " Invoicing.",
                    company.name,
                )
            )
        journals = self.env["account.journal"].with_company(company)
        cash = journals.create(
            {
                "name": self.env._("Cash: %s", name),
                "type": "cash",
                "company_id": company.id,
            }
        )
        # Cash is in the till at once: no account for money on its way.
        lines = cash.inbound_payment_method_line_ids
        lines |= cash.outbound_payment_method_line_ids
        lines.payment_account_id = cash.default_account_id
        # Money of cards is on its way until the acquirer sends it.
        on_the_way = company._find_account("57.03")
        terminal = journals.create(
            {
                "name": self.env._("Card terminal: %s", name),
                "type": "bank",
                "company_id": company.id,
                "default_account_id": on_the_way.id,
            }
        )
        if on_the_way:
            lines = terminal.inbound_payment_method_line_ids
            lines |= terminal.outbound_payment_method_line_ids
            lines.payment_account_id = on_the_way
        return {"journal_id": cash.id, "terminal_journal_id": terminal.id}

    def _is_paid_online(self):
        """Whether the company takes money by a page of its own, too."""
        providers = self.env["payment.provider"].search_count(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "!=", "disabled"),
                ("is_published", "=", True),
            ],
            limit=1,
        )
        return bool(providers)

    # === SHIFTS === #

    def _check_cashier(self):
        """:raises AccessError: for everybody but cashiers, and at others' branches"""
        self.check_access("read")
        if not self.active:
            raise UserError(self.env._("Choose the cash desk."))
        if not self.env.user.has_group("clinic_base.group_cashier"):
            raise AccessError(self.env._("Cash desks are worked at by cashiers."))

    def _get_open_shift(self):
        """The open shift, held until the end of this transaction.

        A second payment or the closing at the same moment fails with a serialization
        error, is run again by the server and sees what the first has done.

        :raises UserError: if there is none
        """
        self.ensure_one()
        shift = self.env["clinic.cash.shift"].search(
            [("desk_id", "=", self.id), ("state", "=", "open")]
        )
        if not shift:
            raise UserError(
                self.env._("Open the shift of the cash desk “%s” first.", self.name)
            )
        shift._touch()
        return shift

    def action_open_shift(self):
        """Ask for the cash that lies in the till, then open a shift."""
        self._check_cashier()
        return self.env["clinic.cash.count"]._ask(self, "open")

    def action_close_shift(self):
        """Ask for the counted cash, then close the shift."""
        self._check_cashier()
        self._get_open_shift()
        return self.env["clinic.cash.count"]._ask(self, "close")

    def action_cash_in(self):
        """Ask how much cash is put into the till."""
        return self._ask_transfer("in", self.env._("Cash in"))

    def action_cash_out(self):
        """Ask how much cash is taken out of the till."""
        return self._ask_transfer("out", self.env._("Cash out"))

    def _ask_transfer(self, kind, title):
        self.ensure_one()
        self._check_cashier()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "clinic.cash.transfer",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_desk_id": self.id, "default_kind": kind},
        }

    def action_sell(self):
        """The page where payments are taken, at this desk."""
        return self.env["clinic.cash.sale"]._open(desk=self)
