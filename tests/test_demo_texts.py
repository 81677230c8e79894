"""Protocols of the demonstration: whole sentences, in one language, no two alike."""

import importlib
import re
import sys
from types import ModuleType

import pytest
from clinic_cli.layout import modules

LANGUAGES = (0, 1)
# Visits of a year or two.
NUMBERS = range(1, 60_000, 97)


def load_parts():
    """The modules of words, which need no Odoo."""
    folder = modules()["clinic_emr"].path / "demo"
    package = ModuleType("words")
    package.__path__ = [str(folder)]
    sys.modules["words"] = package
    return [importlib.import_module(f"words.{name}") for name in ("cases", "grammar")]


cases, grammar = load_parts()
ALL = {case for some in cases.CASES.values() for case in some}
WOMAN, MAN = grammar.Person(40, "female"), grammar.Person(70, "male")


def write(case, language, person=WOMAN):
    def say(words):
        return words.split("|")[language]

    return [grammar.compose(number, case, person, say) for number in NUMBERS]


@pytest.mark.parametrize("case", sorted(ALL), ids=lambda case: case.code)
def test_no_two_visits_have_the_same_text(case):
    written = write(case, 0)
    for name in written[0]:
        assert len({one[name] for one in written}) == len(written), name


@pytest.mark.parametrize("case", sorted(ALL), ids=lambda case: case.code)
def test_texts_are_whole_and_in_one_language(case):
    for person in (WOMAN, MAN):
        for language in LANGUAGES:
            for text in write(case, language, person)[0].values():
                assert not re.search(r"[{}|]|\.\.", text)
                assert bool(re.search("[а-яё]", text)) == (language == 0)


@pytest.mark.parametrize("specialty", [*cases.CASES, "unknown"])
@pytest.mark.parametrize("age", [1, 8, 17, 40, 90])
@pytest.mark.parametrize("sex", ["female", "male"])
def test_everybody_has_a_case_that_suits_them(specialty, age, sex):
    for case in cases.find_cases(specialty, age, sex):
        suits = case.ages[0] <= age <= case.ages[1] and case.sex in ("", sex)
        assert suits or case is cases.GENERAL[0]
