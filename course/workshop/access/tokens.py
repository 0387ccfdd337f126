"""Who is in a session without knowing who they are: keys, codes and pseudonyms.

A phone keeps a random token. The session knows it only as a pseudonym, made with a key of the session that is destroyed
when the session closes: after that, nothing in the store can be led back to a phone, not even with the phone in hand.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import Final

LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXY"
"""Letters for typed codes, without those that look like another letter or a digit."""
CODE_LENGTH: Final = 6
TOKEN: Final = re.compile(r"([0-9a-f]{32})\.([0-9a-f]{32})")
CONSOLE_COOKIE: Final = re.compile(r"([0-9a-f]{32})\.(\d{1,12})\.([0-9a-f]{32})")


def new_key() -> bytes:
    """Return a fresh secret of 256 bits."""
    return secrets.token_bytes(32)


def seal(key: bytes, purpose: str, text: str = "") -> str:
    """Return 128 bits, in hexadecimal digits, that only a holder of the key can make for this purpose and text."""
    return hmac.digest(key, f"{purpose}:{text}".encode(), "sha256").hex()[:32]


def is_same(first: str, second: str) -> bool:
    """Whether two secrets are the same, compared in a time that tells nothing of them."""
    return hmac.compare_digest(first.encode(), second.encode())


@dataclass(frozen=True)
class SessionAccess:
    """The link, the code and the cookies that open one session, all made from its key, which alone is stored."""

    key: bytes = field(repr=False)

    @property
    def link(self) -> str:
        """The secret in the QR code's link: 128 bits."""
        return seal(self.key, "link")

    @property
    def code(self) -> str:
        """The six letters that people can type."""
        digest = hmac.digest(self.key, b"code", "sha256")
        number = int.from_bytes(digest, "big")
        letters = []
        for _ in range(CODE_LENGTH):
            number, place = divmod(number, len(LETTERS))
            letters.append(LETTERS[place])
        return "".join(letters)

    def new_console_cookie(self, expires: int) -> str:
        """Return a cookie for the facilitator's browser; `expires` is in seconds since 1970."""
        name = secrets.token_hex(16)
        return f"{name}.{expires}.{seal(self.key, 'facilitator', f'{name}.{expires}')}"

    def is_console_cookie(self, text: str, now: float) -> bool:
        """Whether a text is a console cookie of this session that has not expired."""
        matches = CONSOLE_COOKIE.fullmatch(text)
        return bool(
            matches
            and is_same(matches[3], seal(self.key, "facilitator", f"{matches[1]}.{matches[2]}"))
            and now < int(matches[2])
        )

    def co_host_cookie(self, name: str) -> str:
        """Return the cookie of a co-host who is known by a random name."""
        return f"{name}.{seal(self.key, 'co-host', name)}"

    def co_host(self, text: str) -> str | None:
        """Return the name of the co-host with this cookie, or None if this session did not make it."""
        matches = TOKEN.fullmatch(text)
        return matches[1] if matches and is_same(matches[2], seal(self.key, "co-host", matches[1])) else None

    def form_token(self, cookie: str) -> str:
        """Return the token that each form of a browser with this cookie carries, so that no other site can send one."""
        return seal(self.key, "form", cookie)


@dataclass(frozen=True)
class PhoneTokens:
    """Makes and reads the tokens of one session's phones, with the key that is destroyed when it closes."""

    key: bytes = field(repr=False)

    def new_token(self) -> str:
        """Return a token for one more phone, signed, so that no phone can make one up."""
        token = secrets.token_hex(16)
        return f"{token}.{seal(self.key, 'token', token)}"

    def person(self, text: str) -> str | None:
        """Return the pseudonym of the phone with this token, or None if this session did not make it.

        >>> tokens = PhoneTokens(bytes(32))
        >>> token = tokens.new_token()
        >>> tokens.person(token) == tokens.person(token), PhoneTokens(b"another").person(token)
        (True, None)
        """
        matches = TOKEN.fullmatch(text)
        if not matches or not is_same(matches[2], seal(self.key, "token", matches[1])):
            return None
        return seal(self.key, "person", matches[1])


def read_code(typed: str) -> str:
    """Return a typed code with nothing but its letters, as capitals, to compare with a session's code.

    >>> read_code(" abc-def ")
    'ABCDEF'
    """
    return "".join(letter for letter in typed.upper() if letter.isalpha())[: CODE_LENGTH + 1]
