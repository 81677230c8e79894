from odoo import models


class ClinicSpecialist(models.Model):
    _name = "clinic.specialist"
    _inherit = ["clinic.specialist", "clinic.analytic.mixin"]

    _analytic_plan = "clinic_finance.clinic_analytic_plan_specialist"
