from odoo import models


class ClinicSpecialist(models.Model):
    _name = "clinic.specialist"
    _inherit = ["clinic.visit.ties.mixin", "clinic.specialist"]
    _ties_field = "specialist_id"
    _ties_wish_field = "specialist_ids"

    def _settle_ties(self):
        self._drop_shifts([("specialist_id", "in", self.ids)])
        return super()._settle_ties()
