from odoo import models
from odoo.http import request

from ...tools.browser_policy import HEADER, STAFF_PATHS, make_policy

PAGES = ("text/html", "application/xhtml+xml")


class IrHttp(models.AbstractModel):
    """A policy for browsers with every page that staff work in."""

    _inherit = "ir.http"

    @classmethod
    def _clinic_get_sources(cls):
        """Hook: hosts that pages of an addon need, by directive of the policy.

        What a page shows can be sent there: name one host of a service that the clinic
        has a contract with, never a whole domain, and nothing from the database.
        """
        return {}

    @classmethod
    def _clinic_set_policy(cls, response):
        """Put the policy on ``response`` if it is a page for staff.

        Pages of the site keep their pictures and frames of other hosts, whoever looks
        at them, but what the web client shows inside of itself.
        """
        headers = getattr(response, "headers", {})
        is_page = headers.get("Content-Type", "").startswith(PAGES)
        # Files have a policy of their own that allows nothing.
        is_open = "default-src" not in headers.get(HEADER, "")
        if is_page and is_open and cls._clinic_is_for_staff():
            host = request.httprequest.host
            headers[HEADER] = make_policy(host, cls._clinic_get_sources())

    @classmethod
    def _clinic_is_for_staff(cls):
        if STAFF_PATHS.match(request.httprequest.path):
            return True
        if getattr(request, "is_frontend", False) or not request.session.uid:
            return False
        return bool(request.env.uid) and request.env.user._is_internal()
