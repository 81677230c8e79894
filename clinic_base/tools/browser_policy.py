"""Where the browser of somebody on the staff may send to, and take from.

Whatever gets into a page, a browser that keeps to this policy tells no other host what
it shows: no picture, style sheet, form or script leads away from the clinic's server.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

HEADER = "Content-Security-Policy"
# Odoo's web client compiles templates in the browser and has scripts inside of pages.
SOURCES: Mapping[str, tuple[str, ...]] = {
    "default-src": ("'self'", "data:", "blob:"),
    "script-src": ("'self'", "'unsafe-inline'", "'unsafe-eval'", "blob:"),
    "style-src": ("'self'", "'unsafe-inline'", "data:", "blob:"),
    "img-src": ("'self'", "data:", "blob:"),
    "font-src": ("'self'", "data:"),
    "media-src": ("'self'", "data:", "blob:"),
    "connect-src": ("'self'", "data:", "blob:"),
    "worker-src": ("'self'", "blob:"),
    "frame-src": ("'self'", "data:", "blob:"),
    "form-action": ("'self'",),
    "base-uri": ("'self'",),
    "frame-ancestors": ("'self'",),
    "object-src": ("'none'",),
}
# Pages through which staff work, and sign in to work.
STAFF_PATHS = re.compile(r"/(web|odoo|report|scoped_app)(/|$)")
_HOST = re.compile(r"[\w.-]+(:\d+)?|\[[\da-fA-F:.]+\](:\d+)?")


def make_policy(host: str, more: Mapping[str, Iterable[str]] | None = None) -> str:
    """The header's value for pages of ``host`` (``name:port``, as the browser has it).

    :param more: sources that addons need, by directive
    """
    sources = {name: list(values) for name, values in SOURCES.items()}
    if _HOST.fullmatch(host):
        # Not every browser counts these among what is its own.
        sources["connect-src"] += [f"ws://{host}", f"wss://{host}"]
    for name, values in (more or {}).items():
        sources[name] += [value for value in values if value not in sources[name]]
    return "; ".join(f"{name} {' '.join(values)}" for name, values in sources.items())
