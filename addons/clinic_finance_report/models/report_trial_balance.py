from itertools import chain

from odoo import models

from ..tools.sides import add_sides, add_up, split


class ReportTrialBalance(models.AbstractModel):
    """The trial balance by sides, of a company or of one branch: whole entries, so that
    a branch's balances as the company's does."""

    _inherit = "report.account_financial_report.trial_balance"

    def _get_report_values(self, docids, data):
        branch = (data or {}).get("clinic_branch_id")
        report = self.with_context(clinic_books_branch=branch)
        values = super(ReportTrialBalance, report)._get_report_values(docids, data)
        if values["show_partner_details"]:
            self._split_partners(values["total_amount"], values["accounts_data"])
        elif values["trial_balance_grouped"]:
            self._split_grouped(values)
        else:
            self._split_accounts(values)
        return values

    def _split_accounts(self, values):
        rows = values["trial_balance"]
        accounts = {
            row["id"]: split(row) for row in rows if row["type"] == "account_type"
        }
        for row in rows:
            if row["type"] == "group_type":
                ids = accounts.keys() & set(row["account_ids"])
                add_sides(row, (accounts[id_] for id_ in ids))
        values["clinic_total"] = add_up(accounts.values())

    def _split_partners(self, total_amount, accounts_data):
        """An account is what its partners owe, and what is owed to them."""
        for account_id, total in total_amount.items():
            partners = [
                split(row) for key, row in total.items() if isinstance(key, int)
            ]
            add_sides(total, partners)
            add_sides(accounts_data[account_id], partners)

    def _split_grouped(self, values):
        groups = values["trial_balance_grouped"]
        for group in groups:
            add_sides(group, map(split, group["account_data"]))
        rows = chain.from_iterable(group["account_data"] for group in groups)
        add_sides(values["total_amount_grouped"], rows)

    def _get_data_grouped(self, total_amount, accounts_data, foreign_currency):
        """Also of accounts that have had no turnover; the report forgets them."""
        for total in total_amount.values():
            total.setdefault("group_by_data", {})
        return super()._get_data_grouped(total_amount, accounts_data, foreign_currency)

    # === ENTRIES OF A BRANCH === #

    def _get_books_domain(self):
        branch = self.env.context.get("clinic_books_branch")
        return [("move_id.clinic_branch_id", "=", int(branch))] if branch else []

    def _get_initial_balances_bs_ml_domain(self, *args, **kwargs):
        domain = super()._get_initial_balances_bs_ml_domain(*args, **kwargs)
        return domain + self._get_books_domain()

    def _get_initial_balances_pl_ml_domain(self, *args, **kwargs):
        domain = super()._get_initial_balances_pl_ml_domain(*args, **kwargs)
        return domain + self._get_books_domain()

    def _get_period_ml_domain(self, *args, **kwargs):
        domain = super()._get_period_ml_domain(*args, **kwargs)
        return domain + self._get_books_domain()

    def _get_initial_balance_fy_pl_ml_domain(self, *args, **kwargs):
        domain = super()._get_initial_balance_fy_pl_ml_domain(*args, **kwargs)
        return domain + self._get_books_domain()
