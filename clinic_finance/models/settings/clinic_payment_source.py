from odoo import fields, models


class ClinicPaymentSource(models.Model):
    _inherit = "clinic.payment.source"

    copay_percent = fields.Float(
        string="Patient pays (%)",
        digits=(5, 2),
        help="What the patient adds themselves where an insurer or employer pays.",
    )

    _copay_percent_range = models.Constraint(
        "CHECK (copay_percent BETWEEN 0 AND 100)",
        "The patient's part is between 0 and 100 %.",
    )
