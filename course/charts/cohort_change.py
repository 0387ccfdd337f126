"""Ch7, how a cohort changed: whether reports shift, and for how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from course.charts.bars import percent
from course.charts.chart import Chart, Table
from course.charts.cohort_change_picture import WAYS, Shift, draw_cohort_change
from course.charts.drawing import NARROW
from course.content import words
from course.content.scales import side_name


@dataclass(frozen=True)
class SideChange:
    """One side with what may be shown of its linked pairs."""

    side: str
    """`competence` or `caring`."""
    pairs: int
    shares: Mapping[str, int | None]
    """Whole percentages of `up`, `same` and `down`; None for one that is not shown."""
    median: float | None = None
    """The median change in points of the scale."""
    effect: float | None = None
    """The matched rank-biserial correlation."""
    interval: tuple[float, float] | None = None
    """The effect's 95 % interval."""


def cohort_change_chart(sides: Sequence[SideChange]) -> Chart:
    """Return for each side how many went up, stayed about the same and went down.

    Without any side, the chart is a sentence that says so.
    """
    title = words("chart-cohort-change.title")
    if not sides:
        return Chart(title, words("chart-bars.too-few"))
    said = " ".join([*map(_sentence, sides), words("chart-cohort-change.limits")])
    shifts = [Shift(side_name(side.side), _bars(side), _small_print(side)) for side in sides]
    draw = partial(draw_cohort_change, shifts)
    return Chart(title, said, _table(sides), draw(), words("chart-cohort-change.note"), narrow=partial(draw, NARROW))


def _bars(side: SideChange) -> tuple[int | None, ...]:
    return tuple(side.shares.get(way) for way in WAYS)


def _say(share: int | None) -> str:
    return words("chart-cohort-change.not-shown") if share is None else percent(share)


def _points(value: float) -> str:
    """Return a change with its sign.

    >>> _points(0.5), _points(-0.25), _points(0)
    ('+0.5', '−0.2', '0.0')
    """
    text = f"{value:+.1f}".replace("-", "−")
    return "0.0" if text[1:] == "0.0" else text


def _effect(value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")  # −0.004 is no fall


def _sentence(side: SideChange) -> str:
    name, shares = side_name(side.side), dict(zip(WAYS, _bars(side), strict=True))
    shown = [words(f"chart-cohort-change.said-{way}", percent=percent(n)) for way, n in shares.items() if n is not None]
    rest = [words("chart-cohort-change.rest")] if len(shown) < len(shares) else []
    key = "sentence" if shown else "hidden"
    said = words(f"chart-cohort-change.{key}", side=name, pairs=side.pairs, ways=", ".join([*shown, *rest]))
    median = [] if side.median is None else [words("chart-cohort-change.median", median=_points(side.median))]
    return " ".join([said, *median])


def _small_print(side: SideChange) -> str:
    said = [words("chart-cohort-change.pairs", pairs=side.pairs)]
    if side.median is not None:
        said.append(words("chart-cohort-change.median-small", median=_points(side.median)))
    if side.effect is not None and side.interval:
        low, high = map(_effect, side.interval)
        said.append(words("chart-cohort-change.effect-interval", effect=_effect(side.effect), low=low, high=high))
    elif side.effect is not None:
        said.append(words("chart-cohort-change.effect", effect=_effect(side.effect)))
    return " ".join(said)


def _table(sides: Sequence[SideChange]) -> Table:
    names = ("column-side", "column-pairs", *WAYS, "column-median", "column-effect", "column-interval")
    columns = tuple(words(f"chart-cohort-change.{name}") for name in names)
    return Table(words("chart-cohort-change.caption"), columns, tuple(map(_row, sides)))


def _row(side: SideChange) -> tuple[str, ...]:
    none = words("chart-cohort-change.none")
    median = none if side.median is None else _points(side.median)
    effect = none if side.effect is None else _effect(side.effect)
    interval = none
    if side.interval:
        low, high = map(_effect, side.interval)
        interval = words("chart-cohort-change.range", low=low, high=high)
    return (side_name(side.side), str(side.pairs), *map(_say, _bars(side)), median, effect, interval)
