from dataclasses import replace
from datetime import timedelta

from odoo import api, models

from odoo.addons.clinic_base.tools.payload import Payload
from odoo.addons.clinic_base.tools.public_methods import open_to
from odoo.addons.clinic_base.tools.walltime import DAY, to_wall

from ...tools.recurrence import get_dates, get_standing_hours
from ..engine.clinic_appointment_api import SEARCH_KEYS
from ..engine.clinic_appointment_rights import API_GROUP

# What a search for standing hours says beyond the criteria of any search.
SERIES_KEYS = {"weeks", "interval_weeks"}


class ClinicAppointment(models.Model):
    """Search for an hour of the week that stays free."""

    _inherit = "clinic.appointment"

    @open_to(API_GROUP)
    @api.model
    @api.readonly
    def find_series_slots(self, criteria):
        """Hours of the week that stay free over the next weeks, best first.

        :param criteria: those of :meth:`find_slots`, with ``weeks`` (26) and
            ``interval_weeks`` (1); ``date_from`` is the first day
        :return: list of {weekday, minute_of_day, hour ('HH:MM', branch time),
            specialist_id, branch_id, free (dates), clashes (dates that are not free)},
            fewest clashes first, then the best packed
        """
        self._check_may_search()
        self._check_api_keys(criteria, SEARCH_KEYS | self._get_public_criteria())
        known = self._get_criteria_keys()
        payload = Payload(self.env, criteria, known | SERIES_KEYS)
        # Checked just above. The answer names times and places, never patients.
        self = self.sudo()
        settings = self.env["clinic.schedule.settings"]._get()
        weeks = payload.get_int("weeks", 1, 104) or settings.series_weeks
        interval = payload.get_int("interval_weeks", 1, 52) or 1
        parsed = self._get_criteria(
            {key: criteria[key] for key in criteria.keys() & known}
        )
        parsed = replace(parsed, stop=parsed.start + timedelta(weeks=weeks))
        return self._find_standing_hours(parsed, interval)

    @api.model
    def _find_standing_hours(self, criteria, interval_weeks):
        runs = self._find_runs(criteria)
        zone = runs[0].tz if runs else "UTC"
        first = to_wall(criteria.start, zone).date()
        last = to_wall(criteria.stop, zone).date() - DAY
        hours = get_standing_hours(runs, first, last, interval_weeks, criteria.step)
        return [
            self._export_standing_hour(hour, first, last, interval_weeks)
            for hour in hours[: criteria.limit]
        ]

    @api.model
    def _export_standing_hour(self, hour, first, last, interval_weeks):
        days = list(get_dates(hour.weekday, first, last, interval_weeks))
        clock, minute = divmod(hour.minute_of_day, 60)
        return {
            "weekday": hour.weekday,
            "minute_of_day": hour.minute_of_day,
            "hour": f"{clock:02}:{minute:02}",
            "specialist_id": hour.specialist_id,
            "branch_id": hour.branch_id,
            "free": [str(day) for day in days if day in hour.free],
            "clashes": [str(day) for day in days if day not in hour.free],
        }
