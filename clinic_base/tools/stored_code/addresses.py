"""Addresses of other hosts in what browsers read: who asks for one tells where it was
found, and a style sheet can ask for one per name that a page shows."""

from __future__ import annotations

import re
from collections.abc import Iterator

# ``https:…``, ``//…`` and whatever browsers read as such.
_FOREIGN = re.compile(r"(?!data:|blob:)[a-z][a-z0-9+.-]*:|[\\/]{2}")
_NO_REQUEST = ("mailto:", "tel:", "sms:", "about:", "javascript:")
_UNSEEN = re.compile(r"[\x00-\x20]")
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)", re.DOTALL)
# A comment, a text in quotes, or the address that ``url()`` takes without them.
_TOKEN = re.compile(
    r"""/\*.*?\*/|"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|url\(\s*([^\s'")]+)""",
    re.DOTALL | re.IGNORECASE,
)
_LINE_COMMENT = re.compile(r"(?:^|(?<=[\s;{}]))//[^\n]*")
_REQUEST = re.compile(r"(https?|wss?|ftp):|[\\/]{2}")
_URL = re.compile(r"url\(\s*['\"]?([^'\")]*)", re.IGNORECASE)
# What asks nobody, and files that nothing counts the reading of.
_FILE = re.compile(
    r"$|data:|blob:|about:|#|%23|\$|var\("
    r"|/(?!.*\.\.)([\w-]+/static|web/(image|content|assets))/"
)


def is_foreign(address: str) -> bool:
    """Whether a browser that follows ``address`` asks another host."""
    plain = _UNSEEN.sub("", address).lower()
    return bool(_FOREIGN.match(plain)) and not plain.startswith(_NO_REQUEST)


def names_host(text: str) -> bool:
    """Whether ``text`` begins an address of another host, or holds one."""
    plain = _UNSEEN.sub("", text).lower().strip("'\"")
    return bool(_REQUEST.match(plain)) or "://" in plain


def find_foreign_in_style(text: str, has_line_comments: bool = False) -> Iterator[str]:
    """Addresses of other hosts that a style sheet asks for: ``url()``, ``@import``,
    and whatever else takes an address in quotes; and pages of this one, which may
    count who asks for them.

    :param has_line_comments: whether ``//`` begins a comment, as in SCSS
    """
    if has_line_comments:
        text = _LINE_COMMENT.sub("", text)
    for reading in {text, _unescape(text)}:
        for match in _TOKEN.finditer(reading):
            address = match[1] or match[2] or match[3] or ""
            if _REQUEST.match(_UNSEEN.sub("", address).lower()):
                yield address
        for match in _URL.finditer(reading):
            plain = _UNSEEN.sub("", match[1]).lower()
            if not _REQUEST.match(plain) and not _FILE.match(plain):
                yield match[1]


def without_foreign(text: str, known: str) -> tuple[str, list[str]]:
    """A style sheet without addresses of hosts, and these.

    :param known: sources whose addresses stay: what modules' files ask for
    """
    found = {one for one in find_foreign_in_style(text) if get_host(one) not in known}
    if found and any(one not in text for one in found):
        return "", sorted(found)  # written so that it cannot be cut out
    for address in found:
        text = text.replace(address, "data:,")
    return text, sorted(found)


def get_host(address: str) -> str:
    """``//host`` of an address, as a style sheet has it."""
    _scheme, slashes, rest = address.partition("//")
    return f"{slashes}{re.split(r'[/?#]', rest, maxsplit=1)[0]}" if rest else address


def _unescape(text: str) -> str:
    def read(match: re.Match[str]) -> str:
        code = int(match[1], 16) if match[1] else 0
        return chr(code) if 0 < code < 0x110000 else match[2] or ""

    return _ESCAPE.sub(read, text)
