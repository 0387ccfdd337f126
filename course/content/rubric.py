"""The rubric of a reflection: its levels as the exercise's own marking guide has them, and which level marks stand for.

A guide is Markdown with a table that has a row for each level: name, marks, what an answer at that level looks like.
The feedback page, the marking page and the report all read levels here, so that they agree on every mark. A cohort
may have levels of its own in the place of those in the guides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LEVEL_NUMBERS: Final = (4, 3, 2, 1, 0)
"""The numbers of the levels, the highest first; 0 is for a reflection in which nothing is written."""
_ROW: Final = re.compile(
    r"^\|\s*(?:(\d+)\s+)?([^|\n]+?)\s*\|\s*(\d+(?:\.\d+)?)\s*\|\s*([^|\n]*?)\s*\|\s*$", re.MULTILINE
)
_SAMPLE: Final = re.compile(r"^### Sample answer, level (\d)\s*$\n(.*?)(?=^### |^<!--|\Z)", re.MULTILINE | re.DOTALL)
_COMMENT_LINE: Final = re.compile(r"<!--+\s*=== (?:BEGIN|END) MARK SCHEME ===\s*--+>")


@dataclass(frozen=True)
class RubricLevel:
    """One level of a reflection."""

    number: int
    name: str
    marks: float
    """The marks of an answer that is just at this level."""
    looks_like: str
    """What an answer at this level does; empty where the guide does not say."""
    is_own: bool = False
    """Whether a cohort set it."""

    @property
    def title(self) -> str:
        """How the level is named to people, such as “4 Questioning”; without a number for 0 and a cohort's own."""
        return f"{self.number} {self.name}" if self.number and not self.is_own else self.name


@dataclass(frozen=True)
class Rubric:
    """The levels of one exercise's reflection, the highest first; none where its guide has no table of them."""

    levels: tuple[RubricLevel, ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether a cohort set these levels, in the place of the guide's."""
        return any(level.is_own for level in self.levels)

    def level_for(self, marks: float) -> RubricLevel | None:
        r"""Return the level whose marks are nearest, or None without levels.

        An answer on the border of two levels may have a mark more or fewer than its level; half-way between two
        levels it is the lower one.

        >>> three = read_rubric("| 4 A | 12 | |\n| 3 B | 9 | |\n| Nothing written | 0 | |")
        >>> [three.level_for(marks).title for marks in (12, 11, 10.5, 10, 8, 7, 0)]
        ['4 A', '4 A', '3 B', '3 B', '3 B', '3 B', 'Nothing written']
        """
        return min(self.levels, key=lambda level: (abs(level.marks - marks), level.marks), default=None)


def read_rubric(guide: str) -> Rubric:
    r"""Return the rubric in a marking guide.

    >>> [level.title for level in read_rubric("| 4 Questioning | 12 | Weighs it |\n| Nothing written | 0 | |").levels]
    ['4 Questioning', 'Nothing written']
    """
    rows = [
        RubricLevel(int(number or 0), name, float(marks), text) for number, name, marks, text in _ROW.findall(guide)
    ]
    return Rubric(tuple(sorted(rows, key=lambda level: -level.marks)))


@dataclass(frozen=True)
class CohortLevel:
    """A level that a cohort sets for its reflections."""

    name: str
    share: float
    """What it gives of a reflection's marks, in per cent."""
    looks_like: str = ""
    comments: tuple[str, ...] = ()
    """Ready comments for an answer at this level."""


@dataclass(frozen=True)
class ReflectionSettings:
    """What a cohort sets for the reflection of an exercise; nothing leaves all as the course has it."""

    levels: tuple[CohortLevel, ...] = ()
    """The highest first."""
    comments: tuple[str, ...] = ()
    """Ready comments for an answer at any level."""


def rubric_of(guide: str, points: float, own: Sequence[CohortLevel] = ()) -> Rubric:
    """Return the levels of a reflection with so many marks: a cohort's own, or those in the marking guide.

    Own levels are numbered from the lowest, which is 0 where it gives nothing; their marks are to the nearest half.

    >>> own = [CohortLevel("Convincing", 100), CohortLevel("Half way", 67), CohortLevel("Blank", 0)]
    >>> rubric = rubric_of("", 12, own)
    >>> [(level.number, level.title, level.marks) for level in rubric.levels]
    [(2, 'Convincing', 12.0), (1, 'Half way', 8.0), (0, 'Blank', 0.0)]
    """
    if not own:
        return read_rubric(guide)
    lowest = 0 if own[-1].share == 0 else 1
    numbers = range(len(own) - 1 + lowest, lowest - 1, -1)
    return Rubric(
        tuple(
            RubricLevel(number, level.name, round(points * level.share / 50) / 2, level.looks_like, is_own=True)
            for number, level in zip(numbers, own, strict=True)
        )
    )


@dataclass(frozen=True)
class SampleAnswer:
    """A made-up reflection, and the level that it is at."""

    level: int
    text: str
    """As Markdown."""


def read_samples(guide: str) -> tuple[SampleAnswer, ...]:
    r"""Return the sample answers in a marking guide, in its order.

    >>> read_samples("| 4 Questioning | 12 | Weighs it |\n\n### Sample answer, level 2\n\nI meant well.\n")
    (SampleAnswer(level=2, text='I meant well.'),)
    """
    return tuple(SampleAnswer(int(level), text.strip()) for level, text in _SAMPLE.findall(guide))


def text_beside_rubric(guide: str) -> str:
    """Return what a marking guide says beside its table and its sample answers, as Markdown without its heading."""
    beside = _COMMENT_LINE.sub("", _SAMPLE.sub("", guide))
    lines = [line for line in beside.split("\n") if not line.startswith(("|", "#"))]
    return "\n".join(lines).strip()
