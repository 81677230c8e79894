from odoo import models

from ...exceptions import StateMoveError


class ClinicAppointment(models.Model):
    """The patient in the hall is called in."""

    _inherit = "clinic.appointment"

    def action_call(self):
        """Call the patient into the room on the hall screen; may be repeated.

        :raises StateMoveError: for a patient who is not waiting in the hall
        """
        self.check_access("write")
        if self.filtered(lambda visit: visit.state != "arrived"):
            raise StateMoveError(
                self.env._("Only a patient who waits in the hall can be called.")
            )
        # Checked just above; no role writes moments by hand.
        self.sudo()._as_engine().write({"called_at": self._get_second()})
        return True
