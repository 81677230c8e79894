"""What in a template, a view or a page is code: for the server or for a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from .addresses import find_foreign_in_style, is_foreign
from .plain import is_literal

# Directives whose value is a name: anything else in its place is an expression, which
# QWeb or the browser's engine evaluates.
_NAMES = frozenset(
    {
        *("t-as", "t-name", "t-set", "t-slot", "t-set-slot", "t-else", "t-ignore"),
        *("t-translation", "t-snippet", "t-snippet-call", "t-install"),
        *("t-custom", "t-model-name", "t-ref"),
    }
)
_NAME = re.compile(r"[\w.-]*")
# Directives whose value is only read by the editor of the site.
_LABELS = frozenset(
    {
        *("t-thumbnail", "t-placeholder", "t-forbid-sanitize", "t-image-preview"),
        *("t-grid-preview", "t-label"),
    }
)
# Directives whose value is a text with expressions in it.
_FORMATS = frozenset({"t-valuef", "t-call", "t-call-assets"})
# Directives with which a literal is a text or a choice. With any other it may be an
# attribute, an element or a way to render, all of which can run something.
_TEXTS = frozenset(
    {"t-if", "t-elif", "t-value", "t-out", "t-esc", "t-foreach", "t-key"}
)
EXPRESSION = re.compile(r"#\{(.+?)\}|\{\{(.+?)\}\}", re.DOTALL)
_URLS = frozenset({"href", "src", "action", "formaction", "data"})
_SCRIPT_URL = re.compile(r"(javascript|vbscript|data:text/html|data:.*script)", re.I)
_SCRIPT_ANYWHERE = re.compile(r"(java|vb)script:[^\s\"']*|data:text/html", re.I)
# What Odoo notes on elements for the site's editor; none of it can be evaluated.
_BRANDING = {
    "data-oe-id": re.compile(r"\d+"),
    "data-oe-model": re.compile(r"ir\.ui\.view"),
    "data-oe-field": re.compile(r"arch"),
    "data-oe-source-id": re.compile(r"\d+"),
    "data-oe-xpath": re.compile(r"(/[\w:.-]+(\[\d+\])?)+"),
}
_STATIC_FILE = re.compile(r"/\w+/static/(?!.*\.\.)[\w./-]+(\?[\w=.&-]*)?")
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028\u2029]")
# They run code or decide where code comes from, whatever their attributes say.
_RUNNING_TAGS = frozenset({"script", "base", "object", "embed", "applet"})
# Parts of a drawing that give another part an attribute.
_ANIMATIONS = frozenset({"animate", "set"})
# They send what somebody types, or take what a page looks like, somewhere.
_SENDING = {
    "form": "action",
    "button": "formaction",
    "input": "formaction",
    "link": "href",
}
# Shows what a field holds as an address as it is, scripts and all.
_RAW_ADDRESS = "website_path"
# Of the backend: they show what a field holds as it is, scripts and all.
_RAW_WIDGETS = frozenset(
    {"html", "html_composer_message", "html_mail", "iframe", "iframe_wrapper"}
)


def normalise(text: str) -> str:
    """``text`` without the white space that parsers change."""
    return " ".join(text.split())


def find_code(root: etree._Element) -> Iterator[str]:
    """Every piece of code below ``root``: expressions, scripts, handlers.

    An inheritance spec that sets an attribute counts as the attribute, and whatever it
    makes of a directive counts as code: it may be the directive of somebody's element.
    """
    for element in root.iter(etree.Element):
        tag = etree.QName(element).localname.lower()
        yield from find_running(element)
        if tag == "attribute":
            name = element.get("name") or ""
            for value in (element.text, element.get("add")):
                if value:
                    yield from find_in_attribute(name, value)
                    if name.lower() in _TEXTS | _FORMATS:
                        yield normalise(f"{name}={value}")
        for name, value in element.items():
            yield from find_in_attribute(name, value)
        if "t-call" in element.attrib:
            yield from find_arguments(element)


def find_running(element: etree._Element) -> Iterator[str]:
    """``element`` itself, if it runs, moves or sends something without expressions."""
    tag = etree.QName(element).localname.lower()
    attributes = {name.lower(): value for name, value in element.items()}
    sent_to = attributes.get(_SENDING.get(tag, ""), "")
    style = "".join(element.itertext()) if tag == "style" else ""
    animated = attributes.get("attributename", "") if tag in _ANIMATIONS else ""
    if (
        tag in _RUNNING_TAGS
        or (tag == "meta" and "http-equiv" in attributes)
        or get_local_name(animated) in _URLS
        or _links_style(tag, attributes)
        or is_foreign(sent_to)
        or any(find_foreign_in_style(style))
    ):
        pairs = " ".join(f"{k}={v}" for k, v in own_attributes(element))
        yield normalise(f"<{tag} {pairs}>{style or element.text or ''}")


def _links_style(tag: str, attributes: dict[str, str]) -> bool:
    """Whether a link brings in a style sheet, or whatever else, that is no module's
    file: who uploads one has looked at none of its addresses."""
    if tag != "link" or "href" not in attributes:
        return False
    harmless = {"icon", "shortcut", "canonical", "alternate", "next", "prev"}
    is_file = _STATIC_FILE.fullmatch(attributes["href"])
    return not (is_file or {*attributes.get("rel", "").lower().split()} <= harmless)


def get_local_name(name: str) -> str:
    """Name of an attribute without its namespace, in small letters."""
    return re.split(r"[}:]", name.lower())[-1]


def find_script_address(text: str) -> str:
    """The first address in ``text`` that a browser would run; empty without any."""
    plain = _UNSEEN.sub("", text.encode().decode("unicode_escape", errors="ignore"))
    found = _SCRIPT_ANYWHERE.search(plain)
    return found[0] if found else ""


def own_attributes(element: etree._Element) -> list[tuple[str, str]]:
    """Names and values, sorted, without the marks of the site's editor."""
    return sorted(
        (name, value)
        for name, value in element.items()
        if not (name in _BRANDING and _BRANDING[name].fullmatch(value))
    )


def find_arguments(call: etree._Element) -> Iterator[str]:
    """Code in what an element with ``t-call`` hands on: its plain attributes."""
    for name, value in call.items():
        if name.endswith((".f", ".translate")):
            yield from _find_in_format(value)
        elif name in _BRANDING and _BRANDING[name].fullmatch(value):
            continue
        elif not name.startswith(("t-", "{")) and not is_literal(value):
            yield normalise(value)


def find_in_attribute(name: str, value: str) -> Iterator[str]:
    name = name.lower().removesuffix(".translate")
    if name in _LABELS or (name in _NAMES and _NAME.fullmatch(value)):
        return
    if name in _FORMATS:
        yield from _find_in_format(value)
    elif name.startswith("t-"):
        found = list(_find_in_format(value) if name.startswith("t-attf-") else ())
        if not name.startswith("t-attf-") and not is_literal(value):
            found.append(normalise(value))
        if not found and name not in _TEXTS:
            found.append(normalise(f"{name}={value}"))
        yield from found
    elif name.startswith("on") or name == "srcdoc":
        yield normalise(value)
    elif name == "widget" and value in _RAW_WIDGETS:
        yield f"widget={value}"
    elif name == "options" and _RAW_ADDRESS in value:
        yield normalise(f"{name}={value}")
    else:
        # The site's own scripts make addresses of attributes of any name.
        runs = _SCRIPT_URL if get_local_name(name) in _URLS else _SCRIPT_ANYWHERE
        if runs.match(_UNSEEN.sub("", value)):
            yield normalise(value)


def _find_in_format(value: str) -> Iterator[str]:
    for match in EXPRESSION.finditer(value):
        expression = match[1] or match[2]
        if not is_literal(expression):
            yield normalise(expression)
