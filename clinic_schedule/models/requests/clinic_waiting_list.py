from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.tools.apart import apart
from odoo.addons.clinic_base.tools.walltime import DAY, to_utc, to_wall

from .clinic_booking_request import WEEKDAY_FIELDS

# Where branches lie in several zones, the first ones found may be of another day.
OFFERS_LOOKED_AT = 20


class ClinicBookingRequest(models.Model):
    """The waiting list: when time frees, the best match gets a hold and a message."""

    _inherit = "clinic.booking.request"

    offer_count = fields.Integer(readonly=True, copy=False, default=0)
    offered_until = fields.Datetime(related="appointment_id.expires_at")

    def action_accept(self):
        """Turn the offered hold into the visit; returns its id."""
        self.check_access("write")
        self.ensure_one()
        if self.state != "offered":
            raise UserError(self.env._("Nothing is offered at the moment."))
        return self.env["clinic.appointment"].book(
            {"hold_id": self.appointment_id.id, "request_id": self.id}
        )

    @api.model
    def _wake(self):
        """Time may have become free: look for takers after the commit."""
        cron = self.env.ref("clinic_schedule.ir_cron_offer_time", False)
        if cron and self._has_waiting():
            # The engine wakes its own job; no role may touch jobs.
            cron.sudo()._trigger()

    @api.model
    def _get_waiting_domain(self):
        today = self._get_possible_branches()._get_today()
        return [
            ("origin", "=", "waiting"),
            ("state", "=", "open"),
            "|",
            ("due_to", "=", False),
            ("due_to", ">=", today),
        ]

    @api.model
    def _has_waiting(self):
        return bool(self.sudo().search_count(self._get_waiting_domain(), limit=1))

    @api.model
    def _cron_offer(self):
        """Offer free time: urgent wishes, then the least offered, then the oldest."""
        cron = self.env["ir.cron"]
        waiting = self.search(
            self._get_waiting_domain(), order="priority desc, offer_count, id"
        )
        cron._commit_progress(remaining=len(waiting))
        for request in waiting:
            with apart(request):
                request._offer()
            if not cron._commit_progress(1):
                break

    def _offer(self):
        """Hold the first time that suits the wish, and tell the patient."""
        appointments = self.env["clinic.appointment"]
        criteria = appointments._get_criteria(self._prepare_criteria())
        slots = [
            slot
            for slot in appointments._find_offers(criteria)
            if self._is_on_wanted_day(slot)
        ]
        if not slots:
            return False
        branch = self.env["clinic.branch"].browse(slots[0].branch_id)
        minutes = self.env["clinic.schedule.settings"]._get(branch).offer_minutes
        if not minutes:
            return False
        hold = appointments._hold(
            {
                "service_id": self.service_id.id,
                "specialist_id": slots[0].specialist_id,
                "branch_id": slots[0].branch_id,
                "patient_id": self.patient_id.id,
                "start": slots[0].start,
                "telemedicine": self.telemedicine,
                "request_id": self.id,
                "minutes": minutes,
            }
        )
        self.write(
            {
                "state": "offered",
                "appointment_id": hold.id,
                "offer_count": self.offer_count + 1,
            }
        )
        hold._notify_patient("offer")
        return True

    def _prepare_criteria(self):
        """The wish as criteria of the search.

        Wanted days are those of the branches: the window holds them in all their zones,
        and :meth:`_is_on_wanted_day` looks again at what is found.
        """
        self.ensure_one()
        branches = self.branch_ids or self._get_possible_branches()
        first = self.due_from or branches._get_today()
        last = self.due_to or first + timedelta(days=30)
        spans = [
            (to_utc(first, 0, tz), to_utc(last + DAY, 0, tz))
            for tz in set(branches.mapped("tz"))
        ]
        return {
            "service_id": self.service_id.id,
            "patient_id": self.patient_id.id,
            "specialist_ids": self.specialist_ids.ids,
            "branch_ids": self.branch_ids.ids,
            "date_from": min(span[0] for span in spans),
            "date_to": max(span[1] for span in spans),
            "weekdays": [day for day, name in enumerate(WEEKDAY_FIELDS) if self[name]],
            "hour_from": self.hour_from or None,
            "hour_to": self.hour_to or None,
            "telemedicine": self.telemedicine,
            "limit": OFFERS_LOOKED_AT,
        }

    @api.model
    def _get_possible_branches(self):
        """Those that the search looks at when none is named."""
        return self.env["clinic.branch"].search(
            [("company_id", "in", self.env.companies.ids)]
        )

    def _is_on_wanted_day(self, slot):
        day = to_wall(slot.start, slot.tz).date()
        return (not self.due_from or day >= self.due_from) and (
            not self.due_to or day <= self.due_to
        )
