"""What in a template, a view or a page is code: for the server or for a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from .plain import is_literal

# Directives whose value is a name or a text.
_NAMES = frozenset(
    {
        *("t-as", "t-name", "t-set", "t-slot", "t-set-slot", "t-else", "t-ignore"),
        *("t-translation", "t-snippet", "t-snippet-call", "t-install"),
        *("t-thumbnail", "t-placeholder", "t-forbid-sanitize", "t-image-preview"),
        *("t-grid-preview", "t-label", "t-custom", "t-model-name", "t-ref"),
    }
)
# Directives whose value is a text with expressions in it.
_FORMATS = ("t-attf-", "t-valuef", "t-call", "t-call-assets")
_EXPRESSION = re.compile(r"#\{(.+?)\}|\{\{(.+?)\}\}", re.DOTALL)
_URLS = frozenset({"href", "src", "action", "formaction", "data", "xlink:href"})
_SCRIPT_URL = re.compile(r"(javascript|vbscript|data:text/html|data:.*script)", re.I)
# What Odoo notes on elements for the site's editor; none of it can be evaluated.
_BRANDING = {
    "data-oe-id": re.compile(r"\d+"),
    "data-oe-model": re.compile(r"ir\.ui\.view"),
    "data-oe-field": re.compile(r"arch"),
    "data-oe-source-id": re.compile(r"\d+"),
    "data-oe-xpath": re.compile(r"(/[\w:.-]+(\[\d+\])?)+"),
}
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028\u2029]")
# They run code or decide where code comes from, whatever their attributes say.
_RUNNING_TAGS = frozenset({"script", "base", "object", "embed", "applet"})
# Of the backend: they show what a field holds as it is, scripts and all.
_RAW_WIDGETS = frozenset(
    {"html", "html_composer_message", "html_mail", "iframe", "iframe_wrapper"}
)


def normalise(text: str) -> str:
    """``text`` without the white space that parsers change."""
    return " ".join(text.split())


def find_code(root: etree._Element) -> Iterator[str]:
    """Every piece of code below ``root``: expressions, scripts, handlers.

    An inheritance spec that sets an attribute counts as the attribute.
    """
    for element in root.iter(etree.Element):
        tag = etree.QName(element).localname.lower()
        if tag in _RUNNING_TAGS:
            attributes = " ".join(f"{k}={v}" for k, v in sorted(element.items()))
            yield normalise(f"<{tag} {attributes}>{element.text or ''}")
        if tag == "attribute":
            name = element.get("name") or ""
            for value in (element.text, element.get("add")):
                if value:
                    yield from _find_in_attribute(name, value)
        for name, value in element.items():
            yield from _find_in_attribute(name, value)
        if "t-call" in element.attrib:
            yield from find_arguments(element)


def find_arguments(call: etree._Element) -> Iterator[str]:
    """Code in what an element with ``t-call`` hands on: its plain attributes."""
    for name, value in call.items():
        if name.endswith((".f", ".translate")):
            yield from _find_in_format(value)
        elif name in _BRANDING and _BRANDING[name].fullmatch(value):
            continue
        elif not name.startswith(("t-", "{")) and not is_literal(value):
            yield normalise(value)


def _find_in_attribute(name: str, value: str) -> Iterator[str]:
    name = name.lower()
    if name in _NAMES:
        return
    if name.startswith(_FORMATS):
        yield from _find_in_format(value)
    elif name.startswith("t-"):
        if not is_literal(value):
            yield normalise(value)
    elif name.startswith("on") or name == "srcdoc":
        yield normalise(value)
    elif name == "widget" and value in _RAW_WIDGETS:
        yield f"widget={value}"
    elif name in _URLS and _SCRIPT_URL.match(_UNSEEN.sub("", value)):
        yield normalise(value)


def _find_in_format(value: str) -> Iterator[str]:
    for match in _EXPRESSION.finditer(value):
        expression = match[1] or match[2]
        if not is_literal(expression):
            yield normalise(expression)
