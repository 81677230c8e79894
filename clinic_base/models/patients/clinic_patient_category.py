from odoo import api, fields, models


class ClinicPatientCategory(models.Model):
    _name = "clinic.patient.category"
    _description = "Patient category"
    _inherit = ["clinic.archive.mixin", "clinic.bounds.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(index=True)
    sequence = fields.Integer(default=10)
    discount = fields.Float(
        string="Discount (%)", digits=(5, 2), help="Percent off the list price."
    )
    color = fields.Integer()

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "This code is taken by another record."
    )

    @api.model
    def _get_bounds(self):
        return {**super()._get_bounds(), "discount": (0, 100)}
