from dataclasses import replace
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.tools.payload import Payload

from ...tools.recurrence import nearest_start

# How far from its date another time for it may lie.
NEAR = timedelta(days=3)
# What may be settled about single dates.
EXCEPTIONS = {"skip", "instead"}


class ClinicAppointment(models.Model):
    """Dates of a standing hour that cannot be had, and what is chosen instead."""

    _inherit = "clinic.appointment"

    @api.model
    def _settle_starts(self, starts, skip, instead):
        """``starts`` ({naive UTC: date}) with what is settled about single dates.

        :param skip: dates ('YYYY-MM-DD') that are left out
        :param instead: {date: start} of dates that have another time this once
        :raises UserError: another time lies so far off that it might be another date's
        """
        skipped = {fields.Date.to_date(day) for day in skip}
        return {
            self._replace_start(start, day, instead): day
            for start, day in starts.items()
            if day not in skipped
        }

    @api.model
    def _replace_start(self, start, day, instead):
        chosen = Payload(self.env, instead).get_moment(str(day))
        if chosen and abs(chosen - start) > NEAR:
            raise UserError(
                self.env._(
                    "The time instead of %(day)s lies more than three days off.",
                    day=day,
                )
            )
        return chosen or start

    @api.model
    def _find_clashes(self, criteria, starts):
        """Those of ``starts`` ({naive UTC: date}) that cannot be had.

        :return: list of {date, start, reason ('taken' or 'not_working'), alternatives}
        """
        around = replace(
            criteria,
            wanted=(),
            start=max(criteria.now, criteria.start - NEAR),
            stop=criteria.stop + NEAR,
        )
        runs = self._find_runs(around)
        missing = {
            start: day
            for start, day in starts.items()
            if not any(run.first <= start <= run.last for run in runs)
        }
        working = self._get_working_starts(criteria, missing)
        return [
            {
                "date": str(day),
                "start": fields.Datetime.to_string(start),
                "reason": "taken" if start in working else "not_working",
                "alternatives": self._get_nearest_start(runs, start),
            }
            for start, day in missing.items()
        ]

    @api.model
    def _get_working_starts(self, criteria, starts):
        """Those of ``starts`` at which the specialist has a shift."""
        shifts = self.env["clinic.shift"].search_fetch(
            [
                ("specialist_id", "in", criteria.specialist_ids),
                ("branch_id", "in", criteria.branch_ids),
                ("start", "<=", max(starts, default=datetime.min)),
                ("stop", ">", min(starts, default=datetime.max)),
            ],
            ["start", "stop"],
        )
        return {
            start
            for start in starts
            if any(shift.start <= start < shift.stop for shift in shifts)
        }

    @api.model
    def _get_nearest_start(self, runs, wanted):
        """The nearest start within three days, as a list of UTC strings."""
        near = [run for run in runs if abs(run.first - wanted) <= NEAR]
        start = nearest_start(near, wanted)
        return [fields.Datetime.to_string(start)] if start else []
