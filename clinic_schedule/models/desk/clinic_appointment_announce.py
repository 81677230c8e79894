from odoo import models

from ..engine.clinic_appointment import ENGINE_FIELDS


class ClinicAppointment(models.Model):
    """Tells open boards which visits have changed."""

    _name = "clinic.appointment"
    _inherit = ["clinic.appointment", "clinic.announce.mixin"]
    _announced_fields = ENGINE_FIELDS
    _announced_singly = True
