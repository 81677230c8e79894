import json

from odoo import http
from odoo.http import request


class SmsReport(http.Controller):
    @http.route(
        "/clinic/sms/report/<string:token>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        csrf=False,
        sitemap=False,
        save_session=False,
    )
    def report(self, token, **form):
        """A gateway tells that something has become of messages, or that one came.

        What it tells is not believed, only asked for; anything is answered alike.
        """
        account = request.env["clinic.sms.account"]._find(token)
        report = self._read(form)
        for gateway in account._get_gateways().values():
            refs = gateway.get_reported_refs(report)
            request.env["clinic.message"].sudo()._note_reports(account, refs)
            if gateway.has_reply(report):
                account._wake_reading()
        return request.make_response("OK", [("Content-Type", "text/plain")])

    def _read(self, form):
        """The posted form, or the posted JSON; whatever else counts as empty."""
        if form:
            return form
        try:
            return json.loads(request.httprequest.get_data() or b"{}")
        except ValueError:
            return {}
