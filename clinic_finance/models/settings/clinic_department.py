from odoo import models


class ClinicDepartment(models.Model):
    _name = "clinic.department"
    _inherit = ["clinic.department", "clinic.analytic.mixin"]

    _analytic_plan = "clinic_finance.clinic_analytic_plan_department"

    def _prepare_analytic_account_vals(self):
        """With the branch, since every branch has its «Therapy»."""
        return {**super()._prepare_analytic_account_vals(), "name": self.display_name}
