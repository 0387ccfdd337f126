"""One address at which the server listens: by which names it is called there, and what is served."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Endpoint:
    """What is known of a request by where it came in, and by nothing that it says of itself."""

    address: str
    """The start of every address that is opened there, such as http://192.168.1.20:8890."""
    names: frozenset[str]
    """What a request may call this server, in small letters."""
    origins: frozenset[str]
    """Whose pages may send something."""
    is_secure: bool = False
    """Whether browsers are to send cookies over https alone."""
    has_console: bool = False
    """Whether the facilitator's pages are served."""
    is_proxied: bool = False
    """Whether a reverse proxy is in between, so that all requests come from this computer or the proxy's."""
    has_phones: bool = True
    """Whether the phones' pages are served."""
    is_own: bool = False
    """Whether this machine alone can reach it, and no proxy leads there."""
