"""Files at rest: each has a key of its own, which is sealed like a text.

A rotation of keys then seals some bytes anew, and not gigabytes of pictures.
``nonce (12 bytes) | AES-256-GCM ciphertext and tag``; the key seals one file only.
"""

from __future__ import annotations

import base64
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_SIZE = 12


def new_key() -> str:
    """A random key as text."""
    return base64.b64encode(AESGCM.generate_key(256)).decode()


def seal_file(key: str, content: bytes, identity: bytes) -> bytes:
    """Encrypt ``content``; only the same ``identity`` opens it again."""
    nonce = secrets.token_bytes(NONCE_SIZE)
    return nonce + AESGCM(base64.b64decode(key)).encrypt(nonce, content, identity)


def open_file(key: str, sealed: bytes, identity: bytes) -> bytes:
    """The content; raises ``cryptography.exceptions.InvalidTag`` if it was changed."""
    cipher = AESGCM(base64.b64decode(key))
    return cipher.decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], identity)
