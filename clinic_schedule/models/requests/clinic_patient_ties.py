from odoo import models


class ClinicPatient(models.Model):
    """Who has left or died is awaited nowhere any more."""

    _name = "clinic.patient"
    _inherit = ["clinic.visit.ties.mixin", "clinic.patient"]
    _ties_field = "patient_id"
    _ties_wish_field = "patient_id"

    def _has_cancellable_ties(self):
        return False  # They end in any case, and the patient is not told.

    def _settle_ties(self):
        """Coming visits, standing visits and wishes end; the time is offered again.

        Nobody is told: the card may be a dead person's. The desk sees them in the list
        of visits that were cancelled for this reason.
        """
        visits, series, requests = self._find_ties()
        reason = self.env.ref("clinic_base.cancel_reason_gone")
        requests |= visits.request_id
        if visits:
            visits._move_state("cancelled", cancel_reason_id=reason.id)
        for request in requests.filtered(lambda one: one.state in ("open", "offered")):
            request.action_lose(reason.id)
        return super()._settle_ties()

    def _get_ended_action(self):
        """The visits that were cancelled because the patient has left or died."""
        reason = self.env.ref("clinic_base.cancel_reason_gone")
        ended = [("patient_id", "in", self.ids), ("cancel_reason_id", "=", reason.id)]
        if not self.env["clinic.appointment"].search_count(ended, limit=1):
            return super()._get_ended_action()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ended visits"),
            "res_model": "clinic.appointment",
            "views": [(False, "list"), (False, "form")],
            "domain": ended,
        }
