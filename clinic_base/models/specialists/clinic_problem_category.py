from odoo import fields, models


class ClinicProblemCategory(models.Model):
    _name = "clinic.problem.category"
    _description = "Problem category"
    _inherit = ["clinic.archive.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(index=True)
    sequence = fields.Integer(default=10)
    description = fields.Text(translate=True)

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "This code is taken by another record."
    )
