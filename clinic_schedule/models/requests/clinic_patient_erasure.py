from odoo import models
from odoo.tools import SQL
from odoo.tools.misc import format_datetime

# A visit that has taken place, or takes place now, is an entry of the record.
TREATED = ("arrived", "in_progress", "done")


class ClinicPatient(models.Model):
    """Visits keep a person's data: coming ones while they come, past ones for as long
    as the medical record."""

    _inherit = "clinic.patient"

    def _get_retained(self):
        reasons = super()._get_retained()
        awaited = [("state", "in", ("hold", "booked", "confirmed"))]
        open_now = [("state", "in", ("arrived", "in_progress"))]
        visits = self.env["clinic.appointment"]
        own = [("patient_id", "in", self.ids)]
        coming = visits.search(
            [*own, *awaited, ("start", ">", self.env.cr.now())], order="start", limit=1
        )
        if coming:
            start = format_datetime(self.env, coming.start, coming.branch_id.tz)
            reasons.append(
                self.env._("A coming visit on %(start)s: cancel it.", start=start)
            )
        if visits.search_count([*own, *open_now], limit=1):
            reasons.append(self.env._("A visit is open: end it."))
        return reasons

    def _get_last_entry(self):
        visit = self.env["clinic.appointment"].search(
            [("patient_id", "in", self.ids), ("state", "in", TREATED)],
            order="start desc",
            limit=1,
        )
        days = [super()._get_last_entry(), visit.start and visit.start.date()]
        return max(filter(None, days), default=None)

    def _get_personal_fields(self):
        # What was overbooked keeps a reason.
        reason = {"overbook_reason": SQL("left(overbook_reason, 0) || '–'")}
        return {
            **super()._get_personal_fields(),
            "clinic.appointment": {"patient_id": {"hold_phone": None, **reason}},
            "clinic.occupancy": {"patient_id": reason},
        }
