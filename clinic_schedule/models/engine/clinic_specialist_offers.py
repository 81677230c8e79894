from datetime import timedelta

from odoo import api, fields, models

DAYS_AHEAD = 14
STARTS = 6


class ClinicSpecialist(models.Model):
    """Free times as a page for visitors shows them."""

    _inherit = "clinic.specialist"

    def _get_site_offers(self):
        """Free times of each specialist who can be booked without having been before.

        :return: dicts of ``specialist``, ``service`` and ``slots``; see
            :meth:`_localize_slots`
        """
        now = self.env.cr.now()
        offers = []
        for specialist in self:
            service = specialist._get_first_service()
            if not service:
                continue
            slots = self.env["clinic.appointment"].find_slots(
                {
                    "service_id": service.id,
                    "specialist_ids": specialist.ids,
                    "date_from": fields.Datetime.to_string(now + timedelta(hours=1)),
                    "date_to": fields.Datetime.to_string(
                        now + timedelta(days=DAYS_AHEAD)
                    ),
                    "order": "compact",
                    "limit": STARTS,
                }
            )
            offers.append(
                {
                    "specialist": specialist,
                    "service": service,
                    "slots": self._localize_slots(
                        sorted(slots, key=lambda slot: slot["start"])
                    ),
                }
            )
        return offers

    def _get_first_service(self):
        """What a new patient books with the specialist: the first public service."""
        return self.service_line_ids.product_id.filtered("is_public")[:1]

    @api.model
    def _localize_slots(self, slots):
        """Slots with ``local``, the start in the branch's zone."""
        branches = self.env["clinic.branch"].browse(
            {slot["branch_id"] for slot in slots}
        )
        zones = {branch.id: branch.tz for branch in branches}
        return [
            {
                **slot,
                "local": fields.Datetime.context_timestamp(
                    branches.with_context(tz=zones[slot["branch_id"]]),
                    fields.Datetime.to_datetime(slot["start"]),
                ),
            }
            for slot in slots
        ]
