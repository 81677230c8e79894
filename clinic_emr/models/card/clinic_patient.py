from odoo import models


class ClinicPatient(models.Model):
    _inherit = "clinic.patient"

    def action_open_medical_record(self):
        """The medical page, or the question why it has to be opened in an emergency.

        :raises AccessError: for who has no medical role
        """
        self.ensure_one()
        cards = self.env["clinic.medical.card"]
        cards.check_access("create")
        if cards._are_open(self):
            return cards.get_for(self)._open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Emergency access"),
            "res_model": "clinic.emergency.access",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_patient_id": self.id},
        }
