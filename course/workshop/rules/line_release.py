"""When written lines come to the console, and which of those that are approved a wall shows, in which order.

The first is decided by `course.privacy.reading_batches`, the second by `course.privacy.text_release`.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

from course.privacy.reading_batches import LEAST_DELAY, MOST_DELAY, ReadingBatches
from course.privacy.text_release import TextRelease
from course.workshop.rules.lines import Line, Lines
from course.workshop.script.script import ScriptQuestion

if TYPE_CHECKING:
    from course.workshop.rules.session_model import QuestionState, SessionState


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


class Walls:
    """One wall a question, by the rules of `course.privacy.text_release`. `state` says where the question stands."""

    def __init__(self, lines: Lines, key: bytes, state: Callable[[str], QuestionState]) -> None:
        self._lines, self._key, self._state = lines, key, state
        self._changed: dict[str, Line] = {}
        self._walls: dict[str, TextRelease] = {}

    def shown(self, question: ScriptQuestion) -> list[Line]:
        """Return the approved lines that may be shown, in their shuffled order."""
        heads = {line.name: line for line in self._lines.heads(question.slug)}
        return [heads[name] for name in self._wall(question.slug).published if name in heads]

    def published(self) -> set[str]:
        """Return the names of all lines that may be shown now."""
        return {name for wall in self._walls.values() for name in wall.published}

    def shown_alike(self, head: Line) -> list[Line]:
        """Return the approved lines that one stands for, as far as they may be shown."""
        return [line for line in self._lines.like(head) if line.status == "approved" and line.group]

    def writers(self, head: Line) -> int:
        """Return how many people wrote a line or one that it stands for, as far as they may be shown."""
        return len({line.person for line in (head, *self.shown_alike(head))})

    def put(self, line: Line) -> None:
        """Put up a line that was approved; take down any other."""
        if line.status == "approved" and not line.is_replaced:
            self._wall(line.question).approve(line.name, line.person)
        else:
            self.take_down(line)

    def take_down(self, line: Line) -> None:
        """Take down a line at once."""
        self._wall(line.question).undo(line.name)

    def grow(self) -> None:
        """Let the next lines join their walls, and note what is seen. Do so before and after all that is done."""
        by_question: dict[str, dict[str, Line]] = {}
        for line in self._lines.every():
            if line.batch:  # else the console would tell by what joins a wall that somebody has written
                by_question.setdefault(line.question, {})[line.name] = line
        for question, lines in by_question.items():
            wall, state = self._wall(question), self._state(question)
            groups = wall.grow({name: line.person for name, line in lines.items()}, is_open=state.phase != "closed")
            seen = wall.see() if state.is_shown else frozenset()
            for name, line in lines.items():
                if name in groups or (name in seen and not line.is_seen):
                    line.group, line.is_seen = groups.get(name, line.group), line.is_seen or name in seen
                    self._changed[name] = line

    def changed(self) -> dict[str, Line]:
        """Return the lines that changed since this was asked last: they are to be stored before they are shown."""
        changed, self._changed = self._changed, {}
        return changed

    def rebuild(self) -> None:
        """Put up what the store had: what could be on a wall can be again, the rest waits."""
        self._walls.clear()
        for line in self._lines.every():
            if line.group:
                self._wall(line.question).recall(line.name, line.group, is_seen=line.is_seen)
        for line in self._lines.every():
            if line.status == "approved":
                self.put(line)

    def _wall(self, question: str) -> TextRelease:
        if question not in self._walls:
            self._walls[question] = TextRelease(self._key)
        return self._walls[question]
