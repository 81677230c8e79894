from odoo import api, models


class ClinicAppointmentSeries(models.Model):
    _name = "clinic.appointment.series"
    _inherit = ["clinic.appointment.series", "clinic.payer.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        """:raises UserError: for a patient whose payer has to pay first"""
        for vals in vals_list:
            if vals.get("patient_id"):
                self.env["clinic.appointment"]._check_payer(vals["patient_id"])
        return super().create(vals_list)

    def _prepare_visit_vals(self):
        """The payer is asked for each date: a standing one may pay for some of them."""
        vals = super()._prepare_visit_vals()
        return {**vals, "payer_id": False, "standing_payer_id": vals["payer_id"]}

    def _get_payer_day(self):
        return self.date_from
