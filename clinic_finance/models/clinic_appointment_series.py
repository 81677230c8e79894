from odoo import api, models


class ClinicAppointmentSeries(models.Model):
    _inherit = "clinic.appointment.series"

    @api.model_create_multi
    def create(self, vals_list):
        """:raises UserError: for a patient whose payer has to pay first"""
        for vals in vals_list:
            if vals.get("patient_id"):
                self.env["clinic.appointment"]._check_payer(vals["patient_id"])
        return super().create(vals_list)
