"""The walls of a room: which of the lines that people wrote may be shown, and in which order."""

from __future__ import annotations

from course.groups.wall import Wall
from course.room.lines import Line, Lines
from course.room.script import Question


class Walls:
    """One wall a question, by the rules of `course.groups.wall`."""

    def __init__(self, lines: Lines, key: bytes) -> None:
        self._lines, self._key = lines, key
        self._walls: dict[str, Wall] = {}

    def shown(self, question: Question) -> list[Line]:
        """Return the approved lines that may be shown, in their shuffled order."""
        heads = {line.line: line for line in self._lines.heads(question.slug)}
        return [heads[name] for name in self._wall(question.slug).on_the_wire if name in heads]

    def alike(self, head: Line) -> list[Line]:
        """Return the approved lines that one stands for, as far as they may be shown."""
        return [line for line in self._lines.like(head) if line.standing == "approved" and line.is_seen]

    def put(self, line: Line) -> None:
        """Put up a line that was approved; take down any other."""
        if line.standing == "approved":
            self._wall(line.question).approve(line.line, line.person)
        else:
            self.take_down(line)

    def take_down(self, line: Line) -> None:
        """Take down a line at once."""
        self._wall(line.question).undo(line.line)

    def close(self, question: Question) -> None:
        """Let the lines join that still wait, if they are enough."""
        self._wall(question.slug).close()

    def newly_seen(self) -> list[Line]:
        """Return the lines that are on a wall now and were not before; it is kept that they were."""
        shown = {name for wall in self._walls.values() for name in wall.on_the_wire}
        lines = [line for line in self._lines.every() if line.line in shown and not line.is_seen]
        for line in lines:
            line.is_seen = True
        return lines

    def hang_again(self) -> None:
        """Hang up what the store had: what was ever on a wall comes back as it was, the rest waits."""
        self._walls.clear()
        for line in self._lines.every():
            if line.is_seen:
                self._wall(line.question).recall(line.line)
        for line in self._lines.every():
            if line.standing == "approved":
                self.put(line)

    def _wall(self, question: str) -> Wall:
        if question not in self._walls:
            self._walls[question] = Wall(self._key)
        return self._walls[question]
