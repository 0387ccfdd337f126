"""One person's ratings: side scores, the missing rule, and change. Plain Python, no total anywhere.

The rules are the course's own conventions, stricter than averaging whatever half is left
(Siddiqui, 2015); `content/scales.toml` sets how many answers a side needs. The two sides are
never added or averaged.
"""

from __future__ import annotations

from collections.abc import Mapping

from course.content.scales import Scale, find_scale

SAME = 0.5
"""Differences smaller than this are shown as “about the same”."""


def score(ratings: Mapping[str, int], side: str, scale: Scale | None = None) -> float | None:
    """Return the average of the answered items of one side, or None where too few are answered.

    >>> score({"COMP7": 5, "COMP8": 4, "COMP10": 6, "COMP11": 5, "COMP12": 5}, "competence")
    5.0
    >>> score({"COMP7": 5, "COMP8": 4, "COMP9": 6}, "competence") is None
    True
    """
    scale = scale or find_scale("habits")
    answered = [ratings[item.code] for item in scale.side(side) if item.code in ratings]
    return sum(answered) / len(answered) if len(answered) >= scale.least else None


def change(before: Mapping[str, int], after: Mapping[str, int], side: str, scale: Scale | None = None) -> float | None:
    """Return how far a side moved, over the items answered both times, or None where too few were.

    >>> first = {"CARE7": 3, "CARE8": 4, "CARE9": 4, "CARE10": 5, "CARE11": 1}
    >>> change(first, {"CARE7": 4, "CARE8": 5, "CARE9": 5, "CARE10": 6}, "caring")
    1.0
    """
    scale = scale or find_scale("habits")
    both = [item.code for item in scale.side(side) if item.code in before and item.code in after]
    return sum(after[code] - before[code] for code in both) / len(both) if len(both) >= scale.least else None


def direction(difference: float) -> int:
    """Return 1 for a rise, -1 for a fall, 0 for “about the same” (under 0.5).

    >>> direction(0.4), direction(0.5), direction(-1)
    (0, 1, -1)
    """
    if abs(difference) < SAME - 1e-9:  # 4.6 - 4.1 is a little less than 0.5 for a computer
        return 0
    return 1 if difference > 0 else -1


def all_alike(ratings: Mapping[str, int], scale: Scale) -> bool:
    """Say whether every item was given the same point: worth a second look, and nothing more."""
    points = [ratings[item.code] for item in scale.items if item.code in ratings]
    return len(points) == len(scale.items) > 2 and len(set(points)) == 1
