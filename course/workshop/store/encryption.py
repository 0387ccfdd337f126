"""What the store has of a session is encrypted under a key of the session's own: without it, nobody can read it.

Contents by AES-GCM (NIST SP 800-38D), with a random nonce each; pseudonyms by AES-SIV (RFC 5297), which gives the same
text for the same pseudonym and place, so that a newer answer still replaces an older one. Everything is bound to its
place in the store, and padded, so that its length tells little.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV

STEP: Final = 64
"""Contents are padded to a multiple of so many bytes."""
_NONCE: Final = 12
_END: Final = b"\x80"
"""Ends the contents; zeros follow (ISO/IEC 7816-4)."""


class Unreadable(ValueError):
    """A text that this key did not encrypt for this place, or that has changed since."""


class Cipher:
    """Encrypts and decrypts what the store has of one session.

    >>> cipher = Cipher(bytes(32))
    >>> cipher.decrypt(cipher.encrypt("Sphinx of black quartz", "answers", "leak"), "answers", "leak")
    'Sphinx of black quartz'
    >>> cipher.decrypt(cipher.encrypt("Sphinx of black quartz", "answers", "leak"), "answers", "group.G1")
    Traceback (most recent call last):
    course.workshop.store.encryption.Unreadable
    """

    def __init__(self, key: bytes) -> None:
        self._contents = AESGCM(hmac.digest(key, b"contents", "sha256"))
        self._names = AESSIV(hmac.digest(key, b"names", "sha512"))

    def encrypt(self, text: str, *place: str) -> str:
        """Return a text encrypted for one place in the store, such as its table and question."""
        data = text.encode() + _END
        padded = data + b"\0" * (-len(data) % STEP)
        nonce = os.urandom(_NONCE)
        return _printable(nonce + self._contents.encrypt(nonce, padded, _joined(place)))

    def decrypt(self, encrypted: str, *place: str) -> str:
        """Return the text that was encrypted for this place; raises Unreadable for any other."""
        data = _bytes(encrypted)
        try:
            padded = self._contents.decrypt(data[:_NONCE], data[_NONCE:], _joined(place))
        except (InvalidTag, ValueError):
            raise Unreadable from None
        return padded.rstrip(b"\0").removesuffix(_END).decode()

    def encrypt_name(self, name: str, *place: str) -> str:
        """Return a pseudonym encrypted for one place: the same text each time, and another one in another place."""
        return _printable(self._names.encrypt(bytes.fromhex(name), [_joined(place)]))

    def decrypt_name(self, encrypted: str, *place: str) -> str:
        """Return the pseudonym that was encrypted for this place; raises Unreadable for any other."""
        try:
            return self._names.decrypt(_bytes(encrypted), [_joined(place)]).hex()
        except (InvalidTag, ValueError):
            raise Unreadable from None


def _joined(place: tuple[str, ...]) -> bytes:
    return "\0".join(place).encode()


def _printable(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable from None
