from contextlib import suppress

from odoo import http
from odoo.http import request

from odoo.addons.clinic_base.tools.walltime import to_wall

from ..exceptions import SlotRefusedError, SlotTakenError


class VisitLink(http.Controller):
    @http.route(
        "/clinic/visit/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def show(self, token):
        """The page with the two buttons; changes nothing."""
        link = self._find(token)
        visit = link.appointment_id
        values = {
            "token": token,
            "visit": visit,
            "is_open": link._is_open(),
            "is_offer": link._is_offer(),
            "until": to_wall(visit.expires_at or visit.start, visit.branch_id.tz),
            "start": to_wall(visit.start, visit.branch_id.tz),
        }
        return request.render("clinic_schedule.visit_link", values)

    @http.route(
        [
            "/clinic/visit/<string:token>/<any(confirm, cancel):answer>",
        ],
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def answer(self, token, answer):
        """The patient's answer; the page then says how the visit stands."""
        # What cannot be had any more shows on the page that follows.
        with suppress(SlotTakenError, SlotRefusedError):
            self._find(token)._answer(answer)
        return request.redirect(f"/clinic/visit/{token}")

    def _find(self, token):
        return request.env["clinic.visit.link"]._find_or_refuse(token)
