from odoo import models


class ClinicShift(models.Model):
    """Tells open boards that the roster of a day has changed."""

    _name = "clinic.shift"
    _inherit = ["clinic.shift", "clinic.announce.mixin"]
