"""Which files of the server a printed document may hold."""

from __future__ import annotations

from pathlib import Path

STYLES = {".css"}
IMAGES = {".bmp", ".gif", ".ico", ".jpeg", ".jpg", ".png", ".svg", ".webp"}
FONTS = {".eot", ".otf", ".ttf", ".woff", ".woff2"}
SUFFIXES = frozenset(STYLES | IMAGES | FONTS)


def find_static_file(folder: Path, name: str) -> Path:
    """The file ``name`` of a module's static ``folder``, all links followed.

    :raises ValueError: when it is of a kind that no document needs, is not there, or
        lies elsewhere, by ``..`` or by a link.
    """
    try:
        path = (folder / name).resolve(strict=True)
    except OSError as error:
        raise ValueError(f"There is no such static file: {name}") from error
    if not path.is_relative_to(folder.resolve()):
        raise ValueError(f"Reports load nothing from outside a static folder: {name}")
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        raise ValueError(f"Reports load style sheets, images and fonts only: {name}")
    return path
