"""Who may see what is medical at this moment.

The answer hangs on the login that was authenticated for the request, never on
``env.uid``, ``sudo()``, ``with_user()`` or the context: all of these can be set by code
that an administrator without medical rights writes into the database.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from odoo import SUPERUSER_ID
from odoo.http import request

if TYPE_CHECKING:
    from odoo.api import Environment

_logger = logging.getLogger(__name__)

MEDICAL = "clinic_base.group_medical"
MEDICAL_CHIEF = "clinic_base.group_medical_chief"

# None: as the login says. "": closed, whoever asks. Anything else: a job's name.
_mode: ContextVar[str | None] = ContextVar("clinic_medical_mode", default=None)


@contextmanager
def medical_job(name: str) -> Iterator[None]:
    """Let a named piece of the product's own code read what is medical.

    For work that nobody with a medical login waits for: a cron, a queue job, a score
    computed from a patient's answers. The name goes to the server log and the access
    log. It must not hand text on to whoever started it.
    """
    if not name:
        raise ValueError("a medical job needs a name")
    _logger.info("Medical job %s", name)
    token = _mode.set(name)
    try:
        yield
    finally:
        _mode.reset(token)


@contextmanager
def closed_to_medical() -> Iterator[None]:
    """Close medical data to code that lives in the database (actions, templates)."""
    token = _mode.set("")
    try:
        yield
    finally:
        _mode.reset(token)


def current_job() -> str | None:
    """Name of the running medical job, if any."""
    return _mode.get() or None


def request_login() -> int | None:
    """Id of the user whose session or key was checked for this request."""
    return request.session.uid or getattr(request, "clinic_bearer_uid", None)


def may_read_text(env: Environment) -> bool:
    """Whether encrypted text may be opened now."""
    mode = _mode.get()
    if mode is not None:
        return bool(mode)
    if request:
        return _login_has(env, MEDICAL)
    return not env.su and env.user._has_group(MEDICAL)


def may_read_rows(env: Environment) -> bool:
    """Whether the unencrypted part of medical records may leave the database now.

    Outside a request this is open: a shell or a test that runs as superuser reaches
    the tables anyway.
    """
    mode = _mode.get()
    if mode is not None:
        return bool(mode)
    return not request or _login_has(env, MEDICAL)


def may_grant(env: Environment) -> bool:
    """Whether medical roles may be given or taken now.

    In a request only by a chief physician's login. Outside, where there is no login to
    check, by the server's own code (installation, command line) or a chief.
    """
    if _mode.get() == "":
        return False
    if request:
        return _login_has(env, MEDICAL_CHIEF)
    return env.su or env.user._has_group(MEDICAL_CHIEF)


def _login_has(env: Environment, group: str) -> bool:
    login = request_login()
    if not login:
        return False
    # As superuser: a caller without rights on users is asked about too.
    return env(user=SUPERUSER_ID)["res.users"].browse(login)._has_group(group)
