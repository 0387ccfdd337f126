"""The rubric of a reflection: its levels as the exercise's own marking guide has them, and which level marks stand for.

A guide is Markdown with a table that has a row for each level: name, marks, what an answer at that level looks like.
The feedback page, the marking page and the report all read levels here, so that they agree on every mark.
"""

from __future__ import annotations

import re
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

    @property
    def title(self) -> str:
        """How the level is named to people, for example “4 Questioning”; the lowest has no number."""
        return f"{self.number} {self.name}" if self.number else self.name


@dataclass(frozen=True)
class Rubric:
    """The levels of one exercise's reflection, the highest first; none where its guide has no table of them."""

    levels: tuple[RubricLevel, ...] = ()

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
