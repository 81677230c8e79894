"""Where the code of a template stands: an expression put elsewhere is other code.

``#{patient.name}`` is harmless in a line of text and sends the name away as part of an
image's address. So an element with expressions counts as a whole, with all of its
attributes and with what it stands in, if that reads its content as something else than
text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from odoo.tools.translate import is_translatable_attrib

from .addresses import is_foreign, names_host
from .markup import (
    EXPRESSION,
    find_in_attribute,
    find_script_address,
    get_local_name,
    normalise,
    own_attributes,
)

# Their content is no text of a page: style sheets, drawings, values of variables.
_READERS = frozenset(
    {
        *("style", "script", "svg", "math", "iframe", "object", "embed", "applet"),
        *("noembed", "noframes", "xmp", "plaintext", "base", "link", "meta"),
    }
)
_ADDRESSES = frozenset(
    {"href", "src", "action", "formaction", "data", "poster", "ping"}
)
# Their attributes and what they hold say what runs.
_RUNNING = frozenset({"script", "style", "base", "object", "embed", "applet"})
_SETTING = ("t-set", "t-as")
_WAYS = ("t-options", "t-options-widget")
_IDENTIFIER = re.compile(r"(?<![\w.\"'])[A-Za-z_]\w*")
# Only named, or read by the editor of the site: nothing of a record gets there.
_STATIC = frozenset(
    {
        *("t-name", "t-ignore", "t-translation", "t-snippet", "t-install", "t-ref"),
        *("t-thumbnail", "t-forbid-sanitize", "t-image-preview", "t-grid-preview"),
        *("t-snippet-call", "t-label", "t-placeholder"),
    }
)


def find_places(root: etree._Element) -> Iterator[str]:
    """Every element below ``root`` that holds code, with its place, as a text.

    The attributes' order does not count, nor do the words of those that are translated.
    """
    for element in root.iter(etree.Element):
        if _holds_code(element):
            yield _describe_place(element)


def find_content(root: etree._Element) -> Iterator[str]:
    """What stands inside of elements below ``root`` that read it as no text: these
    elements, if they hold something dynamic, whatever is dynamic in a style sheet and
    its like, and variables that begin an address."""
    for element in root.iter(etree.Element):
        if "t-set" in element.attrib and _sets_address(element):
            yield normalise(_describe(element) + "".join(element.itertext()))
        if not _reads_content(element):
            continue
        if inner := list(filter(_is_dynamic, element.iterdescendants(etree.Element))):
            yield _describe(element)
            if _tag(element) in _READERS:
                for one in inner:
                    yield f"{_describe(one)} in <{_tag(element)}>"


def find_settings(root: etree._Element) -> Iterator[str]:
    """Names of variables that are given a value below ``root``."""
    for element in root.iter(etree.Element):
        pairs = element.items()
        if _tag(element) == "attribute":
            pairs = [(element.get("name") or "", element.text or "")]
        for name, value in pairs:
            if name in _SETTING:
                yield value.strip()
        if "t-call" in element.attrib:
            yield from (
                name.removesuffix(".f").removesuffix(".translate")
                for name in element.attrib
                if not name.startswith("t-")
            )


def find_readings(root: etree._Element) -> Iterator[str]:
    """Names of variables that end, below ``root``, where their value is no text: in
    scripts, style sheets, handlers and raw HTML. Of addresses the host is looked at
    where the variable is written."""
    for element in root.iter(etree.Element):
        runs = (
            _tag(element) in _RUNNING
            or (_tag(element) == "link" and "stylesheet" in element.get("rel", ""))
            or any(_tag(one) in _RUNNING for one in element.iterancestors())
            or any("html" in (element.get(name) or "") for name in _WAYS)
        )
        for name, value in element.items():
            target = name.removeprefix("t-attf-").removeprefix("t-att-")
            if (
                runs
                or target.startswith("on")
                or target == "srcdoc"
                or name == "t-att"
                or "Markup" in value
            ):
                for piece in find_in_attribute(name, value):
                    yield from _IDENTIFIER.findall(piece)


def _holds_code(element: etree._Element) -> bool:
    pairs = element.items()
    if _tag(element) == "attribute":
        name = element.get("name") or ""
        pairs = [(name, text) for text in (element.text, element.get("add")) if text]
    if any(True for name, value in pairs for _ in find_in_attribute(name, value)):
        return True
    return _is_dynamic(element) and any(map(_reads_content, element.iterancestors()))


def _sets_address(element: etree._Element) -> bool:
    """Whether a variable becomes part of an address to somewhere else."""
    texts = (element.get("t-valuef"), element.get("t-value"), *element.itertext())
    return any(
        names_host(text) or find_script_address(text) for text in filter(None, texts)
    )


def _describe_place(element: etree._Element) -> str:
    above = [_describe(one) for one in element.iterancestors() if _reads_content(one)]
    if _tag(element) == "attribute" and element.getparent() is not None:
        above.insert(0, _describe(element.getparent()))
    text = (element.text or "") if _tag(element) == "attribute" else ""
    return normalise(" in ".join([_describe(element) + text, *above]))


def _describe(element: etree._Element) -> str:
    pairs = [
        f"{name}={_describe_value(element, name, value)}"
        for name, value in own_attributes(element)
    ]
    return f"<{_tag(element)} {' '.join(pairs)}>"


def _describe_value(element: etree._Element, name: str, value: str) -> str:
    if not is_translatable_attrib(name, element):
        return normalise(value)
    expressions = (match[1] or match[2] for match in EXPRESSION.finditer(value))
    return normalise(" ".join(sorted(expressions)))


def _is_dynamic(element: etree._Element) -> bool:
    return any(name.startswith("t-") and name not in _STATIC for name in element.attrib)


def _reads_content(element: etree._Element) -> bool:
    if _tag(element) in _READERS or "t-set" in element.attrib:
        return True
    return any(
        get_local_name(name) in _ADDRESSES and is_foreign(value)
        for name, value in element.items()
    )


def _tag(element: etree._Element) -> str:
    return etree.QName(element).localname.lower()
