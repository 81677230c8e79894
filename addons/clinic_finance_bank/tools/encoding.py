"""Encodings of tables that banks export."""

from __future__ import annotations


def to_utf8(data: bytes, encoding: str) -> bytes:
    """``data`` in UTF-8 with a mark, if it is text in UTF-8 or ``encoding``.

    Guessing by frequency of letters, as some readers of tables do, takes a short
    Russian file for anything.
    """
    for tried in ("utf-8-sig", encoding):
        try:
            return data.decode(tried).encode("utf-8-sig")
        except UnicodeDecodeError:
            continue
    return data
