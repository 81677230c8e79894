from odoo import fields, models

SHOWN = (
    "booked",
    "confirmed",
    "arrived",
    "in_progress",
    "done",
    "no_show",
    "cancelled",
)


class ClinicAppointment(models.Model):
    _inherit = "clinic.appointment"

    def _get_local_start(self):
        """Start in the branch's zone, aware."""
        self.ensure_one()
        return fields.Datetime.context_timestamp(
            self.with_context(tz=self.branch_id.tz), self.start
        )

    def _get_portal_visits(self, patients):
        """Coming visits first, soonest on top; then past ones, latest on top."""
        visits = self.search(
            [("patient_id", "in", patients.ids), ("state", "in", SHOWN)], limit=200
        )
        now = self.env.cr.now()
        coming = visits.filtered(
            lambda v: v.start >= now and v.state in ("booked", "confirmed")
        ).sorted("start")
        return coming, visits - coming
