from odoo import fields, models

from ...exceptions import StateMoveError


class ClinicAppointment(models.Model):
    """The patient in the hall: since when they wait, and that they are called in."""

    _inherit = "clinic.appointment"

    arrived_at = fields.Datetime(readonly=True, copy=False, help="UTC.")
    called_at = fields.Datetime(
        readonly=True, copy=False, help="When the hall screen last called them, UTC."
    )

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

    def _move_state(self, state, reverse=False, **vals):
        if state == "arrived":
            vals["arrived_at"] = self._get_second()
        elif reverse:
            vals |= {"arrived_at": False, "called_at": False}
        return super()._move_state(state, reverse, **vals)

    def _get_second(self):
        return self.env.cr.now().replace(microsecond=0)
