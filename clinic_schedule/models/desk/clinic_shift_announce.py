from odoo import api, models

from odoo.addons.clinic_base.tools.walltime import to_wall


class ClinicShift(models.Model):
    """Tells open boards that the roster of a day has changed."""

    _inherit = "clinic.shift"

    @api.model_create_multi
    def create(self, vals_list):
        shifts = super().create(vals_list)
        shifts._announce()
        return shifts

    def write(self, vals):
        self._announce()
        result = super().write(vals)
        self._announce()
        return result

    def _announce(self):
        for branch, shifts in self.grouped("branch_id").items():
            branch._announce_change(
                {to_wall(shift.start, branch.tz).date() for shift in shifts}
            )
