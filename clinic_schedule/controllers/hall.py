from odoo import http
from odoo.http import request

ROUTE = {
    "type": "http",
    "auth": "public",
    "methods": ["GET"],
    "sitemap": False,
    "readonly": True,
    "save_session": False,
}
PRIVATE = [
    ("Cache-Control", "private, no-cache"),
    ("X-Robots-Tag", "noindex, nofollow"),
    ("Referrer-Policy", "no-referrer"),
]


class HallScreen(http.Controller):
    @http.route("/clinic/hall/<string:token>", **ROUTE)
    def page(self, token):
        """The page for the television; nginx limits how often it is asked for."""
        return self._render("clinic_schedule.hall_page", token)

    @http.route("/clinic/hall/<string:token>/queue", **ROUTE)
    def queue(self, token):
        """The queue alone, which the page asks for every few seconds."""
        response = self._render("clinic_schedule.hall_queue", token)
        response.add_etag()
        return response.make_conditional(request.httprequest)

    def _render(self, template, token):
        # The secret is the right to look, and the page names nobody.
        screen = request.env["clinic.hall.screen"].sudo()._find(token)
        if not screen:
            raise request.not_found()
        screen = screen.with_context(lang=screen.lang)
        page = screen.env["ir.qweb"]._render(
            template,
            {"screen": screen, "token": token, "places": screen._get_queue()},
            lang=screen.lang,
        )
        return request.make_response(
            page, [("Content-Type", "text/html; charset=utf-8"), *PRIVATE]
        )
