"""Keys and sealed values: AES-256-GCM, RFC 5116, by the cryptography package.

A sealed value is ``version (1 byte) | key id (4) | nonce (12) | ciphertext and tag``.
The nonce is random: one key may seal 2**32 values (NIST SP 800-38D, 8.3), far above
what a clinic writes; rotation starts the count anew.

The same keys sign what may be read but not forged: HMAC-SHA256 with a key of its own
for each purpose, derived by HKDF (RFC 5869). A signature is ``key id (8 hex digits) |
hash (64)``.

A key file has one key a line, ``<id in 8 hex digits> <key in base64>``; the last one
seals, all of them open. Lines that begin with ``#`` are comments.
"""

from __future__ import annotations

import base64
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = b"\x01"
ID_SIZE = 4
NONCE_SIZE = 12
KEY_SIZE = 32
HEADER_SIZE = len(VERSION) + ID_SIZE + NONCE_SIZE
TAG_SIZE = 16


class KeyringError(Exception):
    """The keys are not there or not readable."""


class UnknownKeyError(KeyringError):
    """The value was sealed with a key that the file does not hold."""


class SealBrokenError(Exception):
    """The value was changed, or moved from another record."""


class Keyring:
    """Keys by id, in the order of the file; immutable."""

    def __init__(self, keys: dict[bytes, bytes]):
        if not keys:
            raise KeyringError("no key")
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._keys = dict(keys)
        self._signing: dict[tuple[bytes, str], bytes] = {}
        self.current_id = list(keys)[-1]

    def seal(self, plain: bytes, identity: bytes) -> bytes:
        """Encrypt ``plain``; only the same ``identity`` opens it again."""
        nonce = secrets.token_bytes(NONCE_SIZE)
        cipher = self._ciphers[self.current_id]
        return b"".join(
            (VERSION, self.current_id, nonce, cipher.encrypt(nonce, plain, identity))
        )

    def open(self, sealed: bytes, identity: bytes) -> bytes:
        """The text behind ``sealed``; raises UnknownKeyError or SealBrokenError."""
        if sealed[:1] != VERSION or len(sealed) < HEADER_SIZE + TAG_SIZE:
            raise SealBrokenError("not a sealed value")
        cipher = self._ciphers.get(key_id_of(sealed))
        if cipher is None:
            raise UnknownKeyError(key_id_of(sealed).hex())
        nonce = sealed[HEADER_SIZE - NONCE_SIZE : HEADER_SIZE]
        try:
            return cipher.decrypt(nonce, sealed[HEADER_SIZE:], identity)
        except InvalidTag as error:
            raise SealBrokenError("wrong identity or changed value") from error

    def sign(self, message: bytes, purpose: str) -> str:
        """Signature of ``message`` by the newest key, for one ``purpose`` alone."""
        return self._sign(self.current_id, message, purpose)

    def verifies(self, signature: str, message: bytes, purpose: str) -> bool:
        """Whether ``signature`` is one of ``message``, by whichever key it names.

        :raises UnknownKeyError: the file does not hold that key
        """
        try:
            key_id = bytes.fromhex(signature[: 2 * ID_SIZE])
        except ValueError:
            return False
        if key_id not in self._keys:
            raise UnknownKeyError(key_id.hex())
        return hmac.compare_digest(
            self._sign(key_id, message, purpose).encode(), signature.encode()
        )

    def digest(self, key_id: bytes, message: bytes, purpose: str) -> bytes:
        """HMAC of ``message`` by one key, for one ``purpose`` alone: always the same.

        :raises UnknownKeyError: the file does not hold that key
        """
        if key_id not in self._keys:
            raise UnknownKeyError(key_id.hex())
        return self._digest(key_id, message, purpose)

    def _sign(self, key_id: bytes, message: bytes, purpose: str) -> str:
        return key_id.hex() + self._digest(key_id, message, purpose).hex()

    def _digest(self, key_id: bytes, message: bytes, purpose: str) -> bytes:
        derived = self._signing.get((key_id, purpose))
        if derived is None:
            derived = HKDF(SHA256(), KEY_SIZE, None, purpose.encode()).derive(
                self._keys[key_id]
            )
            self._signing[key_id, purpose] = derived
        return hmac.digest(derived, message, "sha256")


def key_id_of(sealed: bytes) -> bytes:
    """Id of the key that sealed the value."""
    return bytes(sealed[len(VERSION) : len(VERSION) + ID_SIZE])


def parse_keys(text: str) -> dict[bytes, bytes]:
    """Keys of a key file by id; raises KeyringError naming the line, not the key."""
    keys = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            raw_id, raw_key = line.split()
            key_id, key = (
                bytes.fromhex(raw_id),
                base64.b64decode(raw_key, validate=True),
            )
        except ValueError as error:
            raise KeyringError(f"line {number} is not “id key”") from error
        if len(key_id) != ID_SIZE or len(key) != KEY_SIZE or key_id in keys:
            raise KeyringError(f"line {number} has a wrong length or a repeated id")
        keys[key_id] = key
    return keys


def new_key_line() -> str:
    """A fresh random key as a line of a key file."""
    key = base64.b64encode(secrets.token_bytes(KEY_SIZE)).decode()
    return f"{secrets.token_hex(ID_SIZE)} {key}\n"


def create_key_file(path: Path) -> bool:
    """Make a key file that only its owner reads; False if there is one already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w") as file:
        file.write(new_key_line())
        file.flush()
        os.fsync(file.fileno())
    return True


def append_key(path: Path) -> None:
    """Add a key that seals from now on; replaces the file in one step."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(path.read_text().rstrip("\n") + "\n" + new_key_line())
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


def load_keyring(path: Path) -> Keyring:
    """The keys of ``path``, read again when the file changes; raises KeyringError."""
    try:
        changed = path.stat().st_mtime_ns
        return _load_keyring(path, changed)
    except OSError as error:
        raise KeyringError(str(error)) from error


@lru_cache(maxsize=8)
def _load_keyring(path: Path, _changed: int) -> Keyring:
    return Keyring(parse_keys(path.read_text()))
