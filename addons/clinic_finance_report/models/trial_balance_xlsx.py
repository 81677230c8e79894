from odoo import models

from ..tools.sides import SUMS


class TrialBalanceXlsx(models.AbstractModel):
    """The trial balance by sides as a workbook, with a line of totals."""

    _inherit = "report.a_f_r.report_trial_balance_xlsx"

    def _get_report_columns(self, report):
        columns = super()._get_report_columns(report).values()
        names = [one for one in columns if one["field"] in ("code", "name")]
        foreign = [one for one in columns if one.get("type") == "amount_currency"]
        headers = {
            "initial_debit": self.env._("Opening debit"),
            "initial_credit": self.env._("Opening credit"),
            "debit": self.env._("Debit"),
            "credit": self.env._("Credit"),
            "ending_debit": self.env._("Closing debit"),
            "ending_credit": self.env._("Closing credit"),
        }
        sums = [
            {"header": header, "field": field, "type": "amount", "width": 14}
            for field, header in headers.items()
        ]
        return dict(enumerate([*names, *sums, *foreign]))

    def _generate_report_content(self, workbook, report, data, report_data):
        total = report_data["clinic_total"] = dict.fromkeys(SUMS, 0.0)
        result = super()._generate_report_content(workbook, report, data, report_data)
        if not report.show_partner_details and not report.grouped_by:
            columns = {one["field"]: "" for one in report_data["columns"].values()}
            footer = {**columns, "currency_id": False, **total}
            self.write_account_footer(footer, self.env._("Total"), report_data)
        return result

    def write_line_from_dict(self, line_dict, report_data):
        if line_dict.get("type") == "account_type":
            total = report_data["clinic_total"]
            for name in SUMS:
                total[name] += line_dict[name]
        return super().write_line_from_dict(line_dict, report_data)
