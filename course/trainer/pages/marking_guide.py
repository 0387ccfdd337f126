"""The marking guide of a reflection, read from the exercise's own text: its levels, their marks, what they ask for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_ROW: Final = re.compile(
    r"^\|\s*(?:(\d+)\s+)?([^|\n]+?)\s*\|\s*(\d+(?:\.\d+)?)\s*\|\s*([^|\n]*?)\s*\|\s*$", re.MULTILINE
)
_SCHEME: Final = re.compile(r"<!--+\s*=== (?:BEGIN|END) MARK SCHEME ===\s*--+>")


@dataclass(frozen=True)
class Level:
    """One level of a reflection."""

    number: int
    name: str
    marks: float
    looks_like: str

    @property
    def title(self) -> str:
        """How the level is named to people, for example “4 Questioning”; the lowest has no number."""
        return f"{self.number} {self.name}" if self.number else self.name


def levels(guide: str) -> tuple[Level, ...]:
    r"""Return the levels in a marking guide's table, the highest first; none where it has no such table.

    >>> [level.title for level in levels("| 4 Questioning | 12 | Weighs it |\n| Nothing written | 0 | |")]
    ['4 Questioning', 'Nothing written']
    """
    rows = [Level(int(number or 0), name, float(marks), text) for number, name, marks, text in _ROW.findall(guide)]
    return tuple(sorted(rows, key=lambda level: -level.marks))


def level_for(score: float, levels: Sequence[Level]) -> Level | None:
    r"""Return the level that marks belong to: a borderline answer has one mark more or less than its level.

    >>> three = levels("| 4 A | 12 | |\n| 3 B | 9 | |\n| Nothing written | 0 | |")
    >>> [level_for(score, three).title for score in (12, 11, 10, 8, 7, 0)]
    ['4 A', '4 A', '3 B', '3 B', '3 B', 'Nothing written']
    """
    return min(levels, key=lambda level: (abs(level.marks - score), level.marks)) if levels else None


def words_of_guide(guide: str) -> str:
    """Return what a marking guide says beside its table, as Markdown without its heading."""
    rest = _SCHEME.sub("", guide)
    lines = [line for line in rest.split("\n") if not line.startswith(("|", "#"))]
    return "\n".join(lines).strip()
