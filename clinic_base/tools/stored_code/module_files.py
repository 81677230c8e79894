"""The code in the files of installed modules, read when it is first asked for."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import lxml.html
from lxml import etree

from .backend import find_leaving
from .markup import find_code
from .places import find_content, find_places, find_readings, find_settings

_PREFIX = "odoo.addons."
_NOT_DATA = frozenset({"static", "tests", "i18n", "readme"})
_INLINE = re.compile(r"\{\{(.+?)(\|\|\|.*?)?\}\}", re.DOTALL)
# Odoo puts the id of a record in the place of its external id.
_REFERENCE = re.compile(r"%\([\w.]+\)[ds]")
_NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")
_EVALUATED = ("eval", "search", "context", "domain")


@dataclass
class ModuleCode:
    """Code of one module's data files.

    Of views also where it stands (see :mod:`.places`), which variables are given a
    value, and which end where it is no text.
    """

    views: dict[str, set[str]] = field(default_factory=dict)
    records: dict[str, dict[str, str]] = field(default_factory=dict)
    expressions: set[str] = field(default_factory=set)
    pieces: set[str] = field(default_factory=set)
    settings: dict[str, set[str]] = field(default_factory=dict)
    readings: set[str] = field(default_factory=set)


def find_view_code(xml_id: str) -> set[str]:
    """Pieces of code in the file's form of the view ``module.name``."""
    module, _dot, name = xml_id.partition(".")
    if not name or f"{_PREFIX}{module}" not in sys.modules:
        return set()
    return _read_module(module).views.get(_strip_module(module, name), set())


def find_view_settings(xml_id: str) -> set[str]:
    """Names of variables that the file's form of the view gives a value."""
    module, _dot, name = xml_id.partition(".")
    if not name or f"{_PREFIX}{module}" not in sys.modules:
        return set()
    return _read_module(module).settings.get(_strip_module(module, name), set())


def is_read_raw(name: str) -> bool:
    """Whether a template of an installed module puts the variable where its value is
    no text."""
    return any(name in _read_module(one).readings for one in _loaded_modules())


def read_record_texts(xml_id: str) -> dict[str, str]:
    """Texts by field of the record ``module.name``, as its file says."""
    module, _dot, name = xml_id.partition(".")
    if not name or f"{_PREFIX}{module}" not in sys.modules:
        return {}
    return _read_module(module).records.get(name, {})


def holds_expression(text: str) -> bool:
    """Whether a file of an installed module holds this Python text."""
    text = text.strip()
    return any(text in _read_module(name).expressions for name in _loaded_modules())


def holds_piece(piece: str) -> bool:
    """Whether a template in a file of an installed module holds this piece."""
    piece = _without_ids(piece)
    return any(piece in _read_module(name).pieces for name in _loaded_modules())


def is_piece_of(piece: str, pieces: set[str]) -> bool:
    """Whether ``piece`` is among ``pieces`` of a file, ids apart."""
    return piece in pieces or _without_ids(piece) in pieces


def _loaded_modules() -> Iterator[str]:
    for name in list(sys.modules):
        module = name.removeprefix(_PREFIX)
        if module != name and "." not in module:
            yield module


@cache
def _read_module(module: str) -> ModuleCode:
    code = ModuleCode()
    for folder in map(Path, sys.modules[f"{_PREFIX}{module}"].__path__):
        for path in sorted(folder.rglob("*.xml")):
            if _NOT_DATA.isdisjoint(path.relative_to(folder).parts):
                _read_file(module, path, code)
    return code


def _read_file(module: str, path: Path, code: ModuleCode) -> None:
    try:
        root = etree.parse(path, _parser()).getroot()
    except etree.XMLSyntaxError:
        return
    for element in root.iter(etree.Element):
        if element.tag == "template":
            name = _strip_module(module, element.get("id") or "")
            _add_view(code, name, element)
        elif element.tag == "record":
            _read_record(module, element, code)
        elif element.tag == "asset":
            name = _strip_module(module, element.get("id") or "")
            code.records[name] = {"path": element.findtext("path", "").strip()}
        for name in _EVALUATED:
            if value := element.get(name):
                code.expressions.add(value.strip())


def _read_record(module: str, record: etree._Element, code: ModuleCode) -> None:
    name = _strip_module(module, record.get("id") or "")
    texts = code.records.setdefault(name, {})
    for item in record.iterchildren("field"):
        text = item.text or ""
        texts[item.get("name")] = item.get("ref") or item.get("eval") or text.strip()
        code.expressions.add(text.strip())
        for match in _INLINE.finditer(etree.tostring(item, encoding="unicode")):
            code.expressions.add(_unescape(match[1]).strip())
        holders = [item]
        if "<" in text and "t-" in text:
            holders.append(_parse_text(text))
        for holder in holders:
            if item.get("name") == "arch":
                _add_view(code, name, holder)
            else:
                code.pieces.update(map(_without_ids, find_code(holder)))


def _add_view(code: ModuleCode, name: str, holder: etree._Element) -> None:
    pieces = set(find_code(holder))
    pieces |= {_without_ids(piece) for piece in pieces}
    code.pieces.update(pieces)
    places = {*find_places(holder), *find_content(holder)}
    places |= set(find_leaving(holder))
    places |= {_without_ids(place) for place in places}
    code.views.setdefault(name, set()).update(pieces, places)
    code.settings.setdefault(name, set()).update(find_settings(holder))
    code.readings.update(find_readings(holder))


def _parse_text(text: str) -> etree._Element:
    """A template that its file holds as text."""
    try:
        return etree.fromstring(f"<t>{text.strip()}</t>")
    except etree.XMLSyntaxError:
        return lxml.html.fragment_fromstring(text, create_parent="t")


def _strip_module(module: str, name: str) -> str:
    return name.removeprefix(f"{module}.")


def _without_ids(piece: str) -> str:
    return _NUMBER.sub("0", _REFERENCE.sub("0", piece)).replace("%%", "%")


def _unescape(text: str) -> str:
    return (
        lxml.html.fromstring(f"<p>{text}</p>").text_content() if "&" in text else text
    )


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True)
