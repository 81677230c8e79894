from odoo import models


class ClinicAppointment(models.Model):
    _inherit = "clinic.appointment"

    def _note_site_booking(self, form):
        """The answers that led to the visit belong to its patient from now on."""
        result = super()._note_site_booking(form)
        if form.token:
            self.env["clinic.screening"]._link_appointment(form.token, self)
        return result
