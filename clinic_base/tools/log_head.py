"""The last row of the access log, kept outside of the database in a sealed file.

Whoever can write the table but not read the key file can neither cut the log's end nor
write it anew without being found out: the file knows a row that is gone then.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from .keyring import Keyring, SealBrokenError, UnknownKeyError

GENESIS = "0" * 64
# Not the database's name: a copy of the database takes its file along.
_IDENTITY = b"access log head"


@dataclass(frozen=True)
class LogHead:
    """What is known of the log: its last row, and from where on it is whole.

    ``faults`` are sentences about what was found wrong when a row was added; they stay
    until whoever has the server has looked into them.
    """

    row_id: int = 0
    hash: str = GENESIS
    since_id: int = 0
    since_hash: str = GENESIS
    faults: tuple[str, ...] = ()

    def advance(self, row_id: int, hash_: str) -> LogHead:
        """The head after a later row; itself after an earlier one."""
        return (
            replace(self, row_id=row_id, hash=hash_) if row_id > self.row_id else self
        )


class HeadFile:
    """The sealed file of one database."""

    def __init__(self, folder: Path, database: str, keyring: Keyring):
        self._path = folder / f"{database}.head"
        self._keyring = keyring

    def read(self) -> LogHead | None:
        """The head; None where there is no file.

        :raises SealBrokenError: the file was changed, or sealed with a key that is gone
        """
        try:
            sealed = self._path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            known = json.loads(self._keyring.open(sealed, _IDENTITY))
        except UnknownKeyError as error:
            raise SealBrokenError(f"sealed with the key {error}") from error
        return LogHead(**{**known, "faults": tuple(known["faults"])})

    def write(self, head: LogHead) -> None:
        """Replace the file in one step."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        sealed = self._keyring.seal(json.dumps(asdict(head)).encode(), _IDENTITY)
        draft = self._path.with_name(f"{self._path.name}.{secrets.token_hex(4)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(sealed)
        os.replace(draft, self._path)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone with the file among all processes of this machine."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
