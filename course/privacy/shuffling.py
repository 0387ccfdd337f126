"""An order that nobody can foresee without a key, and that is the same each time, also after a restart."""

from __future__ import annotations

import hashlib


def shuffled_place(key: bytes, name: str) -> bytes:
    """Return what to sort a name by.

    >>> shuffled_place(b"key", "a") == shuffled_place(b"key", "a") != shuffled_place(b"another key", "a")
    True
    """
    return hashlib.blake2b(name.encode(), key=key[:64]).digest()
