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
        screen = request.env["clinic.hall.screen"]._find_or_refuse(token)
        screen = screen.with_context(lang=screen.lang)
        page = screen.env["ir.qweb"]._render(
            template,
            {"screen": screen, "token": token, "places": screen._get_queue()},
            lang=screen.lang,
        )
        return request.make_response(
            page, [("Content-Type", "text/html; charset=utf-8")]
        )
