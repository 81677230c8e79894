from odoo import http
from odoo.http import request


class CalendarFeed(http.Controller):
    @http.route(
        "/clinic/ics/<string:token>.ics",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        readonly=True,
        save_session=False,
    )
    def calendar(self, token):
        """The visits of whoever owns the secret; how often is limited by nginx."""
        feed = request.env["clinic.calendar.feed"]._find_or_refuse(token)
        response = request.make_response(
            feed._get_text(), [("Content-Type", "text/calendar; charset=utf-8")]
        )
        response.add_etag()
        return response.make_conditional(request.httprequest)
