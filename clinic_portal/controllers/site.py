from odoo import http
from odoo.http import request


class Site(http.Controller):
    """Pages for somebody who knows whom they want to see."""

    @http.route("/clinic", type="http", auth="public", website=True, methods=["GET"])
    def clinic_home(self, **_kwargs):
        return request.render(
            "clinic_portal.home_page", {"specialists": self._get_specialists_sudo()[:6]}
        )

    @http.route(
        "/clinic/specialists", type="http", auth="public", website=True, methods=["GET"]
    )
    def specialists(self, **_kwargs):
        return request.render(
            "clinic_portal.specialists_page",
            {"specialists": self._get_specialists_sudo()},
        )

    @http.route(
        "/clinic/specialists/<int:specialist_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def specialist(self, specialist_id, **_kwargs):
        specialist_sudo = self._get_specialists_sudo().filtered(
            lambda specialist: specialist.id == specialist_id
        )
        if not specialist_sudo:
            return request.not_found()
        return request.render(
            "clinic_portal.specialist_page",
            {
                "specialist": specialist_sudo,
                "offers": specialist_sudo._get_site_offers(),
                "token": "",
            },
        )

    def _get_specialists_sudo(self):
        # Published profiles are for everybody.
        return (
            request.env["clinic.specialist"]
            .sudo()
            .search([("is_published", "=", True)])
        )
