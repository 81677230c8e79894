"""Secrets in addresses: derived from a seed by the server's key, kept as a hash.

A seed is ``key id (8 hex digits) | random (32)``. Without the key file it leads to no
address, and neither does the hash; with it an address can be sent once more.
"""

import base64
import hashlib
import secrets

from werkzeug.exceptions import NotFound

from .keyring import ID_SIZE, Keyring

RANDOM_SIZE = 16
# What belongs to one visitor is kept by no cache, told to no other site and found by
# no search engine.
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


class LinkOverError(NotFound):
    """Nothing behind the address, or nothing any more; which of both is not told."""


def new_seed(keyring: Keyring) -> str:
    """A fresh seed, bound to the key that is the newest now."""
    return keyring.current_id.hex() + secrets.token_hex(RANDOM_SIZE)


def get_token(keyring: Keyring, seed: str, purpose: str) -> str:
    """The secret of ``seed`` for one ``purpose``, 256 bits, fit for an address.

    :raises UnknownKeyError: the seed's key is gone from the key file
    """
    key_id = bytes.fromhex(seed[: 2 * ID_SIZE])
    raw = keyring.digest(key_id, seed.encode(), purpose)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def get_hash(token: str) -> str:
    """What is kept of ``token``; 256 random bits need neither salt nor stretching."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def has_secret(arguments) -> bool:
    """Whether one of a route's ``arguments`` (names) is a secret."""
    return any(name.endswith(("token", "secret")) for name in arguments)
