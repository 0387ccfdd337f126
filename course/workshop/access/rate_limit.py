"""How fast phones may send, join and type codes: each limit is a burst, and so many a second after that.

Joining alone is limited by network address too, generously, as a venue's phones may share one; addresses are known in
memory only.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Final

from course.workshop.errors import refused

_IDLE_SECONDS: Final = 500.0
"""After so many seconds without anybody, an address has all its allowance again."""
MOST_ADDRESSES: Final = 10_000
"""How many network addresses are remembered at once."""


@dataclass
class RateLimit:
    """So many at once, and so many a second after that. The time is passed in, in seconds of any clock."""

    burst: float
    per_second: float
    left: float = -1.0
    since: float = 0.0

    def take(self, now: float) -> float:
        """Take one and return 0, or return the seconds to wait.

        >>> limit = RateLimit(burst=2, per_second=1)
        >>> [limit.take(10.0), limit.take(10.0), limit.take(10.0), limit.take(11.5)]
        [0.0, 0.0, 1.0, 0.0]
        """
        self._refill(now)
        if self.left < 1:
            return (1 - self.left) / self.per_second
        self.left -= 1
        return 0.0

    def take_or_refuse(self, now: float, key: str) -> None:
        """Take one, or raise SessionRefused in the words of this key, with the seconds to wait."""
        wait = self.take(now)
        if wait:
            raise refused(key, 429, int(wait) + 1)

    def wait(self, now: float) -> float:
        """Return the seconds until one could be taken."""
        self._refill(now)
        return max(0.0, (1 - self.left) / self.per_second)

    def _refill(self, now: float) -> None:
        if self.left < 0:
            self.left, self.since = self.burst, now
        self.left = min(self.burst, self.left + max(0.0, now - self.since) * self.per_second)
        self.since = max(self.since, now)


def answer_limit() -> RateLimit:
    """Return how many answers one phone may send: faster than a person can tap."""
    return RateLimit(burst=60.0, per_second=5.0)


def join_limit() -> RateLimit:
    """Return how many phones may join, all sessions of a server together."""
    return RateLimit(burst=1000.0, per_second=50.0)


@dataclass
class AddressLimits:
    """How many phones may join from one network address: hundreds at once, and one a second after that."""

    _limits: dict[str, RateLimit] = field(default_factory=dict, repr=False)

    def take_or_refuse(self, now: float, address: str) -> None:
        """Take one, or raise SessionRefused with the seconds to wait."""
        network = _network(address)
        if network not in self._limits and len(self._limits) >= MOST_ADDRESSES:
            self._forget_idle(now)
        limit = self._limits.setdefault(network, RateLimit(burst=500.0, per_second=1.0))
        limit.take_or_refuse(now, "too-many")

    def _forget_idle(self, now: float) -> None:
        """Forget the addresses from which nobody has come for long; while all are busy, all of them."""
        busy = {name: limit for name, limit in self._limits.items() if now - limit.since < _IDLE_SECONDS}
        self._limits = busy if len(busy) < MOST_ADDRESSES else {}


def _network(address: str) -> str:
    """Return an address as it is limited: of version 6, the network that one home or phone has.

    >>> _network("192.0.2.7"), _network("2001:db8:1:2::77"), _network("::ffff:192.0.2.7")
    ('192.0.2.7', '2001:db8:1:2::', '192.0.2.7')
    """
    try:
        read = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(read, ipaddress.IPv4Address):
        return str(read)
    mapped = read.ipv4_mapped
    return str(mapped or ipaddress.IPv6Network((read, 64), strict=False).network_address)


def wrong_code_limit() -> RateLimit:
    """Return how many wrong codes may be typed, in all sessions of a server together."""
    return RateLimit(burst=20.0, per_second=1.0)
