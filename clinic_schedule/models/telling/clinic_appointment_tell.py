from datetime import timedelta

from odoo import api, models
from odoo.tools import format_date

from odoo.addons.clinic_base.tools.payload import Payload
from odoo.addons.clinic_base.tools.walltime import to_wall

from ...tools.steps import AfterMove, AfterState, step

# A no-show that was noted by mistake is put right within that time.
MISTAKE = timedelta(minutes=30)


class ClinicAppointment(models.Model):
    """Specialists hear what others did with their visits, patients what they missed."""

    _inherit = "clinic.appointment"

    @step(AfterState.TELL_PATIENT)
    def _tell_of_missed(self, _old, new):
        if new == "no_show":
            self._notify_patient("missed", self.env.cr.now() + MISTAKE)

    @step(AfterState.TELL_SPECIALIST)
    def _tell_specialists_of_state(self, old, new):
        if kind := _get_kind(old, new):
            self._tell_specialists(kind)

    @step(AfterMove.TELL_SPECIALIST)
    def _tell_specialists_of_move(self, before):
        if self.state == "hold":
            return
        if self.start != before.start:
            self._tell_specialists("moved")
        if self.specialist_id.id != before.specialist_id:
            former = self.specialist_id.browse(before.specialist_id)
            self._tell_specialist(former, "cancelled")
            if self.start == before.start:
                self._tell_specialists("booked")

    def _tell_specialists(self, kind):
        """Tell each specialist of ``self`` what has happened to the own visits.

        :param kind: booked, moved, cancelled or arrived
        """
        for specialist, visits in self.grouped("specialist_id").items():
            visits._tell_specialist(specialist, kind)

    def _tell_specialist(self, specialist, kind):
        # What somebody wants to hear, and whose user it is, is the engine's to read.
        specialist = specialist.sudo()
        user = specialist.user_id
        if not user or user == self.env.user or not specialist[f"tell_{kind}"]:
            return
        # Goes out with the commit. Ids alone: the client reads with its own rights.
        user._bus_send(
            "clinic_schedule.visits_changed", {"kind": kind, "visit_ids": self.ids}
        )
        if kind != "arrived":
            self.env["clinic.specialist.notice"]._note(specialist, kind, self)

    @api.model
    @api.readonly
    def get_notices(self, ids):
        """What the screen says of visits that others have changed, as the user may see.

        :param ids: ids of visits, readable or not
        :return: list of {id, day, time, patient, room} in branch time
        """
        self.check_access("read")
        ids = Payload(self.env, {"ids": ids}).get_ids("ids")
        visits = self.search_fetch(
            [("id", "in", ids)],
            ["patient_id", "room_id", "branch_id", "start"],
            order="start, id",
        )
        return [visit._prepare_notice() for visit in visits]

    def _prepare_notice(self):
        wall = to_wall(self.start, self.branch_id.tz)
        return {
            "id": self.id,
            "day": format_date(self.env, wall.date(), date_format="d MMMM"),
            "time": f"{wall:%H:%M}",
            "patient": self.patient_id.name or "",
            "room": self.room_id.name or "",
        }


def _get_kind(old, new):
    """What a change of state means to the specialist; None if nothing."""
    if new in ("booked", "confirmed") and old in (None, "hold"):
        return "booked"
    if new == "cancelled" and old != "hold":
        return "cancelled"
    return "arrived" if new == "arrived" else None
