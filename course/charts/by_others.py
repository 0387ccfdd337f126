"""What others answered about a learner, as charts put it beside the learner's own ratings.

An average at either end of what is released stands for all beyond it as well (`course.privacy.rater_release`): it is
written as “6 or more”, and a rating of 7 beside it is no gap. Averages are rounded to a half, so a gap of half a point
is none that one can rely on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from course.charts.series import Comparable
from course.content import words
from course.content.scales import SIDES, Scale, find_scale
from course.privacy.rater_release import RatedStatement
from course.records.raters.others import OthersResult, StatementByOthers, average_in_words

OTHERS: Final = "others"
"""The moment under which charts have what others answered: its sign and its name."""
ABOUT_THE_SAME: Final = 0.5
"""The largest gap that is called none."""


def beside(comparison: Comparable, result: OthersResult | None) -> Mapping[str, StatementByOthers]:
    """Return what others answered to the statements that the ratings are about; none where those are of others."""
    fits = result is not None and comparison.scale.since == scale_of(result).since
    return result.statements if result and fits else {}


def scale_of(result: OthersResult) -> Scale:
    """Return the learner's own statements in the version about which others were asked."""
    return find_scale("habits").in_version(result.version)


def gap(own: int, figures: StatementByOthers) -> float:
    """Return by how many points others are above a rating of one's own; negative where they are below.

    >>> gap(4, StatementByOthers(5.5, None)), gap(7, StatementByOthers(6.0, None)), gap(7, StatementByOthers(5.0, None))
    (1.5, 0.0, -2.0)
    """
    low, high = _range(figures)
    return low - own if own < low else high - own if own > high else 0.0


def is_gap(points: float) -> bool:
    """Say whether a gap is more than one that rounding can make.

    >>> is_gap(0.5), is_gap(-1.0)
    (False, True)
    """
    return abs(points) > ABOUT_THE_SAME


def gap_text(own: int, figures: StatementByOthers) -> str:
    """Return how many points a gap has as people read it: at least so many where the average stands for all beyond it.

    >>> gap_text(4, StatementByOthers(5.5, None)), gap_text(4, StatementByOthers(6.0, None))
    ('1.5', '2 or more')
    """
    points, (low, high) = gap(own, figures), _range(figures)
    text = f"{abs(points):g}"
    return text if low == high or not points else words("others-result.or-more", n=text)


def average_text(figures: StatementByOthers | None) -> str:
    """Return an average as people read it.

    >>> average_text(StatementByOthers(5.5, None)), average_text(StatementByOthers(6.0, None)), average_text(None)
    ('5.5', '6 or more', 'fewer than five judged it')
    """
    if figures is None:
        return words("chart-others.not-judged")
    return average_in_words(figures.average, _range(figures))


def side_averages(result: OthersResult) -> tuple[float | None, float | None]:
    """Return the average on each side of the map over the statements that are released; None where they are too few.

    It is made of what is released alone, and so tells nothing new.
    """
    scale = scale_of(result)
    sides = []
    for side in SIDES:
        averages = [result.statements[item.code].average for item in scale.side(side) if item.code in result.statements]
        sides.append(sum(averages) / len(averages) if len(averages) >= scale.least else None)
    return sides[0], sides[1]


def _range(figures: StatementByOthers) -> tuple[float, float]:
    return RatedStatement(figures.average, figures.middle_half).stands_for
