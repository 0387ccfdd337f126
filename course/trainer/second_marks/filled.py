"""Read what a second marker filled in, the table or the page's own file, and check all of it before any is kept."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from course.content import trainer_words
from course.content.rubric import Rubric
from course.core import storage
from course.core.errors import CannotMark
from course.core.tables import BadTable, read_table
from course.core.text_files import UnreadableText, decode, printable
from course.trainer.second_marks.sample import WrittenReflection, plain_number
from course.trainer.second_marks.store import SecondMark
from course.trainer.summary import Refusal

PAGE_FORMAT: Final = 1
"""Of the file that the page for a second marker saves."""
LONGEST_COMMENT: Final = 10_000
_LONGEST_QUOTE: Final = 40
_LEVEL_NUMBER: Final = re.compile(r"(\d{1,2})(?:[.,]0+)?")
_MAY_BE_NO_LETTER: Final = "\ufeff \t\r\n"


@dataclass(frozen=True)
class FilledLine:
    """One reflection as a second marker filled it in."""

    place: str
    """Where it stands, in words."""
    number: str
    level: str
    comment: str = field(default="", repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in."""
        return not self.level and not self.comment


@dataclass(frozen=True)
class CheckedMarks:
    """What may be kept, or why nothing may."""

    marks: tuple[SecondMark, ...] = field(default=(), repr=False)
    problems: tuple[Refusal, ...] = ()
    empty: int = 0
    """How many lines were left empty."""


def read_filled(data: bytes) -> list[FilledLine]:
    """Return the lines of a filled table, or of the file that the page saved; raises CannotMark for anything else."""
    try:
        text = decode(data)
    except UnreadableText as error:
        raise _unreadable(str(error)) from None
    if text.lstrip(_MAY_BE_NO_LETTER).startswith("{"):
        return list(_saved_lines(data))
    number, level, comment = (trainer_words(f"second-marks.column-{name}") for name in ("number", "level", "comment"))
    try:
        rows = read_table(text, (number.lower(), level.lower()))
    except BadTable as error:
        raise _unreadable(str(error)) from None
    return [
        FilledLine(
            trainer_words("second-marks.line", line=row.line),
            row.cells[number.lower()],
            row.cells[level.lower()],
            row.cells.get(comment.lower(), ""),
        )
        for row in rows
    ]


def _saved_lines(data: bytes) -> Iterator[FilledLine]:
    try:
        saved = storage.parse_json(data, deepest=3)
    except storage.Unusable:
        saved = None
    marks = saved.get("second-marks") if isinstance(saved, dict) and saved.get("format") == PAGE_FORMAT else None
    if not isinstance(marks, list):
        raise _unreadable(trainer_words("second-marks.not-the-page"))
    for place, mark in enumerate(marks, start=1):
        fields = mark if isinstance(mark, dict) else {}
        number, level, comment = (str(fields.get(name, "")) for name in ("number", "level", "comment"))
        yield FilledLine(trainer_words("second-marks.entry", place=place), number, level.strip(), comment.strip())


def check(
    lines: Sequence[FilledLine],
    by: str,
    reflections: Iterable[WrittenReflection],
    rubrics: Mapping[str, Rubric],
    earlier: Iterable[SecondMark],
) -> CheckedMarks:
    """Return the marks that these lines give, or a problem for each line that gives none and is not empty."""
    known = _Known(reflections, rubrics, earlier, by)
    filled = [line for line in lines if not line.is_empty]
    times = Counter(plain_number(line.number) for line in filled)
    marks, problems = [], []
    for line in filled:
        outcome = known.mark(line, is_once=times[plain_number(line.number)] == 1)
        if isinstance(outcome, SecondMark):
            marks.append(outcome)
        else:
            problems.append(outcome)
    return CheckedMarks(tuple(marks), tuple(problems), len(lines) - len(filled))


class _Known:
    """What is known here of the reflections and of their second marks."""

    def __init__(
        self,
        reflections: Iterable[WrittenReflection],
        rubrics: Mapping[str, Rubric],
        earlier: Iterable[SecondMark],
        by: str,
    ) -> None:
        self._rubrics, self._by = rubrics, by
        self._earlier = {(mark.exercise, mark.learner): mark for mark in earlier}
        self._by_name: defaultdict[str, list[WrittenReflection]] = defaultdict(list)
        for reflection in reflections:
            self._by_name[_name(reflection.number)].append(reflection)

    def mark(self, line: FilledLine, *, is_once: bool) -> SecondMark | Refusal:
        """Return the mark that a line gives, or why it gives none."""
        number = plain_number(line.number)
        named = self._by_name[_name(number)] if number else []
        reflection = next((one for one in named if one.number == number), None)
        if reflection is None:
            return _problem(line, "changed" if named else "unknown", named[0].exercise if named else "")
        level = (
            read_level(line.level, self._rubrics[reflection.exercise]) if reflection.exercise in self._rubrics else None
        )
        before = self._earlier.get((reflection.exercise, reflection.learner))
        if not is_once:
            return _problem(line, "twice", reflection.exercise)
        if not line.level:
            return _problem(line, "no-level", reflection.exercise)
        if level is None:
            return self._no_such_level(line, reflection.exercise)
        if len(line.comment) > LONGEST_COMMENT:
            return _problem(line, "long-comment", reflection.exercise, most=LONGEST_COMMENT)
        if before and before.is_of(reflection) and before.by.casefold() != self._by.casefold():
            return _problem(line, "other-marker", reflection.exercise, by=before.by)
        return SecondMark(reflection.exercise, reflection.learner, level, self._by, reflection.digest, line.comment)

    def _no_such_level(self, line: FilledLine, exercise: str) -> Refusal:
        rubric = self._rubrics.get(exercise, Rubric())
        levels = "; ".join(level.title for level in rubric.levels) or "–"
        return _problem(line, "no-such-level", exercise, level=_quoted(line.level), levels=levels)


def read_level(text: str, rubric: Rubric) -> int | None:
    r"""Return the number of the level that a cell names, by its number or its name; None where there is no such level.

    >>> from course.content.rubric import read_rubric
    >>> rubric = read_rubric("| 4 Questioning | 12 | |\n| Nothing written | 0 | |")
    >>> [read_level(text, rubric) for text in ("4", "4.0", "questioning", "4 Questioning", "0", "12", "5")]
    [4, 4, 4, 4, 0, None, None]
    """
    said = " ".join(text.split()).casefold()
    number = _LEVEL_NUMBER.fullmatch(said)
    for level in rubric.levels:
        if (number and int(number[1]) == level.number) or said in (level.title.casefold(), level.name.casefold()):
            return level.number
    return None


def _name(number: str) -> str:
    return number.partition(" ")[0]


def _quoted(text: str) -> str:
    text = printable(text)
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


def _problem(line: FilledLine, key: str, exercise: str, **blanks: object) -> Refusal:
    name = f"{line.place}: {_quoted(line.number) or '–'}"
    return Refusal(name, exercise, trainer_words(f"second-marks.{key}", **blanks))


def _unreadable(why: str) -> CannotMark:
    return CannotMark(trainer_words("second-marks.unreadable", why=why), trainer_words("second-marks.unreadable-hint"))
