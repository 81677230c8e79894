from odoo import fields, models


class GeneralLedgerReportWizard(models.TransientModel):
    _inherit = "general.ledger.report.wizard"

    clinic_branch_id = fields.Many2one(
        "clinic.branch",
        string="Branch",
        domain="[('company_id', '=', company_id)]",
        help="Empty: the whole company.",
    )

    def _get_account_move_lines_domain(self):
        domain = super()._get_account_move_lines_domain()
        branch = self.clinic_branch_id
        return domain + (
            [("move_id.clinic_branch_id", "=", branch.id)] if branch else []
        )
