import re
from datetime import timedelta

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request

DAYS_AHEAD = 14
STARTS = 6
# No id of a record has more digits.
ID = re.compile("[0-9]{1,9}")


class Screening(http.Controller):
    """Questions, then the free times of who fits. Answers never reach an address."""

    @http.route(
        "/clinic/screening", type="http", auth="public", website=True, methods=["GET"]
    )
    def screening(self, **_kwargs):
        questionnaire_sudo = self._get_questionnaire_sudo()
        if not questionnaire_sudo:
            return request.render("clinic_screening.screening_closed")
        return request.render(
            "clinic_screening.screening_page",
            {"questionnaire": questionnaire_sudo, "error": None, "chosen": {}},
        )

    @http.route(
        "/clinic/screening",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def screening_submit(self, **post):
        questionnaire_sudo = self._get_questionnaire_sudo()
        pairs = [
            (key.removeprefix("question_"), value)
            for key, value in post.items()
            if key.startswith("question_")
        ]
        chosen = {
            int(question): int(option)
            for question, option in pairs
            if ID.fullmatch(question) and ID.fullmatch(option)
        }
        try:
            # Visitors have no right to medical rows; the method takes answers only and
            # gives nothing back but whom to see.
            token, outcome, specialists_sudo = (
                request.env["clinic.screening"]
                .sudo()
                .submit(questionnaire_sudo, list(chosen.values()))
            )
        except UserError as error:
            return request.render(
                "clinic_screening.screening_page",
                {
                    "questionnaire": questionnaire_sudo,
                    "error": str(error),
                    "chosen": chosen,
                },
            )
        if outcome.urgent:
            return request.render("clinic_screening.screening_urgent")
        return request.render(
            "clinic_screening.screening_outcome",
            {"token": token, "offers": self._get_offers(specialists_sudo)},
        )

    def _get_questionnaire_sudo(self):
        # Published questions are for everybody.
        return (
            request.env["clinic.screening.questionnaire"]
            .sudo()
            .search([("is_published", "=", True)], limit=1)
        )

    def _get_offers(self, specialists_sudo):
        """Free times of each specialist: dicts of specialist, service and slots."""
        now = fields.Datetime.now()
        offers = []
        for specialist_sudo in specialists_sudo:
            service_sudo = self._get_first_service(specialist_sudo)
            if not service_sudo:
                continue
            slots = specialist_sudo.env["clinic.appointment"].find_slots(
                {
                    "service_id": service_sudo.id,
                    "specialist_ids": specialist_sudo.ids,
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
                    "specialist": specialist_sudo,
                    "service": service_sudo,
                    "slots": self._localize(sorted(slots, key=lambda s: s["start"])),
                }
            )
        return offers

    def _get_first_service(self, specialist_sudo):
        """What a new patient books with the specialist: the first public service."""
        services = specialist_sudo.service_line_ids.product_id
        return services.filtered("is_public")[:1]

    def _localize(self, slots):
        """Slots with ``local``, the start in the branch's zone."""
        branches_sudo = (
            request.env["clinic.branch"]
            .sudo()
            .browse({slot["branch_id"] for slot in slots})
        )
        zones = {branch.id: branch.tz for branch in branches_sudo}
        return [
            {
                **slot,
                "local": fields.Datetime.context_timestamp(
                    branches_sudo.with_context(tz=zones[slot["branch_id"]]),
                    fields.Datetime.to_datetime(slot["start"]),
                ),
            }
            for slot in slots
        ]
