"""Where the code of a template stands: an expression put elsewhere is other code.

``#{patient.name}`` is harmless in a line of text and sends the name away as part of an
image's address. So an element with expressions counts as a whole, with all of its
attributes and with what it stands in, if that reads its content as something else than
text.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from odoo.tools.translate import is_translatable_attrib

from .addresses import is_foreign, names_host
from .markup import EXPRESSION, find_in_attribute, normalise, own_attributes

# Their content is no text of a page: style sheets, drawings, values of variables.
_READERS = frozenset(
    {
        *("style", "script", "svg", "math", "iframe", "object", "embed", "applet"),
        *("noembed", "noframes", "xmp", "plaintext", "base", "link", "meta"),
    }
)
_ADDRESSES = frozenset(
    {"href", "src", "action", "formaction", "data", "poster", "ping", "xlink:href"}
)
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


def find_containers(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """What may not hold anything dynamic unless a file has it so: the elements of
    ``root`` that read their content as no text and hold some, described."""
    for element in root.iter(etree.Element):
        if _reads_content(element) and any(map(_is_dynamic, _below(element))):
            yield element, _describe(element)


def find_content(root: etree._Element) -> Iterator[str]:
    """What is dynamic inside of each reader of content below ``root``, described."""
    for element, _form in find_containers(root):
        if _tag(element) in _READERS:
            for inner in filter(_is_dynamic, _below(element)):
                yield normalise(f"{_describe(inner)} in <{_tag(element)}>")


def _holds_code(element: etree._Element) -> bool:
    if "t-set" in element.attrib and _sets_address(element):
        return True
    if _tag(element) == "attribute":
        names = (element.get("name") or "",)
        values = (element.text, element.get("add"))
        pairs = [(name, value) for name in names for value in values if value]
    else:
        pairs = list(element.items())
    if any(True for name, value in pairs for _ in find_in_attribute(name, value)):
        return True
    return _is_dynamic(element) and any(map(_reads_content, element.iterancestors()))


def _sets_address(element: etree._Element) -> bool:
    """Whether a variable becomes part of an address to somewhere else."""
    texts = (element.get("t-valuef"), element.get("t-value"), *element.itertext())
    return any(names_host(text) for text in texts if text)


def _describe_place(element: etree._Element) -> str:
    above = [
        _describe(one)
        for one in element.iterancestors()
        if isinstance(one.tag, str) and _reads_content(one)
    ]
    if _tag(element) == "attribute" and element.getparent() is not None:
        above.insert(0, _describe(element.getparent()))
    text = element.text if _tag(element) == "attribute" else ""
    if "t-set" in element.attrib and _sets_address(element):
        text = "".join(element.itertext())
    return normalise(" in ".join([_describe(element) + (text or ""), *above]))


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
    return isinstance(element.tag, str) and any(
        name.startswith("t-") and name not in _STATIC for name in element.attrib
    )


def _reads_content(element: etree._Element) -> bool:
    if not isinstance(element.tag, str):
        return False
    if _tag(element) in _READERS or "t-set" in element.attrib:
        return True
    return any(
        name.lower() in _ADDRESSES and is_foreign(value)
        for name, value in element.items()
    )


def _below(element: etree._Element) -> Iterator[etree._Element]:
    return element.iterdescendants(etree.Element)


def _tag(element: etree._Element) -> str:
    return etree.QName(element).localname.lower()
