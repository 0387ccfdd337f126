"""The co-hosts of a session: phones that may approve or hide lines, until the facilitator unpairs them."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Final

from course.workshop.access.tokens import SessionAccess
from course.workshop.errors import refused
from course.workshop.rules.session_model import SessionState

MOST_CO_HOSTS: Final = 3
"""How many phones may be paired at once; the one that was paired first makes room."""


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
