from odoo import api, fields, models


class TrialBalanceReportWizard(models.TransientModel):
    _inherit = "trial.balance.report.wizard"

    # This year so far, as the account card begins too.
    date_from = fields.Date(
        default=lambda self: fields.Date.context_today(self, self.env.cr.now()).replace(
            month=1, day=1
        )
    )
    date_to = fields.Date(default=lambda self: self.env.company._get_clinic_today())
    clinic_branch_id = fields.Many2one(
        "clinic.branch",
        string="Branch",
        domain="[('company_id', '=', company_id)]",
        help="Empty: the whole company.",
    )

    @api.onchange("date_range_id")
    def onchange_date_range_id(self):
        """Without a named range, the days stay as they are."""
        if self.date_range_id:
            return super().onchange_date_range_id()
        return None

    def _prepare_report_data(self):
        data = super()._prepare_report_data()
        return {**data, "clinic_branch_id": self.clinic_branch_id.id}
