"""How fast one phone, or all together, may send."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Allowance:
    """So many at once, and so many a second after that. The time is passed in."""

    burst: float
    a_second: float
    left: float = -1.0
    since: float = 0.0

    def take(self, now: float) -> float:
        """Take one and return 0, or return the seconds to wait.

        >>> few = Allowance(burst=2, a_second=1)
        >>> [few.take(10.0), few.take(10.0), few.take(10.0), few.take(11.5)]
        [0.0, 0.0, 1.0, 0.0]
        """
        self._fill(now)
        if self.left < 1:
            return (1 - self.left) / self.a_second
        self.left -= 1
        return 0.0

    def wait(self, now: float) -> float:
        """Return the seconds until one could be taken."""
        self._fill(now)
        return max(0.0, (1 - self.left) / self.a_second)

    def _fill(self, now: float) -> None:
        if self.left < 0:
            self.left, self.since = self.burst, now
        self.left = min(self.burst, self.left + max(0.0, now - self.since) * self.a_second)
        self.since = max(self.since, now)
