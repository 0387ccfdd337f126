"""The co-hosts of a session: phones that may approve or hide lines, and the codes by which a facilitator pairs them.

A code is good once, for a few minutes; a phone is paired until the facilitator unpairs it.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Literal

from course.workshop.access.rate_limit import RateLimit
from course.workshop.access.tokens import LETTERS, SessionAccess, is_same
from course.workshop.errors import refused
from course.workshop.rules.session_model import SessionState

PAIRING_SECONDS: Final = 300.0
"""For how many seconds a code is good."""
PAIRING_LENGTH: Final = 8
"""In letters: 37,822,859,361 codes, of which 70 may be tried while one is good."""


PairingState = Literal["none", "good", "used", "expired"]
"""Of a session: no code was made, it is good, a phone was paired by it, or its time is over."""
MOST_CO_HOSTS: Final = 3
"""How many phones may be paired at once; the one that was paired first makes room."""


@dataclass(frozen=True)
class Pairing:
    """The latest code of a session. `code` is empty unless it is good."""

    state: PairingState = "none"
    code: str = ""


def pairing_limit() -> RateLimit:
    """Return how many wrong codes may be typed, in all sessions of a server together."""
    return RateLimit(burst=10.0, per_second=0.2)


class PairingCodes:
    """The codes that are good now, at most one of each session. The time is passed in, in seconds of any clock."""

    def __init__(self) -> None:
        self._codes: dict[str, tuple[str, float]] = {}
        self._over: dict[str, Pairing] = {}
        """How the latest code of a session ended."""
        self._wrong = pairing_limit()

    def new_code(self, session_id: str, now: float) -> None:
        """Make a code for a session, in place of an earlier one."""
        self._over.pop(session_id, None)
        self._codes[session_id] = (
            "".join(secrets.choice(LETTERS) for _ in range(PAIRING_LENGTH)),
            now + PAIRING_SECONDS,
        )

    def latest(self, session_id: str, now: float) -> Pairing:
        """Return the code of a session, or how its latest one ended."""
        self.expire(now)
        if session_id in self._codes:
            return Pairing("good", self._codes[session_id][0])
        return self._over.get(session_id, Pairing())

    def expire(self, now: float) -> bool:
        """Let the codes go whose time is over, and return whether there were any."""
        expired = [session_id for session_id, (_, until) in self._codes.items() if now >= until]
        for session_id in expired:
            del self._codes[session_id]
            self._over[session_id] = Pairing("expired")
        return bool(expired)

    def take(self, typed: str, now: float) -> str:
        """Use a code up and return the session that it is for; raise SessionRefused for any other."""
        wait = self._wrong.wait(now)
        if wait:
            raise refused("too-many-pairings", 429, int(wait) + 1)
        letters = "".join(letter for letter in typed.upper() if letter.isalpha())[: PAIRING_LENGTH + 1]
        for session_id, (code, until) in self._codes.items():
            if now < until and is_same(code, letters):
                del self._codes[session_id]
                self._over[session_id] = Pairing("used")
                return session_id
        self._wrong.take(now)
        raise refused("wrong-pairing", 404)

    def drop(self, session_id: str) -> None:
        """Let the code of a session be good no more, and say nothing of it."""
        self._codes.pop(session_id, None)
        self._over.pop(session_id, None)


class CoHosts:
    """Who is paired, by random names; `save` puts that on disk, so that a restart unpairs nobody and pairs nobody."""

    def __init__(self, access: SessionAccess, state: SessionState, save: Callable[[], Awaitable[None]]) -> None:
        self._access, self._state, self._save = access, state, save

    def __len__(self) -> int:
        return len(self._state.co_hosts)

    async def pair(self) -> str:
        """Return the cookie of one more co-host, once that is on disk."""
        if self._state.is_closed:
            raise refused("closed", 410)
        name = secrets.token_hex(16)
        self._state.co_hosts = [*self._state.co_hosts, name][-MOST_CO_HOSTS:]
        await self._save()
        return self._access.co_host_cookie(name)

    async def unpair(self) -> None:
        """Let no co-host in any more: at once, also where that could not be written yet."""
        self._state.co_hosts = []
        await self._save()

    def check(self, cookie: str) -> None:
        """Raise SessionRefused for a phone that is not paired, or not any more."""
        name = self._access.co_host(cookie)
        if self._state.is_closed:
            raise refused("closed", 410)
        if name is None or name not in self._state.co_hosts:
            raise refused("not-co-host", 403)
