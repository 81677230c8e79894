from odoo import api, models

from ..engine.clinic_appointment import ENGINE_FIELDS


class ClinicAppointment(models.Model):
    """Tells open boards which visits have changed."""

    _name = "clinic.appointment"
    _inherit = ["clinic.appointment", "clinic.announce.mixin"]

    @api.model
    def _is_shown(self, vals):
        return bool(ENGINE_FIELDS & vals.keys())

    def _get_announced_ids(self):
        return self.ids
