"""How fast phones may send, join and type codes: each limit is a burst, and so many a second after that.

No limit goes by network address: in one venue all phones share it.
"""

from __future__ import annotations

from dataclasses import dataclass

from course.workshop.errors import refused


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


def wrong_code_limit() -> RateLimit:
    """Return how many wrong codes may be typed, in all sessions of a server together."""
    return RateLimit(burst=20.0, per_second=1.0)
