from werkzeug.exceptions import BadRequest, ServiceUnavailable

from odoo import models
from odoo.exceptions import UserError
from odoo.http import Response, request
from odoo.tools import html_escape


from ..tools.impossible import is_impossible, is_impossible_path, note_as_warning

# Pages of the web client itself, through which staff sign in.
STAFF_PATHS = ("/web/", "/websocket")
ASK_AGAIN = 300  # seconds


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _auth_method_bearer(cls):
        result = super()._auth_method_bearer()
        # A key authenticates a login without a session: see tools/authority.py.
        request.clinic_bearer_uid = request.env.uid
        return result

    @classmethod
    def _pre_dispatch(cls, rule, args):
        result = super()._pre_dispatch(rule, args)
        if request.env["clinic.quiet"].get_since():
            cls._clinic_serve_staff_alone()
        return result

    @classmethod
    def _clinic_serve_staff_alone(cls):
        """Nobody else is answered by a database that was restored and not let go.

        Providers repeat a notice that meets this status.

        :raises ServiceUnavailable: for patients, visitors and other services
        """
        staff = request.env.uid and request.env.user._is_internal()
        if staff or request.httprequest.path.startswith(STAFF_PATHS):
            return
        text = request.env._(
            "One moment, please. We are just back after an interruption; try again in a"
            " few minutes or call the clinic."
        )
        page = (
            '<!DOCTYPE html><html><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"</head><body><p>{html_escape(text)}</p></body></html>"
        )
        response = Response(page, status=503, headers={"Retry-After": ASK_AGAIN})
        raise ServiceUnavailable(response=response)

    @classmethod
    def _dispatch(cls, endpoint):
        """Log access to medical records before the answer, or the error, leaves."""
        try:
            return super()._dispatch(endpoint)
        finally:
            cls._clinic_write_trail()

    @classmethod
    def _post_dispatch(cls, response):
        cls._clinic_write_trail()
        return super()._post_dispatch(response)

    @classmethod
    def _match(cls, path_info):
        if is_impossible_path(path_info):
            raise BadRequest()
        return super()._match(path_info)

    @classmethod
    def _handle_error(cls, exception):
        """A value that cannot be is refused, whatever route it came by."""
        if is_impossible(exception):
            note_as_warning(exception)
            exception = UserError(
                request.env._("A value is too large, too long or not a text.")
            )
        return super()._handle_error(exception)

    @classmethod
    def _clinic_write_trail(cls):
        if trail := getattr(request, "clinic_trail", None):
            request.env["clinic.access.log"]._write_trail(trail)
