"""The server of live sessions as a service of the Hub: facilitators log in to it at the Hub."""

from __future__ import annotations

import urllib.parse
from dataclasses import dataclass, field

from course.core.errors import BadCohort
from course.core.settings import SESSION_SERVICE

CALLBACK = "/login/back"
"""Where the Hub sends browsers back to, below the server's public address."""


@dataclass(frozen=True)
class SessionService:
    """The server of live sessions, which runs by itself under a host name of its own; raises BadCohort for none."""

    address: str
    """Its public address, as `BUILDING_TRUST_PUBLIC_ADDRESS` has it, such as https://trust.example.org."""
    token: str = field(repr=False)
    """The token by which the Hub knows it, as `BUILDING_TRUST_HUB_TOKEN` has it there."""
    name: str = SESSION_SERVICE

    def __post_init__(self) -> None:
        parts = urllib.parse.urlsplit(self.address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise BadCohort(
                f"The server of live sessions cannot have the address {self.address}.",
                "Give the whole address that phones open, such as https://trust.example.org.",
            )
        if len(self.token) < 32:
            raise BadCohort(
                "The token of the server of live sessions is too short.", "Make one with: openssl rand -hex 32"
            )

    @property
    def client_id(self) -> str:
        """Its OAuth client id."""
        return f"service-{self.name}"

    @property
    def redirect_uri(self) -> str:
        """Where the Hub sends browsers back to that have logged in."""
        return self.address.rstrip("/") + CALLBACK
