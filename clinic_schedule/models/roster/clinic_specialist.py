from collections import defaultdict

from odoo import models

from odoo.addons.clinic_base.tools.spans import Span
from odoo.addons.clinic_base.tools.walltime import DAY, MINUTE, to_utc


class ClinicSpecialist(models.Model):
    _inherit = "clinic.specialist"

    def _get_absences(self, start, stop, tz) -> dict[int, list[Span]]:
        """{specialist id: spans} of leaves of any kind between two moments (UTC).

        A leave of whole days takes whole days of the branch (``tz``), whatever the
        hours of the employee's working calendar are.
        """
        # Time off is private; what is taken from it here is that somebody is away.
        owners = self.sudo()._find_leave_owners()
        leaves = (
            self.sudo()
            .env["resource.calendar.leaves"]
            .search_fetch(
                [
                    ("resource_id", "in", [resource.id for resource in owners]),
                    ("date_from", "<", stop + DAY),
                    ("date_to", ">", start - DAY),
                ],
                ["resource_id", "date_from", "date_to", "holiday_id"],
            )
        )
        absences = defaultdict(list)
        for leave in leaves:
            owner = owners[leave.resource_id]
            absences[owner.id].append(self._get_leave_span(leave, tz))
        return absences

    def _find_leave_owners(self, resources=None):
        """{resource: specialist}: a leave of the specialist's own resource keeps away
        as one of an employee's does.

        :param resources: look up whose they are; by default those of ``self``
        """
        if resources is None:
            own = [("id", "in", self.ids)]
            employed = [("clinic_specialist_id", "in", self.ids)]
        else:
            own = [("resource_id", "in", resources.ids)]
            employed = [*own, ("clinic_specialist_id", "!=", False)]
        specialists = self.search_fetch(own, ["resource_id"])
        employees = self.env["hr.employee"].search_fetch(
            employed, ["resource_id", "clinic_specialist_id"]
        )
        owners = {one.resource_id: one for one in specialists}
        return owners | {one.resource_id: one.clinic_specialist_id for one in employees}

    def _get_leave_span(self, leave, tz) -> Span:
        """Time (UTC) that a ``resource.calendar.leaves`` takes in a branch's zone."""
        request = leave.holiday_id
        if request and not (request.request_unit_half or request.request_unit_hours):
            return (
                to_utc(request.request_date_from, 0, tz),
                to_utc(request.request_date_to + DAY, 0, tz),
            )
        start = leave.date_from.replace(second=0, microsecond=0)
        stop = leave.date_to.replace(second=0, microsecond=0)
        return start, stop if stop == leave.date_to else stop + MINUTE
