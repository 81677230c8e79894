import re

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

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
            {"token": token, "offers": specialists_sudo._get_site_offers()},
        )

    def _get_questionnaire_sudo(self):
        # Published questions are for everybody.
        return (
            request.env["clinic.screening.questionnaire"]
            .sudo()
            .search([("is_published", "=", True)], limit=1)
        )
