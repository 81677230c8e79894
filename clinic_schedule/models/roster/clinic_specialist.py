from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from odoo.addons.clinic_base.tools.spans import Span
from odoo.addons.clinic_base.tools.walltime import DAY, MINUTE, to_utc

LEAVE_FIELDS = ("date_from", "date_to", "holiday_id")


class ClinicSpecialist(models.Model):
    _inherit = "clinic.specialist"

    def _get_absences(self, start, stop, tz) -> dict[int, list[Span]]:
        """{specialist id: spans} of leaves of any kind between two moments (UTC).

        A leave of whole days takes whole days of the branch (``tz``), whatever the
        hours of the employee's working calendar are.
        """
        # Time off is private; what is taken from it here is that somebody is away.
        leaves = self.sudo().env["resource.calendar.leaves"]
        query = leaves._search(
            [("date_from", "<", stop + DAY), ("date_to", ">", start - DAY)]
        )
        resource, *values = (
            leaves._field_to_sql(query.table, name, query)
            for name in ("resource_id", *LEAVE_FIELDS)
        )
        owners = self.sudo()._select_leave_owners(
            [("id", "in", self.ids)], [("clinic_specialist_id", "in", self.ids)]
        )
        query.add_join("JOIN", "owner", owners, SQL("owner.resource_id = %s", resource))
        rows = self.env.execute_query(query.select(SQL("owner.specialist_id"), *values))
        requests = (
            self.sudo().env["hr.leave"].browse({row[-1] for row in rows} - {None})
        )
        by_id = {request.id: request for request in requests}
        absences = defaultdict(list)
        for specialist_id, date_from, date_to, request_id in rows:
            span = self._get_leave_span(date_from, date_to, by_id.get(request_id), tz)
            absences[specialist_id].append(span)
        return absences

    def _find_leave_owners(self, resources):
        """{resource: specialist} of those ``resources`` that are a specialist's."""
        own = [("resource_id", "in", resources.ids)]
        owners = self._select_leave_owners(
            own, [*own, ("clinic_specialist_id", "!=", False)]
        )
        found = self.env.execute_query(SQL("SELECT * FROM %s AS owner", owners))
        return {resources.browse(one): self.browse(owner) for one, owner in found}

    def _select_leave_owners(self, own, employed) -> SQL:
        """A table of ``resource_id`` and ``specialist_id``: a leave of the specialist's
        own resource keeps away as one of an employee's does.

        :param own: domain of the specialists
        :param employed: domain of their employees
        """
        parts = (
            (self, own, "id"),
            (self.env["hr.employee"], employed, "clinic_specialist_id"),
        )
        selects = []
        for records, domain, owner in parts:
            query = records._search(domain)
            resource_id, specialist_id = (
                records._field_to_sql(query.table, name, query)
                for name in ("resource_id", owner)
            )
            selects.append(
                query.select(
                    SQL("%s AS resource_id", resource_id),
                    SQL("%s AS specialist_id", specialist_id),
                )
            )
        return SQL("(%s)", SQL(" UNION ALL ").join(selects))

    def _get_leave_span(self, date_from, date_to, request, tz) -> Span:
        """Time (UTC) that a leave takes in a branch's zone, by its ``hr.leave``."""
        if request and not (request.request_unit_half or request.request_unit_hours):
            return (
                to_utc(request.request_date_from, 0, tz),
                to_utc(request.request_date_to + DAY, 0, tz),
            )
        start = date_from.replace(second=0, microsecond=0)
        stop = date_to.replace(second=0, microsecond=0)
        return start, stop if stop == date_to else stop + MINUTE
