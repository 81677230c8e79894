from odoo import models


class ClinicPatient(models.Model):
    _inherit = "clinic.patient"

    def _get_initials(self):
        """First letters of the name's parts, as in “I. P.”; empty without a patient."""
        return " ".join(f"{part[0]}." for part in (self.name or "").split()[:3])
