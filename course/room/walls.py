"""The walls of a room: which of the lines that people wrote may be shown, and in which order."""

from __future__ import annotations

from collections.abc import Callable

from course.groups.wall import Wall
from course.room.lines import Line, Lines
from course.room.script import Question


class Walls:
    """One wall a question, by the rules of `course.groups.wall`. `is_open` says whether it still takes lines."""

    def __init__(self, lines: Lines, key: bytes, is_open: Callable[[str], bool]) -> None:
        self._lines, self._key, self._is_open = lines, key, is_open
        self._walls: dict[str, Wall] = {}

    def shown(self, question: Question) -> list[Line]:
        """Return the approved lines that may be shown, in their shuffled order."""
        heads = {line.line: line for line in self._lines.heads(question.slug)}
        return [heads[name] for name in self._wall(question.slug).on_the_wire if name in heads]

    def on_the_wire(self) -> set[str]:
        """Return the names of all lines that may be shown now."""
        return {name for wall in self._walls.values() for name in wall.on_the_wire}

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

    def grow(self) -> list[Line]:
        """Let the next lines join their walls; return those that changed, for it is to be kept before it is shown."""
        written: dict[str, dict[str, str]] = {}
        for line in self._lines.every():
            written.setdefault(line.question, {})[line.line] = line.person
        groups: dict[str, int] = {}
        for question, lines in written.items():
            groups |= self._wall(question).grow(lines, is_open=self._is_open(question))
        changed = [line for line in self._lines.every() if line.line in groups]
        for line in changed:
            line.group = groups[line.line]
        return changed

    def hang_again(self) -> None:
        """Hang up what the store had: what could be on a wall can be again, the rest waits."""
        self._walls.clear()
        for line in self._lines.every():
            if line.group:
                self._wall(line.question).recall(line.line, line.group)
        for line in self._lines.every():
            if line.standing == "approved":
                self.put(line)

    def _wall(self, question: str) -> Wall:
        if question not in self._walls:
            self._walls[question] = Wall(self._key)
        return self._walls[question]
