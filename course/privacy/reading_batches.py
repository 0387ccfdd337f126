"""R4: when the lines that people wrote come to the facilitator, who reads them.

The attacker to guard against here is the facilitator, or whoever stands behind them: they see the console at every
moment, see who is tapping on a phone, and know these rules. A line that came as its writer tapped would tell whose it
is. So lines come in batches, as through a threshold pool mix (A. Serjantov, R. Dingledine and P. Syverson, *From a
Trickle to a Flood*, 2003):

- While the question is open, a batch comes once ten people wait or more, after a delay that nobody can foresee. Five of
  those who wait stay behind, so that the last batch is as large. Who stays goes by pseudonym, in another way for each
  question, and not by time.
- When the question closes, all that wait come.
- A line that was changed or taken back counts as waiting too: until its writer's batch comes, the former line stays
  where the facilitator sees it, as if nothing had happened.

So a batch, with the number that says how many lines there are, never comes with fewer than five people's, and when it
comes depends on how many write, and not on who. The one who wrote last may be in the next batch or in the last one.

What is not promised: where fewer than five people have written when the question closes, or have written after it was
opened again, theirs come all the same, as a line about harm must reach someone. The console says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from course.privacy.cells import MIN_CELL
from course.privacy.shuffling import shuffled_place

LEAST_DELAY: Final = 5.0
MOST_DELAY: Final = 20.0
"""For how many seconds at least and at most a batch waits that is large enough: longer than it takes to look up."""


class ReadingBatches:
    """The batches of one question. `delay` returns how many seconds the next one waits: nobody may foresee them.

    >>> batches = ReadingBatches(b"made anew for each question", lambda: MOST_DELAY)
    >>> batches.take("abcdefghijkl", now=0.0, is_open=True)
    frozenset()
    >>> len(batches.take("abcdefghijkl", now=MOST_DELAY, is_open=True))
    7
    >>> sorted(batches.take("abc", now=MOST_DELAY, is_open=False))
    ['a', 'b', 'c']
    """

    def __init__(self, key: bytes, delay: Callable[[], float]) -> None:
        self._key, self._delay = key, delay
        self._due: float | None = None
        """When the next batch comes; None while too few wait."""

    def take(self, waiting: Collection[str], now: float, *, is_open: bool) -> frozenset[str]:
        """Return whose lines come now, of the pseudonyms of those who wait; call it a few times a second.

        The time is in seconds of any clock.
        """
        if not is_open:
            self._due = None
            return frozenset(waiting)
        if len(waiting) < 2 * MIN_CELL:
            self._due = None
            return frozenset()
        if self._due is None:
            self._due = now + self._delay()
        if now < self._due:
            return frozenset()
        self._due = None
        return frozenset(sorted(waiting, key=self._place)[:-MIN_CELL])

    def _place(self, writer: str) -> bytes:
        return shuffled_place(self._key, writer)
