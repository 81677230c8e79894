"""Which column of a file holds what: found by its title, else by what stands in it.

A clinic's file comes from any program: titles in any words, lines of a report above
them, or no titles at all. What is found is a proposal that a person may correct; what
is not found is named, never dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from .birthdates import read_birthdate
from .documents import digits_of, format_oms_policy, format_snils
from .letters import clean, fold
from .phones import read_phones

# A field of several columns takes all their values.
SEVERAL = frozenset({"phone", "email", "street"})
FIELDS = (
    "name",
    "last_name",
    "first_name",
    "middle_name",
    "birthdate",
    "sex",
    "phone",
    "email",
    "snils",
    "oms_policy",
    "dms_policy",
    "document_series",
    "document_number",
    "card_number",
    "category",
    "zip",
    "city",
    "street",
)
NAMES = frozenset({"name", "last_name"})
# A column that somebody has decided to leave out.
SKIP = "skip"
# Titles stand in one of these lines.
HEAD_LINES = 30
# So much of a column has to look like a kind of value.
SHARE = 0.8
# So many known titles are no accident, whatever digits stand beside them.
SURE = 3

# Somebody else's, or another event's, whatever else the title says.
_OF_OTHERS = re.compile(
    r"врач|специалист|работ|организац|договор|визит|прием|посещ|выда[нч]|окончан"
    r"|начал|действ|место рожд|страхов(?:ая|щик)|компани|добавлен|создан|изменен"
)
_OF_RELATIVE = re.compile(
    r"матер|мам[аы]|отц|отец|пап[аы]|родител|представител|опекун|муж\b|жен[аы]|супруг"
)
# Patterns over folded titles, the first that fits wins.
_TITLES: tuple[tuple[str, str], ...] = (
    ("zip", r"индекс|\bzip\b|postal|postcode"),
    ("birthdate", r"рожд|^д\W*р\W*$|birth|\bdob\b|^b_?date$"),
    ("middle_name", r"^отчество|patronymic|middle ?_?name"),
    ("name", r"ф\W{0,2}и\W{0,2}о\b|фамилия.*имя|full ?name|^имя.*(?:отчество|фамилия)"),
    ("last_name", r"фамили|surname|last ?_?name|family ?_?name"),
    ("first_name", r"^имя|first ?_?name|given ?_?name"),
    ("email", r"e-?mail|\bmail\b|почт|имейл|емейл"),
    ("phone", r"тел\b|телеф|моб|сотов|phone|mobile|\bcell|\btel\b"),
    ("sex", r"^пол\b|\bsex\b|gender"),
    ("snils", r"снилс|snils|страховой номер|\bпфр\b"),
    ("oms_policy", r"\bомс\b|\boms\b|енп\b"),
    ("dms_policy", r"\bдмс\b|\bdms\b"),
    ("document_series", r"серия(?!.*номер)"),
    ("document_number", r"паспорт|passport|свидетельств|документ|document"),
    ("category", r"категори|льгот|category"),
    ("card_number", r"карт|\bcard|амбулат|код пац|код клиента|\bид пац|\bid пац"),
    ("city", r"^город|\bcity\b|насел\w* пункт"),
    ("street", r"адрес|улиц|street|address|прожив"),
    ("name", r"^пациент|^клиент|^name$|^patient"),
)
# Titles of our own files of rejected rows.
_OWN = re.compile(r"^(?:line|reason|строка|причина)$")
_RULES = tuple((field, re.compile(pattern)) for field, pattern in _TITLES)
_PERSON = re.compile(r"[^\W\d_][\w'’.-]+(?:\s+[^\W\d_][\w'’.()-]*){1,4}")


class Columns(NamedTuple):
    """``fields`` by column: a field, ``SKIP``, or None where nobody knows; ``row`` of
    the titles, -1 if there are none."""

    row: int
    titles: tuple[str, ...]
    fields: tuple[str | None, ...]

    def get_unknown(self) -> list[str]:
        """Titles of the columns of which nobody knows what they hold."""
        return [t for t, f in zip(self.titles, self.fields, strict=True) if not f]


def count_known(row: Sequence[str]) -> int:
    """How many different fields the titles of ``row`` name."""
    return len({name_field(title) for title in row if len(title) < 80} - {None, SKIP})


def name_field(title: str) -> str | None:
    """What a column called ``title`` holds.

    >>> name_field("Дата рожд."), name_field("Моб. телефон"), name_field("ФИО пациента")
    ('birthdate', 'phone', 'name')
    >>> name_field("Телефон врача"), name_field("Место рождения")
    (None, None)
    """
    folded = fold(title).replace("_", " ")
    if fold(title) in FIELDS:
        return fold(title)
    if _OWN.match(folded):
        return SKIP
    if _OF_OTHERS.search(folded):
        return None
    found = next((field for field, rule in _RULES if rule.search(folded)), None)
    # The number of a relative is a number of the patient's; a name is another person's.
    return None if _OF_RELATIVE.search(folded) and found != "phone" else found


def get_note(title: str) -> str:
    """Whose the numbers of a column are, when its title says so."""
    return clean(title) if _OF_RELATIVE.search(fold(title)) else ""


def find_columns(
    rows: Sequence[Sequence[str]], mapping: dict[str, str | None], today: date
) -> Columns:
    """The columns of a file that begins with ``rows``.

    :param mapping: title, or the number of a column like "#3", to field
    """
    decided = {fold(title): field or SKIP for title, field in mapping.items()}
    width = max(map(len, rows), default=0)
    row = _find_titles(rows[:HEAD_LINES], decided)
    titles = [clean(title) for title in rows[row]] if row >= 0 else []
    titles += [""] * (width - len(titles))
    sample = rows[row + 1 :]
    named = tuple(title or f"#{place}" for place, title in enumerate(titles, 1))
    fields: list[str | None] = []
    for place, title in enumerate(named):
        values = [r[place] for r in sample if len(r) > place and clean(r[place])]
        field = decided.get(f"#{place + 1}") or decided.get(fold(title))
        field = field or name_field(title)
        if not field and not titles[place] and not values:
            field = SKIP  # A column without a title and without a value.
        fields.append(field)
    _guess(fields, titles, sample, today)
    return Columns(row, named, tuple(fields))


def _find_titles(rows: Sequence[Sequence[str]], decided: dict[str, str]) -> int:
    """Number of the row with the most known titles; -1 if none has any."""

    def count(row: Sequence[str]) -> int:
        known = {decided.get(fold(t)) or name_field(t) for t in row if len(t) < 80}
        return len(known - {None, SKIP})

    best = max(range(len(rows)), key=lambda n: (count(rows[n]), -n), default=-1)
    if best < 0 or not count(rows[best]):
        return -1
    # A report's line above the titles may hold one such word.
    values = [value for value in rows[best] if clean(value)]
    data = [value for value in values if any(map(str.isdigit, value))]
    few = count(rows[best]) < SURE
    return -1 if few and len(data) > len(values) / 2 else best


def _guess(fields, titles, sample, today) -> None:
    """Fill in what titles do not tell and the values leave no doubt about."""
    for place, field in enumerate(fields):
        values = [r[place] for r in sample if len(r) > place and clean(r[place])]
        if field or not values:
            continue
        for kind, is_kind in _KINDS:
            # What a title calls otherwise is no birth date and no name.
            untitled = not titles[place]
            if kind in fields and kind not in SEVERAL:
                continue
            if kind in ("birthdate", "name") and not untitled:
                continue
            if kind == "phone" and not all(map(_is_whole_number, values)):
                continue
            if kind == "name" and NAMES.intersection(filter(None, fields)):
                continue
            fits = sum(is_kind(value, today) for value in values)
            if fits >= SHARE * len(values):
                fields[place] = kind
                break


def _reads(read: Callable) -> Callable[[str, date], bool]:
    def is_kind(value: str, today: date) -> bool:
        try:
            return bool(read(value, today))
        except ValueError:
            return False

    return is_kind


def _is_whole_number(value: str) -> bool:
    """Whether a number is a telephone's whatever its column is called: ten digits may
    be a passport's or a taxpayer's, two groups of four and six are a passport's."""
    text = clean(value)
    return bool(
        re.match(r"\+|8\W*\(?\d{3}|7\W*\(?\d{3}|\(?9\d{2}\)?\W", text)
        and not re.fullmatch(r"\d{2}\s?\d{2}\s\d{6}", text)
        and len(digits_of(text)) >= 10
    )


def _read_number(value: str, _today: date):
    return len(digits_of(value)) >= 10 and read_phones(value)


_KINDS: tuple[tuple[str, Callable[[str, date], bool]], ...] = (
    ("email", lambda value, _today: bool(re.fullmatch(r"\S+@\S+\.\w+", clean(value)))),
    ("birthdate", _reads(lambda v, t: not v.isdigit() and read_birthdate(v, t))),
    ("snils", _reads(lambda v, _t: "-" in v and format_snils(v))),
    ("oms_policy", _reads(lambda v, _t: len(v) > 14 and format_oms_policy(v))),
    ("phone", _reads(_read_number)),
    ("name", lambda value, _today: bool(_PERSON.fullmatch(clean(value)))),
)
