from odoo import fields, models


class ClinicStatementLine(models.TransientModel):
    """One journal item of a statement, with nothing that tells of the service."""

    _name = "clinic.statement.line"
    _description = "Line of a statement"
    _order = "id"

    statement_id = fields.Many2one(
        "clinic.statement", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="statement_id.currency_id")
    date = fields.Date()
    document = fields.Char()
    label = fields.Char(string="For")
    patient_id = fields.Many2one("clinic.patient")
    charged = fields.Monetary()
    paid = fields.Monetary()
    balance = fields.Monetary()
