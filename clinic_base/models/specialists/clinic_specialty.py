from odoo import fields, models


class ClinicSpecialty(models.Model):
    _name = "clinic.specialty"
    _description = "Medical specialty"
    _inherit = ["clinic.archive.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(index=True)
    sequence = fields.Integer(default=10)
    description = fields.Text(translate=True, help="Shown to patients on the site.")
    icon = fields.Char(help="Font Awesome name, shown on the site, e.g. fa-heartbeat.")

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "This code is taken by another record."
    )
