from odoo import models

COLUMNS = ("date", "document", "label", "patient_id", "charged", "paid", "balance")
WIDTHS = (12, 20, 36, 30, 14, 14, 14)


class ClinicStatementXlsx(models.AbstractModel):
    """Statements as a workbook, one sheet each."""

    _name = "report.clinic_finance.statement_xlsx"
    _description = "Statement of a personal account, XLSX"
    _inherit = "report.report_xlsx.abstract"

    def generate_xlsx_report(self, workbook, data, objs):
        """Write ``objs``, statements that have been filled."""
        for statement in objs:
            self._write(workbook, statement)

    def _write(self, workbook, statement):
        bold = workbook.add_format({"bold": True})
        head = workbook.add_format({"bold": True, "bottom": 1, "bg_color": "#F1F3F5"})
        day = workbook.add_format({"num_format": "dd.mm.yyyy", "align": "left"})
        money = workbook.add_format({"num_format": "#,##0.00"})
        total = workbook.add_format({"num_format": "#,##0.00", "bold": True})
        sheet = workbook.add_worksheet(self.env._("Statement"))
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        last = len(COLUMNS) - 1
        sheet.write_string(0, 0, statement.partner_id.name or "", bold)
        sheet.write_string(1, 0, statement.company_id.name)
        labels = statement.fields_get(["opening", "closing"], ["string"])
        sheet.write_datetime(2, 0, statement.date_from, day)
        sheet.write_string(2, last - 1, labels["opening"]["string"], bold)
        sheet.write_number(2, last, statement.opening, total)
        names = statement.line_ids.fields_get(COLUMNS, ["string"])
        for column, name in enumerate(COLUMNS):
            sheet.write_string(4, column, names[name]["string"], head)
        row = 5
        for line in statement.line_ids:
            sheet.write_datetime(row, 0, line.date, day)
            # As text: whatever begins with a sign of equality is no formula.
            sheet.write_string(row, 1, line.document or "")
            sheet.write_string(row, 2, line.label or "")
            sheet.write_string(row, 3, line.patient_id.name or "")
            for column, name in enumerate(COLUMNS[4:], 4):
                sheet.write_number(row, column, line[name], money)
            row += 1
        sheet.write_datetime(row + 1, 0, statement.date_to, day)
        sheet.write_string(row + 1, last - 1, labels["closing"]["string"], bold)
        sheet.write_number(row + 1, last, statement.closing, total)
        sheet.freeze_panes(5, 0)
