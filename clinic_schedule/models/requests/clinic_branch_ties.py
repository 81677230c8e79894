from odoo import models


class ClinicBranch(models.Model):
    _name = "clinic.branch"
    _inherit = ["clinic.visit.ties.mixin", "clinic.branch"]
    _ties_field = "branch_id"
    _ties_wish_field = "branch_ids"

    def _settle_ties(self):
        self._drop_shifts([("branch_id", "in", self.ids)])
        return super()._settle_ties()
