from odoo import models


class ClinicSpecialist(models.Model):
    _inherit = "clinic.specialist"

    def _get_experience_text(self):
        """Since when the specialist has worked, as the site says it."""
        self.ensure_one()
        return self.env._("Works since %(year)s", year=self.experience_since)
