from odoo import api, fields, models
from odoo.fields import Command


class ResCompany(models.Model):
    _inherit = "res.company"

    clinic_payment_link_days = fields.Integer(
        string="Days that a payment link lives", default=30
    )

    _clinic_link_positive = models.Constraint(
        "CHECK (clinic_payment_link_days >= 0)",
        "A payment link cannot end before it is sent.",
    )

    clinic_advance_account_id = fields.Many2one(
        "account.account",
        string="Advances of patients",
        domain=[("account_type", "=", "asset_receivable"), ("reconcile", "=", True)],
        ondelete="restrict",
        help="What was paid before the service (62.02). Empty: it is made when first"
        " needed.",
    )

    clinic_tax_system = fields.Selection(
        [
            ("osn", "General"),
            ("usn_income", "Simplified, income"),
            ("usn_income_outcome", "Simplified, income less expenses"),
            ("esn", "Single agricultural tax"),
            ("patent", "Patent"),
        ],
        string="Tax system",
        help="As receipts say it (54-ФЗ, tag 1055).",
    )
    clinic_receipts_from = fields.Date(
        string="Receipts from",
        help="Services of earlier days had their receipt in the former system. Empty:"
        " every service has one here.",
    )

    def _get_advance_account(self):
        """The account of money that nobody has rendered anything for yet.

        The chart's own 62.02 if there is one, else an account that is made: writing it
        on the company lets only one of two transactions make it.
        """
        self.ensure_one()
        if not self.clinic_advance_account_id:
            accounts = self.env["account.account"].with_company(self)
            self.clinic_advance_account_id = self._find_account(
                "62.02"
            ) or accounts.create(
                {
                    "name": self.env._("Advances of patients"),
                    "code": accounts._search_new_account_code("62.02"),
                    "account_type": "asset_receivable",
                    "reconcile": True,
                    "company_ids": [Command.set(self.ids)],
                }
            )
        return self.clinic_advance_account_id

    def _find_account(self, code):
        """The account ``code`` of the Russian plan (order 94n), if the company's chart
        has it."""
        self.ensure_one()
        accounts = self.env["account.account"].with_company(self)
        return accounts.search(
            [("code", "=", code), ("company_ids", "in", self.ids)], limit=1
        )

    @api.model
    def _get_bounds(self):
        return {**super()._get_bounds(), "clinic_payment_link_days": (0, 365)}
