from odoo import api, models

from ...tools.stored_code import check_expression


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.constrains("attachment", "print_report_name")
    def _check_file_names_are_a_modules_own(self):
        for report in self:
            for text in (report.attachment, report.print_report_name):
                if text:
                    check_expression(text)
