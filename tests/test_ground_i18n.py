"""Every text that a user sees has its Russian."""

import re

import polib
import pytest
from clinic_cli import databases, odoo
from clinic_cli.layout import modules, suite_modules
from clinic_cli.process import run
from clinic_cli.progress import Progress


@pytest.fixture(scope="module")
def terms(postgresql, tmp_path_factory):
    """What Odoo's own exporter finds to translate: texts by module."""
    target = tmp_path_factory.mktemp("i18n") / "all.pot"
    template = databases.ensure_suite_template(postgresql, Progress())
    with databases.scratch(postgresql, template) as database:
        run(
            odoo.command(
                "i18n export",
                database,
                *("--output", str(target), "--languages", "pot", "--"),
                *suite_modules(),
            ),
            what="Exporting the terms",
        )
    by_module = {name: set() for name in suite_modules()}
    for entry in polib.pofile(str(target)):
        # "module: a", or "modules: a, b" that may run over several lines.
        for name in by_module.keys() & set(re.findall(r"\w+", entry.comment)):
            by_module[name].add(entry.msgid)
    return by_module


@pytest.mark.parametrize("name", suite_modules())
def test_every_term_has_a_russian_translation(name, terms):
    if not terms[name]:
        return
    path = modules()[name].path / "i18n" / "ru.po"
    assert path.exists()
    translated = {
        entry.msgid
        for entry in polib.pofile(str(path))
        if entry.msgstr and "fuzzy" not in entry.flags
    }
    missing = sorted(terms[name] - translated)
    assert not missing, f"{len(missing)} terms lack Russian: {missing[:20]}"


@pytest.mark.parametrize("name", suite_modules())
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
