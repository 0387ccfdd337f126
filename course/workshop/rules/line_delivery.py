"""When written lines come to the console: in batches, by the rules of `course.privacy.reading_batches`."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from course.privacy.reading_batches import LEAST_DELAY, MOST_DELAY, ReadingBatches
from course.workshop.rules.lines import Line, Lines

if TYPE_CHECKING:
    from course.workshop.rules.session_model import SessionState


def unforeseen_delay() -> float:
    """Return how many seconds the next batch waits."""
    return secrets.SystemRandom().uniform(LEAST_DELAY, MOST_DELAY)


class LineDelivery:
    """Takes lines to the console. What waits follows from the lines themselves, so a restart loses nothing."""

    def __init__(self, lines: Lines, key: bytes, state: SessionState) -> None:
        self._lines, self._key, self._state = lines, key, state
        self._batches: dict[str, ReadingBatches] = {}

    def deliver(self, came: float, now: float | None = None) -> list[Line]:
        """Deliver what is due, and all lines of questions that have closed; return the lines that changed.

        `came` is in seconds since 1970, `now` in seconds of any clock; without it, only what has closed is looked at.
        """
        changed = []
        for question, waiting in self._lines.undelivered().items():
            is_open = self._state.question(question).phase == "open"
            if not is_open or now is not None:
                writers = self._of(question).take(waiting, now or 0.0, is_open=is_open)
                changed += self._lines.deliver(question, writers, came) if writers else []
        return changed

    def _of(self, question: str) -> ReadingBatches:
        if question not in self._batches:
            key = hashlib.blake2b(question.encode(), key=self._key[:64]).digest()
            self._batches[question] = ReadingBatches(key, lambda: unforeseen_delay())
        return self._batches[question]
