"""The address by which people elsewhere reach the server through a reverse proxy, such as https://example.org/rooms.

It is set here, and nothing that a request says of itself takes its place: no forwarded header is read.
"""

from __future__ import annotations

import re
import urllib.parse
from dataclasses import dataclass
from typing import Final

from course.content import words
from course.core.errors import BadAddress

_PATH: Final = re.compile(r"(/[A-Za-z0-9._~-]+)*")
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]")
_USUAL_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True)
class PublicAddress:
    """The parts of a public address."""

    origin: str
    """What browsers say of a page there, such as https://example.org."""
    base: str
    """Where its pages begin, such as /rooms; empty at the top."""
    names: frozenset[str]
    """What a proxy may pass on as the name that was asked for, in small letters."""

    @property
    def address(self) -> str:
        """The start of every address that phones open."""
        return self.origin + self.base

    @property
    def is_secure(self) -> bool:
        """Whether browsers speak to the proxy over https."""
        return self.origin.startswith("https:")


def read_public_address(typed: str) -> PublicAddress:
    """Return the parts of a public address; raises BadAddress, which says what is wrong.

    >>> read_public_address("https://Trust.example.org/rooms/").address
    'https://trust.example.org/rooms'
    """
    try:
        parts = urllib.parse.urlsplit(typed.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise _bad() from None
    host = f"[{host}]" if ":" in host else host
    path = parts.path.rstrip("/")
    is_plain = not (parts.query or parts.fragment or "@" in parts.netloc)
    if parts.scheme not in _USUAL_PORTS or not _HOST.fullmatch(host) or not _PATH.fullmatch(path) or not is_plain:
        raise _bad()
    usual = _USUAL_PORTS[parts.scheme]
    names = {host, f"{host}:{usual}"} if port in (None, usual) else {f"{host}:{port}", host}
    origin = f"{parts.scheme}://{host}" + ("" if port in (None, usual) else f":{port}")
    return PublicAddress(origin, path, frozenset(names))


def _bad() -> BadAddress:
    return BadAddress(words("session.public-address"), words("session.public-address-hint"))
