"""Every text that a user sees has its Russian."""

import ast
import re

import polib
import pytest
from clinic_cli import databases, odoo
from clinic_cli.layout import modules
from clinic_cli.process import run
from clinic_cli.progress import Progress

NAMES = sorted(modules())


@pytest.fixture(scope="module")
def terms(postgresql, tmp_path_factory):
    """What Odoo's own exporter finds to translate: texts with their places, by module.

    A place is that of a record of the module; code has none here.
    """
    target = tmp_path_factory.mktemp("i18n") / "all.pot"
    template = databases.ensure_demo_template(postgresql, Progress())
    with databases.scratch(postgresql, template) as database:
        run(
            odoo.command(
                "i18n export",
                database,
                *("--output", str(target), "--languages", "pot", "--"),
                *NAMES,
            ),
            what="Exporting the terms",
        )
    by_module = {name: {} for name in NAMES}
    for entry in polib.pofile(str(target)):
        # "module: a", or "modules: a, b" that may run over several lines.
        for name in by_module.keys() & set(re.findall(r"\w+", entry.comment)):
            by_module[name][entry.msgid] = {
                place
                for place, _line in entry.occurrences
                if place.startswith("model") and f":{name}." in place
            }
    return by_module


def read_russian(name):
    """Texts of a module that have Russian, with the places they stand at."""
    path = modules()[name].path / "i18n" / "ru.po"
    return {
        entry.msgid: {place for place, _line in entry.occurrences}
        for entry in polib.pofile(str(path))
        if entry.msgstr and "fuzzy" not in entry.flags
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_term_has_a_russian_translation(name, terms):
    if not terms[name]:
        return
    translated = read_russian(name)
    missing = sorted(terms[name].keys() - translated)
    assert not missing, f"{len(missing)} terms lack Russian: {missing[:20]}"
    # Odoo translates a record by its place, whatever other record has the same text.
    places = set().union(*terms[name].values())
    lost = sorted(places.difference(*translated.values()))
    assert not lost, f"{len(lost)} places lack Russian: {lost[:20]}"


@pytest.mark.parametrize("name", NAMES)
def test_every_text_in_the_code_has_a_russian_translation(name):
    """The exporter overlooks the code of modules that lie below addons/."""
    root = modules()[name].path
    texts = {
        text
        for path in root.rglob("*.py")
        if "tests" not in path.relative_to(root).parts
        for text in read_texts(path)
    }
    missing = sorted(texts - read_russian(name).keys()) if texts else []
    assert not missing, f"{len(missing)} texts lack Russian: {missing[:20]}"


def read_texts(path):
    """What the code of ``path`` gives to ``_``."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and node.args:
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            text = getattr(node.args[0], "value", None)
            if called in ("_", "_lt") and isinstance(text, str):
                yield text


@pytest.mark.parametrize("name", NAMES)
def test_terms_of_code_say_which_code_loads_them(name):
    """Odoo loads a term into Python or the browser by a comment, not by its places."""
    path = modules()[name].path / "i18n" / "ru.po"
    if not path.exists():
        return
    lost = [
        entry.msgid
        for entry in polib.pofile(str(path))
        for place, _line in entry.occurrences
        if place.startswith("code:")
        and ("odoo-javascript" if "/static/" in place else "odoo-python")
        not in entry.comment
    ]
    assert not lost
