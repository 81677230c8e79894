from odoo import models


class ReportTrialBalance(models.AbstractModel):
    """The trial balance of one branch: whole entries, so that it balances as the
    company's does."""

    _inherit = "report.account_financial_report.trial_balance"

    def _get_report_values(self, docids, data):
        branch = (data or {}).get("clinic_branch_id")
        report = self.with_context(clinic_books_branch=branch)
        return super(ReportTrialBalance, report)._get_report_values(docids, data)

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
