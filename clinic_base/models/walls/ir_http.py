import re

import psycopg2.errors
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    InternalServerError,
    NotFound,
    ServiceUnavailable,
    TooManyRequests,
    Unauthorized,
)

from odoo import models
from odoo.exceptions import AccessDenied, UserError
from odoo.http import Response, request

from ...tools.arguments import MISTAKES, get_place, is_of_suite
from ...tools.browser_policy import STAFF_PATHS as STAFF_PAGES
from ...tools.impossible import is_impossible, is_impossible_path, note_as_warning
from ...tools.secret_link import HEADERS, LinkOverError, has_secret
from ...tools.stored_code import gate

# Pages of the web client itself, through which staff sign in.
STAFF_PATHS = ("/web/", "/odoo", "/websocket", "/website/translations")
SIGN_IN = ("auth_timeout", "auth_passkey_portal", "auth_totp_portal")
# Answers a refused module with a traceback, and keeps what it has stored by then. The
# dialog for modules does the same work, and refuses it whole.
UPLOAD_OF_CODE = "/base_import_module/login_upload"
ASK_AGAIN = 300  # seconds
# For each lock; bookings share less (decision 0052).
PATIENCE = "4s"
BEARER = re.compile(r"^bearer\s+(\S+)", re.IGNORECASE)
# A key's beginning, by which Odoo finds it, tells one key from another.
KEY_BEGINNING = 8


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _auth_method_bearer(cls):
        authorization = request.httprequest.headers.get("Authorization", "")
        if key := BEARER.match(authorization):
            result = cls._clinic_count_key(key[1], super()._auth_method_bearer)
        else:
            result = super()._auth_method_bearer()
        # Odoo's own refusals are in the language of the request.
        request.update_context(lang=request.env.user.lang)
        # A key authenticates a login without a session: see tools/authority.py.
        request.clinic_bearer_uid = request.env.uid
        return result

    @classmethod
    def _clinic_count_key(cls, key, authenticate):
        """Slow who tries keys down, as those who try passwords.

        :raises TooManyRequests: with the seconds to wait
        """
        attempts = request.env["clinic.login.attempt"]
        login = f"key {key[:KEY_BEGINNING]}"
        address = request.httprequest.remote_addr
        if wait := attempts._get_wait(attempts._hash(login), address):
            raise TooManyRequests(
                request.env._(
                    "That did not work several times. Please try again in %(seconds)s"
                    " seconds.",
                    seconds=wait,
                ),
                retry_after=wait,
            )
        try:
            result = authenticate()
        except (AccessDenied, Unauthorized) as error:
            attempts._note(login, address, succeeded=False)
            raise Unauthorized() from error
        if not request.env.cr.readonly:
            attempts._note(login, address, succeeded=True, user_id=request.env.uid)
        return result

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """And of the pages of signing in and of locking, which Odoo leaves out."""
        return [*super()._get_translation_frontend_modules_name(), *SIGN_IN]

    @classmethod
    def _pre_dispatch(cls, rule, args):
        result = super()._pre_dispatch(rule, args)
        if rule.rule == UPLOAD_OF_CODE and not gate.is_switched_on():
            raise NotFound()
        if request.env["clinic.quiet"].get_since():
            cls._clinic_serve_staff_alone()
        return result

    @classmethod
    def _clinic_serve_staff_alone(cls):
        """Nobody else is answered by a database that was restored and not let go.

        Staff is who signed in to look: a key is another program's, whoever has it.
        Providers repeat a notice that meets this status.

        :raises ServiceUnavailable: for patients, visitors and other services
        """
        signed_in = request.session.uid and request.env.uid
        staff = signed_in and request.env.user._is_internal()
        if staff or request.httprequest.path.startswith(STAFF_PATHS):
            return
        raise ServiceUnavailable(retry_after=ASK_AGAIN)

    @classmethod
    def _get_error_html(cls, env, code, values):
        if code == ServiceUnavailable.code:
            views = env["ir.ui.view"]
            return code, views._render_template("clinic_base.error_503", values)
        return super()._get_error_html(env, code, values)

    @classmethod
    def _dispatch(cls, endpoint):
        """Log access to medical records before the answer, or the error, leaves; wait
        for nobody's open transaction longer than a person does.

        :raises UserError: what is to be written is held by somebody else; Odoo itself
            would try four times more, and keep the worker for as long
        """
        try:
            request.env.cr.execute("SET LOCAL lock_timeout = %s", [PATIENCE])
            result = super()._dispatch(endpoint)
            request.env.cr.flush()
            return result
        except psycopg2.errors.LockNotAvailable as error:
            raise UserError(
                request.env._(
                    "Somebody else is changing this at this very moment. Please try"
                    " again."
                )
            ) from error
        finally:
            cls._clinic_write_trail()

    @classmethod
    def _post_dispatch(cls, response):
        cls._clinic_write_trail()
        result = super()._post_dispatch(response)
        cls._clinic_keep_private(response)
        cls._clinic_set_policy(response)
        return result

    @classmethod
    def _match(cls, path_info):
        if is_impossible_path(path_info):
            raise BadRequest()
        rule, args = super()._match(path_info)
        request.clinic_secret_path = has_secret(args)
        return rule, args

    @classmethod
    def _clinic_keep_private(cls, response):
        """Whatever is answered to an address with a secret in it."""
        if getattr(request, "clinic_secret_path", False):
            response.headers.update(HEADERS)

    @classmethod
    def _handle_error(cls, exception):
        """A value that cannot be is refused, whatever route it came by; who has to come
        again is told when, also by pages that the site draws anew from the error."""
        if isinstance(exception, InternalServerError):
            # Exports wrap whatever Odoo's own code has met in this.
            exception = cls._clinic_unwrap(exception)
        if is_impossible(exception):
            note_as_warning(exception)
            exception = UserError(
                request.env._("A value is too large, too long or not a text.")
            )
        if isinstance(exception, LinkOverError):
            return cls._clinic_answer_over(exception)
        response = super()._handle_error(exception)
        if getattr(request, "clinic_secret_path", False):
            if isinstance(response, HTTPException):
                response = response.get_response(request.httprequest.environ)
            cls._clinic_keep_private(response)
        if isinstance(exception, ServiceUnavailable) and isinstance(response, Response):
            response.headers["Retry-After"] = str(ASK_AGAIN)
        if STAFF_PAGES.match(request.httprequest.path):
            cls._clinic_set_policy(response)
        return response

    @classmethod
    def _clinic_unwrap(cls, exception):
        cause = exception.__context__
        if isinstance(cause, MISTAKES) and not is_of_suite(get_place(cause)[0]):
            return BadRequest()
        return cause if is_impossible(cause) else exception

    @classmethod
    def _clinic_answer_over(cls, exception):
        """One page for addresses that are unknown, over or withdrawn."""
        views = request.env["ir.ui.view"]
        page = views._render_template("clinic_base.secret_link_over")
        response = Response(
            page, exception.code, content_type="text/html;charset=utf-8"
        )
        cls._post_dispatch(response)
        return response

    @classmethod
    def _clinic_write_trail(cls):
        if trail := getattr(request, "clinic_trail", None):
            request.env["clinic.access.log"]._write_trail(trail)
