"""What people wrote: each line looked at by the facilitator before anyone else sees it, and what became of it."""

from __future__ import annotations

import secrets
from collections.abc import Container, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from course.workshop.answer_rules import Answer

SETTLED: Final = ("", "ours", "park", "now")
LONGEST: Final = 120
"""The longest owner, place or date, in letters."""


@dataclass
class Line:
    """One written line. Its name changes with its words, so that what is approved is what was read."""

    question: str
    person: str
    revision: int
    line: str = field(default_factory=lambda: secrets.token_hex(8))
    standing: str = "waiting"
    head: str = ""
    """The line that stands for this one among similar lines, if it is not itself."""
    settled: str = ""
    owner: str = ""
    place: str = ""
    date: str = ""
    group: int = 0
    """The group of people with whose lines its wall may show it; 0 while it waits for one."""
    is_seen: bool = False
    """Whether it was on the screen: then it stays there when its writer writes anew."""

    def about(self) -> dict[str, Any]:
        """Return all that is kept of it besides its words, which are in its answer."""
        return asdict(self)


class Lines:
    """The written lines of one room, at most one a question and person."""

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}
        self._of: dict[tuple[str, str], str] = {}
        self._words: dict[str, Answer] = {}

    def put(self, question: str, person: str, revision: int, words: Answer | None) -> Line | None:
        """Take in what a person wrote, or that they took it back; the line before it is gone, if nobody has seen it."""
        self._drop(question, person)
        if words is None or words == {"show": False}:
            return None
        line = Line(question, person, revision)
        self._keep(line, words)
        return line

    def recall(self, about: Mapping[str, Any], revision: int | None, words: Answer | None) -> None:
        """Take back in what was kept about a line, unless its words have changed since."""
        about = dict(about)
        kept = about.pop("words", None)
        line = Line(**about)
        if kept is not None:
            self._lines[line.line], self._words[line.line] = line, kept
        elif words is not None and line.revision == revision:
            self._drop(line.question, line.person)
            self._keep(line, words)

    def forget_people(self, shown: Container[str]) -> dict[str, dict[str, Any]]:
        """Forget who wrote what, and all that is not shown; return what is kept of the rest, words and all."""
        kept_lines = [line for line in self.every() if line.line in shown]
        words = {line.line: self._words[line.line] for line in kept_lines}
        for kept in (self._lines, self._of, self._words):
            kept.clear()
        for line in kept_lines:
            line.person, line.revision = secrets.token_hex(8), 0
            self._keep(line, words[line.line])
        return {line.line: self.row_left(line) for line in kept_lines}

    def by(self, question: str, person: str) -> Line | None:
        """Return what someone wrote, or None."""
        return self._lines.get(self._of.get((question, person), ""))

    def find(self, name: str) -> Line | None:
        """Return the line of that name, or None if it has changed or never was."""
        return self._lines.get(name)

    def words(self, line: Line) -> Answer:
        """Return what is written."""
        return self._words[line.line]

    def row(self, line: Line) -> dict[str, Any]:
        """Return what is kept of a line: with its words once its writer's answer is another one."""
        is_left = self._of.get((line.question, line.person)) != line.line
        return self.row_left(line) if is_left and line.line in self._words else line.about()

    def row_left(self, line: Line) -> dict[str, Any]:
        """Return what is kept of a line whose writer's answer becomes another one."""
        return {**line.about(), "words": self._words[line.line]}

    def of(self, question: str) -> list[Line]:
        """Return the lines of a question in an order that says nothing of when they came."""
        return sorted((line for line in self._lines.values() if line.question == question), key=lambda line: line.line)

    def every(self) -> list[Line]:
        """Return all lines."""
        return sorted(self._lines.values(), key=lambda line: line.line)

    def heads(self, question: str) -> list[Line]:
        """Return the approved lines that stand for themselves and those like them."""
        return [line for line in self.of(question) if line.standing == "approved" and not self._is_under(line)]

    def like(self, head: Line) -> list[Line]:
        """Return the lines that another stands for."""
        return [line for line in self.of(head.question) if line.head == head.line]

    def group(self, names: list[str]) -> list[Line]:
        """Let the first of similar lines stand for all; return those that changed."""
        found = [self._lines[name] for name in dict.fromkeys(names) if name in self._lines]
        found = [line for line in found if line.question == found[0].question]
        if len(found) < 2:
            return []
        head, *rest = found
        rest += [other for line in rest for other in self.like(line)]
        head.head = ""
        for line in rest:
            line.head = head.line if line is not head else ""
        return [head, *rest]

    def ungroup(self, names: list[str]) -> list[Line]:
        """Let lines stand for themselves again; return those that changed."""
        found = [self._lines[name] for name in names if name in self._lines]
        found += [other for line in found for other in self.like(line)]
        for line in found:
            line.head = ""
        return found

    def _is_under(self, line: Line) -> bool:
        head = self._lines.get(line.head)
        return head is not None and head.standing == "approved" and head.group > 0

    def _keep(self, line: Line, words: Answer) -> None:
        self._lines[line.line] = line
        self._words[line.line] = words
        self._of[line.question, line.person] = line.line

    def _drop(self, question: str, person: str) -> None:
        name = self._of.pop((question, person), None)
        if name and not self._lines[name].is_seen:
            del self._lines[name], self._words[name]
