from collections import defaultdict

from odoo import api, models

from odoo.addons.clinic_base.tools.walltime import to_wall

from ..engine.clinic_appointment import ENGINE_FIELDS


class ClinicAppointment(models.Model):
    """Tells open boards which visits have changed."""

    _inherit = "clinic.appointment"

    @api.model_create_multi
    def create(self, vals_list):
        visits = super().create(vals_list)
        visits._announce()
        return visits

    def write(self, vals):
        if not ENGINE_FIELDS & vals.keys():
            return super().write(vals)
        self._announce()
        result = super().write(vals)
        self._announce()
        return result

    def _announce(self):
        days = defaultdict(lambda: (set(), set()))
        for visit in self:
            seen_days, visit_ids = days[visit.branch_id]
            seen_days.add(to_wall(visit.start, visit.branch_id.tz).date())
            visit_ids.add(visit.id)
        for branch, (seen_days, visit_ids) in days.items():
            branch._announce_change(seen_days, visit_ids)
