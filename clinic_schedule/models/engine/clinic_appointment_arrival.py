from dataclasses import replace
from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError

from ...exceptions import SlotRefusedError, SlotTakenError

NOT_READY = ("cleaning", "closed")


class ClinicAppointment(models.Model):
    """The room is planned ahead, and settled when the patient is here."""

    _inherit = "clinic.appointment"

    def action_arrive(self):
        """The patient is here; a room that is not ready is exchanged for one that is.

        Whoever has come is let in whatever happens: without another room, the planned
        one stays.
        """
        result = self._check_and_move("arrived")
        for visit in self.filtered(lambda one: one.room_id.readiness in NOT_READY):
            try:
                visit.action_another_room()
            except (SlotTakenError, SlotRefusedError):
                continue
        return result

    def action_another_room(self):
        """Move the visit to a free room of the branch that is ready, in one step.

        :raises SlotTakenError, SlotRefusedError: there is none; nothing has changed
        """
        self.check_access("write")
        self.ensure_one()
        # Checked just above; the engine writes rows that no role writes by hand.
        return self.sudo()._change_room()

    def _change_room(self):
        if self.group_session_id:
            raise SlotRefusedError(
                self.env._("The room of a group is changed in its session.")
            )
        if self.state not in ("booked", "confirmed", "arrived"):
            raise UserError(self.env._("The visit has begun, or is over."))
        criteria = self._as_criteria(room_id=None)
        ready = self.env["clinic.room"].search(
            [
                ("branch_id", "=", self.branch_id.id),
                ("readiness", "=", "ready"),
                ("id", "!=", self.room_id.id),
            ]
        )
        # The visit may have been due some minutes ago: its own time still counts.
        begun = self.start - timedelta(minutes=self.buffer_before)
        criteria = replace(
            criteria,
            room_ids=tuple(ready.ids) or (0,),
            now=min(criteria.now, begun),
            any_room=True,
        )
        old = self.room_id
        self._place([criteria], lambda placing: placing.move(self))
        self._log_event("moved", old=old.name, new=self.room_id.name)
        return True
