from odoo import fields, models


class TrialBalanceReportWizard(models.TransientModel):
    _inherit = "trial.balance.report.wizard"

    clinic_branch_id = fields.Many2one(
        "clinic.branch",
        string="Branch",
        domain="[('company_id', '=', company_id)]",
        help="Empty: the whole company.",
    )

    def _prepare_report_data(self):
        data = super()._prepare_report_data()
        return {**data, "clinic_branch_id": self.clinic_branch_id.id}
