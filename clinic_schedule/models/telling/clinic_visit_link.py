from datetime import timedelta

from odoo import models

ANSWERABLE = ("booked", "confirmed")
# Who comes late or looks once more is still told how the visit stands.
GRACE = timedelta(hours=2)


class ClinicVisitLink(models.Model):
    """The address where a patient answers for one visit without signing in.

    A visit is confirmed or cancelled; time that is offered to somebody who waits is
    taken, or the wish is given up. The page shows day, hour and branch, never whose
    visit it is or for what; answers are taken until the visit begins, and soon after
    its end the link is over. Looking changes nothing:
    scanners of messages look too.
    """

    _name = "clinic.visit.link"
    _description = "Link to confirm or cancel a visit"
    _inherit = ["clinic.visit.secret.mixin"]

    _link_path = "/clinic/visit/{token}"

    def _get_link_end(self):
        return self.appointment_id.stop + GRACE

    def _is_open(self):
        """Whether the patient may still answer."""
        visit = self.appointment_id
        answerable = visit.state in ANSWERABLE or self._is_offer()
        return answerable and visit.start > self.env.cr.now()

    def _is_offer(self):
        """Whether the time is still held for somebody on the waiting list."""
        visit = self.appointment_id
        return (
            visit.state == "hold"
            and visit.request_id.state == "offered"
            and visit.expires_at > self.env.cr.now()
        )

    def _answer(self, answer):
        """``answer`` is confirm or cancel; a repeated or late one changes nothing."""
        visit = self.appointment_id
        if not self._is_open():
            return
        reason = self.env.ref("clinic_base.cancel_reason_patient")
        if self._is_offer():
            self._answer_offer(answer, reason)
        elif answer == "cancel":
            visit.cancel(reason.id)
        elif visit.state == "booked":
            visit.action_confirm()

    def _answer_offer(self, answer, reason):
        """Take the offered time, or give the wish up.

        :raises SlotTakenError: the offer ran out in between
        """
        visit = self.appointment_id
        if answer == "cancel":
            visit.request_id.action_lose(reason.id)
        else:
            visit._book_hold({"hold_id": visit.id, "request_id": visit.request_id.id})
