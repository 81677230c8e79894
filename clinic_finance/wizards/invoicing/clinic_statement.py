from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain


class ClinicStatement(models.TransientModel):
    """What a payer was charged and has paid between two days, from posted items.

    Sums are the payer's view: positive is the payer's money, negative is debt.
    """

    _name = "clinic.statement"
    _description = "Statement of a personal account"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Payer", required=True)
    company_id = fields.Many2one("res.company", required=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    opening = fields.Monetary(string="Opening balance", readonly=True)
    closing = fields.Monetary(string="Closing balance", readonly=True)
    line_ids = fields.One2many("clinic.statement.line", "statement_id", readonly=True)

    _dates_ordered = models.Constraint(
        "CHECK (date_to >= date_from)", "A statement cannot end before it begins."
    )

    @api.model
    def _open(self, partner, company):
        """Action that shows the statement of this year."""
        today = fields.Date.context_today(self, self.env.cr.now())
        statement = self.create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "date_from": today.replace(month=1, day=1),
                "date_to": today,
            }
        )
        return statement.action_show()

    def action_show(self):
        """Read the ledger anew and show the statement."""
        self.ensure_one()
        self._fill()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Personal account"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_print(self):
        """The statement as PDF."""
        self._fill()
        return self.env.ref("clinic_finance.clinic_statement_pdf").report_action(self)

    def action_export(self):
        """The statement as XLSX."""
        self._fill()
        return self.env.ref("clinic_finance.clinic_statement_xlsx").report_action(self)

    def _fill(self):
        """Read the lines and both balances.

        :raises AccessError: for a company that the user does not work in
        """
        self.check_access("write")
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("This company is not among yours."))
        accounts = self.env["clinic.patient"]._get_accounts(self.partner_id)
        domain = (
            Domain("partner_id", "in", accounts[self.partner_id].ids)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("account_id.account_type", "=", "asset_receivable")
            & Domain("parent_state", "=", "posted")
            # From advances to debts and back: within the account, nothing moves.
            & Domain("move_id.clinic_money_id", "=", False)
        )
        # Statements are for cashiers and accountants, who may read this one account.
        items = self.env["account.move.line"].sudo()
        [[before]] = items._read_group(
            domain & Domain("date", "<", self.date_from), [], ["balance:sum"]
        )
        balance = opening = -(before or 0.0)
        vals_list = []
        found = items.search(
            domain
            & Domain("date", ">=", self.date_from)
            & Domain("date", "<=", self.date_to),
            order="date, id",
        )
        secret = found.clinic_patient_id._filtered_secret_from(self.partner_id)
        for item in found:
            balance = self.currency_id.round(balance - item.balance)
            told = item.clinic_patient_id not in secret
            vals_list.append(self._prepare_line_vals(item, balance, told))
        # Lines are made here and nowhere else.
        self.sudo().write(
            {
                "opening": opening,
                "closing": balance,
                "line_ids": [Command.clear(), *map(Command.create, vals_list)],
            }
        )

    def _prepare_line_vals(self, item, balance, told):
        """:param told: whether the payer may know of the patient's visits"""
        return {
            "date": item.date,
            "document": item.move_id.name,
            "label": told and self._get_label(item.move_id),
            "patient_id": told and item.clinic_patient_id.id,
            "charged": max(item.balance, 0.0),
            "paid": max(-item.balance, 0.0),
            "balance": balance,
        }

    def _get_label(self, move):
        """What the item is, in neutral words."""
        payment = move.origin_payment_id
        if payment:
            inbound = payment.payment_type == "inbound"
            return self.env._("Payment") if inbound else self.env._("Refund")
        if move.move_type == "out_refund":
            return self.env._("Correction")
        if move.move_type == "out_invoice":
            products = move.invoice_line_ids.product_id.with_context(lang=self.env.lang)
            labels = dict.fromkeys(filter(None, products.mapped("neutral_label")))
            return ", ".join(labels) or self.env._("Services of the clinic")
        return self.env._("Other entry")
