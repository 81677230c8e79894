from odoo import fields, models


class ClinicDentalChart(models.Model):
    """One tooth as it was found on a day: medical, hence on the medical mixin."""

    _name = "clinic.dental.chart"
    _description = "Dental chart"
    _inherit = ["clinic.medical.mixin"]
    _order = "date desc, id desc"

    patient_id = fields.Many2one("clinic.patient", required=True, ondelete="restrict")
    date = fields.Datetime(required=True)
    tooth = fields.Integer(required=True, help="ISO 3950")
