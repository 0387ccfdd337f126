"""The walls of a room: which of the lines that people wrote may be shown, and in which order."""

from __future__ import annotations

from collections.abc import Callable

from course.privacy.text_release import TextRelease
from course.workshop.lines import Line, Lines
from course.workshop.script import Question
from course.workshop.session_state import Standing


class Walls:
    """One wall a question, by the rules of `course.privacy.text_release`. `standing` says where the question stands."""

    def __init__(self, lines: Lines, key: bytes, standing: Callable[[str], Standing]) -> None:
        self._lines, self._key, self._standing = lines, key, standing
        self._changed: dict[str, Line] = {}
        self._walls: dict[str, TextRelease] = {}

    def shown(self, question: Question) -> list[Line]:
        """Return the approved lines that may be shown, in their shuffled order."""
        heads = {line.line: line for line in self._lines.heads(question.slug)}
        return [heads[name] for name in self._wall(question.slug).published if name in heads]

    def published(self) -> set[str]:
        """Return the names of all lines that may be shown now."""
        return {name for wall in self._walls.values() for name in wall.published}

    def alike(self, head: Line) -> list[Line]:
        """Return the approved lines that one stands for, as far as they may be shown."""
        return [line for line in self._lines.like(head) if line.standing == "approved" and line.group]

    def put(self, line: Line) -> None:
        """Put up a line that was approved; take down any other."""
        if line.standing == "approved":
            self._wall(line.question).approve(line.line, line.person)
        else:
            self.take_down(line)

    def take_down(self, line: Line) -> None:
        """Take down a line at once."""
        self._wall(line.question).undo(line.line)

    def grow(self) -> None:
        """Let the next lines join their walls, and note what is seen. Do so before and after all that is done."""
        by_question: dict[str, dict[str, Line]] = {}
        for line in self._lines.every():
            by_question.setdefault(line.question, {})[line.line] = line
        for question, lines in by_question.items():
            wall, standing = self._wall(question), self._standing(question)
            groups = wall.grow({name: line.person for name, line in lines.items()}, is_open=standing.taking != "closed")
            seen = wall.see() if standing.is_shown else frozenset()
            for name, line in lines.items():
                if name in groups or (name in seen and not line.is_seen):
                    line.group, line.is_seen = groups.get(name, line.group), line.is_seen or name in seen
                    self._changed[name] = line

    def changed(self) -> dict[str, Line]:
        """Return the lines that changed since this was asked last: it is to be kept before they are shown."""
        changed, self._changed = self._changed, {}
        return changed

    def hang_again(self) -> None:
        """Hang up what the store had: what could be on a wall can be again, the rest waits."""
        self._walls.clear()
        for line in self._lines.every():
            if line.group:
                self._wall(line.question).recall(line.line, line.group, is_seen=line.is_seen)
        for line in self._lines.every():
            if line.standing == "approved":
                self.put(line)

    def _wall(self, question: str) -> TextRelease:
        if question not in self._walls:
            self._walls[question] = TextRelease(self._key)
        return self._walls[question]
