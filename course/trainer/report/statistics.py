"""How far a cohort's ratings moved, how well a side's statements hang together, and how a marked question did.

Everything here describes self-reports without a comparison group: the report that prints it prints those limits too.

Sources: Kerby, 2014, Comprehensive Psychology 3, article 1 (matched rank-biserial correlation); Lakens, 2013,
Frontiers in Psychology 4, article 863 (dz); Cronbach, 1951, Psychometrika 16, 297–334 (alpha). The tests and
intervals of ratings are scipy's. There is no omega: scipy has none, and no well-kept library that we found does.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from course.records.cohort_file import FEWEST
from course.records.scores import direction

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_FOR_ALPHA: Final = 30
"""The fewest people whose answers alpha is worked out from; 100 would be better."""
_RESAMPLES, _SEED = 4_999, 2014
"""How often people are drawn again for an interval, and from which seed."""
_DIGITS: Final = 9
"""Where changes are rounded, so that 4.6 − 4.1 and 3.5 − 3.0 are the same change for a computer too."""

_NO_SPREAD: Final = 1e-8
"""Marks that differ by less are the same for everyone."""


@dataclass(frozen=True)
class PairedChange:
    """How one side moved among people who rated it twice, in points of the scale where nothing else is said."""

    pairs: int
    """How many people."""
    up: int
    same: int
    down: int
    """How many people rose by 0.5 or more, stayed within that, or fell by 0.5 or more."""
    median: float
    effect: float
    """Matched rank-biserial correlation, from −1 (everyone who moved fell) over 0 to 1 (everyone who moved rose)."""
    interval: tuple[float, float] | None
    """The 95 % bootstrap interval of the effect; None where all who moved went one way, so that nothing varies."""
    p: float
    """Wilcoxon signed-rank, two-sided; 1.0 where nobody moved at all."""
    dz: float | None
    """Mean change ÷ standard deviation of changes; None where all changed alike."""


def paired_change(changes: Sequence[float], fewest: int = FEWEST) -> PairedChange | None:
    """Return how a side moved, from one change a person (now − start), or None for fewer people than `fewest`.

    >>> moved = paired_change([0.5, 1, 0.8, 0, 0.7, -0.2, 1.2, 0.6, 0.9, 1.5])
    >>> moved.up, moved.same, moved.down, round(moved.effect, 2)
    (8, 2, 0, 0.96)
    """
    import numpy as np

    if len(changes) < max(fewest, FEWEST):
        return None
    moved = np.round(np.asarray(changes, dtype=float), _DIGITS)
    ways = Counter(direction(change) for change in moved.tolist())
    return PairedChange(
        pairs=len(moved),
        up=ways[1],
        same=ways[0],
        down=ways[-1],
        median=float(np.median(moved)),
        effect=rank_biserial(moved),
        interval=bootstrap_interval(moved),
        p=signed_rank_p(moved),
        dz=standardised_mean(moved),
    )


def rank_biserial(changes: Sequence[float] | NDArray[Any]) -> float:
    """Return the matched rank-biserial correlation: favourable minus unfavourable share of the rank sums (Kerby, 2014).

    It has no unit and lies between −1 and 1. People without any change are left out before ranking, as Wilcoxon did;
    where nobody changed it is 0.

    >>> rank_biserial([3, -1, 2, 4, 0])
    0.8
    """
    import numpy as np

    return float(_rank_biserial(np.round(np.asarray(changes, dtype=float), _DIGITS)))


def _rank_biserial(changes: NDArray[Any], axis: int = -1) -> Any:
    """Return it for many draws at once."""
    import numpy as np
    from scipy.stats import rankdata

    unchanged = (changes == 0).sum(axis=axis, keepdims=True)
    ranks = rankdata(np.abs(changes), axis=axis) - unchanged  # those without a change have the lowest ranks, and sign 0
    moved = changes.shape[axis] - np.squeeze(unchanged, axis=axis)
    difference = (np.sign(changes) * ranks).sum(axis=axis)
    return np.where(moved, difference / np.maximum(moved * (moved + 1) / 2, 1), 0.0)


def bootstrap_interval(changes: Sequence[float] | NDArray[Any]) -> tuple[float, float] | None:
    """Return the 95 % interval of the rank-biserial correlation, or None where it cannot vary.

    People are drawn again with scipy's bias-corrected and accelerated bootstrap, from a fixed seed, so that a report
    made twice is the same. The interval is of the effect and not of the median change, which goes in steps of a sixth
    of a point and so has an interval that jumps.
    """
    import numpy as np
    from scipy.stats import bootstrap

    moved = np.round(np.asarray(changes, dtype=float), _DIGITS)
    if abs(_rank_biserial(moved)) == 1 or not moved.any():
        return None
    interval = bootstrap(
        (moved,), _rank_biserial, n_resamples=_RESAMPLES, batch=500, vectorized=True, rng=np.random.default_rng(_SEED)
    ).confidence_interval
    return float(interval.low), float(interval.high)


def signed_rank_p(changes: Sequence[float] | NDArray[Any]) -> float:
    """Return the two-sided p of Wilcoxon's signed-rank test; people without any change are left out.

    It is exact up to 50 who changed, or by all permutations up to 13 where some changes are equally large, as scores
    in sixths of a point often are; else it is the normal approximation with its correction for ties. That is scipy's
    own choice (`method="auto"`), and gives the same p each time.
    """
    import numpy as np
    from scipy.stats import wilcoxon

    moved = np.round(np.asarray(changes, dtype=float), _DIGITS)
    if not moved.any():
        return 1.0
    return float(wilcoxon(moved[moved != 0], zero_method="wilcox", method="auto").pvalue)


def standardised_mean(changes: Sequence[float] | NDArray[Any]) -> float | None:
    """Return dz, the mean change ÷ the standard deviation of changes (Lakens, 2013), or None where all changed alike.

    >>> standardised_mean([1, 2, 3])
    2.0
    """
    import numpy as np

    moved = np.round(np.asarray(changes, dtype=float), _DIGITS)
    spread = moved.std(ddof=1) if len(moved) > 1 else 0
    return float(moved.mean() / spread) if spread > 1e-9 else None


def alpha(answers: Sequence[Sequence[float | None]], fewest: int = FEWEST_FOR_ALPHA) -> float | None:
    """Return Cronbach's alpha of one side, or None where fewer than 30 people answered all of its statements.

    `answers` has a row for each person and a column for each statement. Alpha has no unit; it is at most 1, and near
    1 where statements rise and fall together. It does not show that they measure one thing.
    """
    import numpy as np

    whole = _complete(answers)
    if len(whole) < max(fewest, FEWEST_FOR_ALPHA) or whole.shape[1] < 2:
        return None
    items, total = whole.var(axis=0, ddof=1).sum(), whole.sum(axis=1).var(ddof=1)
    many = whole.shape[1]
    return float(many / (many - 1) * (1 - items / total)) if not np.isclose(total, 0) else None


def discrimination(marks: Sequence[Sequence[float | None]], question: int, fewest: int = FEWEST) -> float | None:
    """Return the corrected item-total correlation of one question, from −1 to 1.

    That is Pearson's correlation of its marks with the sum of the other questions' marks, among people who have
    marks for all. It is None for fewer people than `fewest`, and where either is the same for everyone. `marks` has
    a row for each person and a column for each question; `question` counts from 0.
    """
    from statistics import correlation  # of Python's own: a report without ratings needs neither scipy nor numpy

    whole = _without_gaps(marks)
    if len(whole) < max(fewest, FEWEST) or len(whole[0]) < 2:
        return None
    own = [row[question] for row in whole]
    others = [math.fsum(mark for number, mark in enumerate(row) if number != question) for row in whole]
    if any(max(values) - min(values) <= _NO_SPREAD for values in (own, others)):
        return None
    return correlation(own, others)


def share_right(marks: Sequence[float | None], most: float, fewest: int = FEWEST) -> float | None:
    """Return the share of people with full marks, from 0 to 1, or None for fewer people than `fewest`.

    >>> share_right([2, 2, 1, 0, 2, 2, 2, 1, 0, 2, None], most=2)
    0.6
    """
    known = [mark for mark in marks if mark is not None]
    if len(known) < max(fewest, FEWEST):
        return None
    return sum(mark >= most - 1e-9 for mark in known) / len(known)


def most_chosen_wrong(
    chosen: Sequence[Collection[str]], right: Collection[str], fewest: int = FEWEST
) -> tuple[Sequence[str], float] | None:
    """Return the wrong option that most people chose, with their share of all who answered, from 0 to 1.

    Where several were chosen equally often, it is all of them, with the share of each.
    `chosen` has what each person chose, one option or several; `right` has every right one. It is None for fewer
    answers than `fewest`, and where nobody chose a wrong option.

    >>> most_chosen_wrong(["A"] * 6 + ["B", "C", "C", "B"], right="A")
    (['B', 'C'], 0.2)
    >>> most_chosen_wrong([["A", "D"], ["A", "B"]] * 5, right="AB")
    (['D'], 0.5)
    """
    if len(chosen) < max(fewest, FEWEST):
        return None
    wrong = Counter(option for options in chosen for option in options if option not in right)
    if not wrong:
        return None
    most = max(wrong.values())
    return sorted(option for option in wrong if wrong[option] == most), most / len(chosen)


def _complete(rows: Sequence[Sequence[float | None]]) -> NDArray[Any]:
    """Return the rows without a gap, as numbers."""
    import numpy as np

    whole = _without_gaps(rows)
    return np.array(whole, dtype=float).reshape(len(whole), len(whole[0]) if whole else 0)


def _without_gaps(rows: Sequence[Sequence[float | None]]) -> list[list[float]]:
    whole = [[value for value in row if value is not None and value == value] for row in rows]
    return [values for values, row in zip(whole, rows, strict=True) if len(values) == len(row)]
