from datetime import datetime

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.clinic_base.tools.walltime import minute_of_day, to_utc, to_wall

from .placing import choose_placing

CLOCK_FORMAT = "%Y-%m-%d %H:%M"


class ClinicAppointment(models.Model):
    """Visits at which the clock shows another hour than was agreed on."""

    _inherit = "clinic.appointment"

    clock_before = fields.Char(
        string="Agreed clock time",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="What the clock of the branch would have shown by the rules that held when"
        " the visit was booked.",
    )
    clock_now = fields.Char(
        string="Clock time now", compute="_compute_clock_now", help="In branch time."
    )

    def _compute_clock_now(self):
        for visit in self:
            wall = to_wall(visit.start, visit.branch_id.tz)
            visit.clock_now = f"{wall:{CLOCK_FORMAT}}"

    def action_keep_clock_time(self):
        """Move visits to the clock time that was agreed on; nobody need be told."""
        self._check_may_keep_time()
        # Checked just above; the engine writes rows that no role writes by hand.
        left = self.sudo()._keep_clock_time()
        if left:
            return self._notify_of_left(left)
        return True

    def action_tell_clock_time(self):
        """Leave the visits where they are and tell the patients the new hour."""
        self._check_may_keep_time()
        # Checked just above; the outbox is the engine's.
        visits = self.sudo().filtered("clock_before")
        for visit in visits:
            visit.move_count += 1
        visits._notify_patient("moved")
        visits.clock_before = False
        return True

    def _check_may_keep_time(self):
        self.check_access("write")
        if not self._is_chief():
            raise AccessError(self.env._("Only a chief registrar decides about this."))

    def _keep_clock_time(self):
        """The visits for which the agreed hour cannot be had any more.

        Later visits go first where all move to a later time, so that nobody stands in
        the way of a neighbour who moves as well.
        """
        left = self.browse()
        targets = {
            visit: visit._get_agreed_start() for visit in self if visit.clock_before
        }
        later = [visit for visit in targets if targets[visit] > visit.start]
        earlier = [visit for visit in targets if targets[visit] < visit.start]
        order = [
            *sorted(later, key=lambda visit: visit.start, reverse=True),
            *sorted(earlier, key=lambda visit: visit.start),
        ]
        for visit in order:
            try:
                visit._move_quietly(targets[visit])
            except UserError:
                left |= visit
        return left

    def _get_agreed_start(self):
        wall = datetime.strptime(self.clock_before, CLOCK_FORMAT)
        return to_utc(wall.date(), minute_of_day(wall), self.branch_id.tz)

    def _move_quietly(self, start):
        """As rescheduling, but for the patient nothing has changed."""
        old = self.start
        kind = choose_placing(self.group_session_id)
        asked = kind.prepare_move(self, start, None, self.room_id.id, None)
        criteria = self._as_criteria(**{**asked, "branch_id": self.branch_id.id})
        self._place([criteria], lambda placing: placing.move(self))
        self._log_event("moved", old=old, new=self.start)
        self.clock_before = False

    def _notify_of_left(self, left):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "Visits that cannot have the agreed hour any more and stay in the"
                    " list: %(count)s.",
                    count=len(left),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
