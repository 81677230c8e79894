from odoo import fields, models


class ClinicPaymentSource(models.Model):
    _name = "clinic.payment.source"
    _description = "Payment source"
    _inherit = ["clinic.archive.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(index=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("own", "Own money"),
            ("insurer", "Insurer"),
            ("oms", "Compulsory insurance"),
            ("employer", "Employer"),
        ],
        required=True,
        default="own",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Payer",
        ondelete="restrict",
        help="Who is invoiced, for instance the insurer. Empty: the patient's payer.",
    )

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "This code is taken by another record."
    )
