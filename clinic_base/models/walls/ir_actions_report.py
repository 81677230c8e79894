from odoo import api, models
from odoo.exceptions import MissingError

from ...tools.public_methods import is_clinics
from ...tools.stored_code import check_expression


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.constrains("attachment", "print_report_name")
    def _check_file_names_are_a_modules_own(self):
        for report in self:
            for text in (report.attachment, report.print_report_name):
                if text:
                    check_expression(text)

    def _get_report(self, report_ref):
        """:raises MissingError: for a name that no report has, as an address may say"""
        try:
            return super()._get_report(report_ref)
        except ValueError as error:
            raise MissingError(self.env._("There is no such report.")) from error

    def _get_rendering_context(self, report, docids, data):
        """:raises MissingError: for a paper of the clinic about records that are not
        there; its template would stumble over them"""
        model = self.env.get(report.model)
        own_values = self._get_rendering_context_model(report) is not None
        if model is not None and is_clinics(model) and not own_values:
            asked = model.browse(set(docids or ()))
            if not asked or asked.exists() != asked:
                raise MissingError(self.env._("There is nothing to print."))
        return super()._get_rendering_context(report, docids, data)
