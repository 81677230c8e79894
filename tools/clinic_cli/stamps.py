"""Stamps: how a step knows that it is done, and for which inputs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(*parts: str | bytes | Path) -> str:
    """A short hash over strings and the contents of files."""
    total = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else part
        data = data.encode() if isinstance(data, str) else data
        total.update(len(data).to_bytes(8, "big"))
        total.update(data)
    return total.hexdigest()[:12]


def digest_tree(root: Path, files: Iterable[Path]) -> str:
    """A hash over the names and contents of ``files`` below ``root``."""
    total = hashlib.sha256()
    for path in sorted(files):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(root)} {content}\n".encode())
    return total.hexdigest()[:12]


class Stamp:
    """A file that is written when a step has ended, holding the hash of its inputs.

    Steps work in a temporary place and stamp last, so a missing or different
    stamp means: not done, half done or done for something else; do it again.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def matches(self, key: str) -> bool:
        try:
            return self.path.read_text() == key
        except (FileNotFoundError, NotADirectoryError):
            return False

    def write(self, key: str) -> None:
        partial = self.path.with_name(self.path.name + ".partial")
        partial.write_text(key)
        partial.replace(self.path)
