from odoo import fields, models


class ClinicCancelReason(models.Model):
    _name = "clinic.cancel.reason"
    _description = "Reason for cancelling"
    _inherit = ["clinic.archive.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(index=True)
    sequence = fields.Integer(default=10)
    by_patient = fields.Boolean(
        string="May be chosen by patients", help="Offered on the portal."
    )

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "This code is taken by another record."
    )
