"""Plain attributes of backend views that the web client makes expressions of.

Its compiler writes a template for the browser: labels go between backticks, classes and
names between quotes, the number of columns as it is. What leaves these runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from .markup import normalise

# Between backticks, of which the compiler hides those of the text itself.
_IN_BACKTICKS = re.compile(r"\$\{|\\`|\\$")
_IN_QUOTES = re.compile(r"['\"`\\]|\$\{")
_QUOTED = frozenset(
    {"class", "widget", "name", "for", "id", "field_id", "widget_id", "type"}
)
_BARE = frozenset({"col", "colspan"})
_NUMBER = re.compile(r"\d*")


def find_leaving(root: etree._Element) -> Iterator[str]:
    """Attributes below ``root``, as ``name=value``, that the web client would run."""
    for element in root.iter(etree.Element):
        pairs = element.items()
        if element.tag == "attribute":
            given = (element.text, element.get("add"))
            pairs = [(element.get("name") or "", text) for text in given if text]
        for name, value in pairs:
            if not name.startswith("t-") and _leaves(name, value):
                yield normalise(f"{name}={value}")


def _leaves(name: str, value: str) -> bool:
    if name in _BARE:
        return not _NUMBER.fullmatch(value.strip())
    return bool((_IN_QUOTES if name in _QUOTED else _IN_BACKTICKS).search(value))
