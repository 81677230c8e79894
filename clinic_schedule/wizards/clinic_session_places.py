from odoo import fields, models


class ClinicSessionPlaces(models.TransientModel):
    """Books places in a session for several patients at once, or for none."""

    _name = "clinic.session.places"
    _description = "Book places in a session"

    session_id = fields.Many2one("clinic.session", required=True)
    places_left = fields.Integer(related="session_id.places_left")
    patient_ids = fields.Many2many("clinic.patient", string="Patients", required=True)

    def action_book(self):
        self.check_access("write")
        self.ensure_one()
        visits = self.env["clinic.appointment"]
        for patient in self.patient_ids:
            visits.book({"session_id": self.session_id.id, "patient_id": patient.id})
        return {"type": "ir.actions.act_window_close"}
