from odoo import api, models


class ResourceCalendarLeaves(models.Model):
    """Time off of an employee, or of the specialist's own resource, however it was
    entered, cuts the specialist's shifts."""

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._recut_shifts()
        return leaves

    def write(self, vals):
        before = self._get_clinic_spans()
        result = super().write(vals)
        if vals.keys() & {"date_from", "date_to", "resource_id"}:
            self._recut_shifts(before)
        return result

    def unlink(self):
        before = self._get_clinic_spans()
        result = super().unlink()
        self.browse()._recut_shifts(before)
        return result

    def _get_clinic_spans(self):
        """(specialist, start, stop) of the leaves that keep a specialist away."""
        # Employees are closed to most who may enter a leave.
        specialists = self.env["clinic.specialist"].sudo()
        owners = specialists.with_context(active_test=False)._find_leave_owners(
            self.resource_id
        )
        return [
            (owners[leave.resource_id], leave.date_from, leave.date_to)
            for leave in self
            if leave.resource_id in owners
        ]

    def _recut_shifts(self, before=()):
        """Rewrite the shifts under the leaves as they were and as they are."""
        for specialist, start, stop in {*before, *self._get_clinic_spans()}:
            # Whoever may grant time off need not have the right to edit shifts.
            self.env["clinic.shift"].sudo()._recut(start, stop, specialists=specialist)
