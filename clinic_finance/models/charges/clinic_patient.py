from odoo import models


class ClinicPatient(models.Model):
    _inherit = "clinic.patient"

    def _after_payers_change(self):
        """What is to come or not invoiced yet goes to who pays on its day."""
        result = super()._after_payers_change()
        # Sudo: whoever keeps the card need not see charges; they follow from it.
        visits = self.env["clinic.appointment"].sudo()
        charges = self.env["clinic.charge"].sudo()
        own = [("patient_id", "in", self.ids)]
        coming = [("state", "in", ("booked", "confirmed")), ("payer_id", "!=", False)]
        visits.search(own + coming)._leave_lost_payers()
        charges.search([*own, ("posted_on", "=", False)])._renew_payers()
        return result
