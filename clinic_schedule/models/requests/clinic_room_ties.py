from odoo import models


class ClinicRoom(models.Model):
    _name = "clinic.room"
    _inherit = ["clinic.visit.ties.mixin", "clinic.room"]
    _ties_field = "room_id"

    def _settle_ties(self):
        """Who receives in it receives in any other room of the branch; a series goes
        on likewise."""
        # The right to archive is checked.
        env = self.sudo().env
        own = [("room_id", "in", self.ids)]
        env["clinic.shift.pattern"].search(own).write({"room_id": False})
        coming = [*own, ("start", ">", env.cr.now())]
        env["clinic.shift"].search(coming).write({"room_id": False})
        env["clinic.appointment.series"].search(own).write({"room_id": False})
        return super()._settle_ties()
