"""Ch2, the habits one by one: which moved, and which did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from course.charts.chart import Chart, Table
from course.charts.drawing import NARROW
from course.charts.items_picture import Row, draw_items
from course.content import words
from course.content.scales import NO_CHANCE, Scale, find_scale, read_ratings
from course.records.scores import direction


@dataclass(frozen=True)
class Series:
    """The twelve habits as rated at one moment, and for which there was “No chance to”."""

    label: str
    ratings: Mapping[str, int]
    no_chance: frozenset[str] = frozenset()

    @classmethod
    def read(cls, label: str, saved: object) -> Series:
        """Return the series in what was saved; what does not fit the scale is left out."""
        scale = find_scale("habits")
        given = saved if isinstance(saved, Mapping) else {}
        none = frozenset(item.code for item in scale.items if given.get(item.code) == NO_CHANCE)
        return cls(label, read_ratings(scale, saved), none)


def items_chart(
    first: Series | None,
    latest: Series | None = None,
    looking_back: Series | None = None,
    between: Series | None = None,
) -> Chart:
    """Return one row a habit, from the first rating to the latest, sorted by how far it moved.

    With one rating the rows are sorted by it. `looking_back` is the same habits rated once more for the time
    before the course, `between` a rating on the way: each is shown as a mark of its own, and moves nothing.
    """
    series = [given for given in (first, latest) if given and (given.ratings or given.no_chance)]
    heading = words("chart.own-account")
    if not any(given.ratings for given in series):
        return Chart(words("chart-items.title-one"), words("chart-items.empty"), heading=heading)
    many = "" if len(series) > 1 else "-one"
    scale = find_scale("habits")
    codes = _by_change(scale, *series) if len(series) > 1 else _by_rating(scale, series[0])
    marks = _marks(series, looking_back, between)
    rows = [_row(scale, code, series, marks) for code in codes]
    shown = [given for given in (marks[0], marks[3], marks[1], marks[2]) if given]
    labels = [given.label if given else "" for given in marks]
    said = _sentences_of_two(scale, *series) if len(series) > 1 else _sentences_of_one(scale, series[0])
    return Chart(
        words(f"chart-items.title{many}"),
        " ".join([said, *_sentences_between(series[0], marks[3]), *_sentences_looking_back(series[0], marks[2])]),
        _table(scale, codes, series, shown, words(f"chart-items.caption{many}")),
        draw_items(rows, labels),
        words(f"chart-items.note{many}"),
        heading,
        partial(draw_items, rows, labels, NARROW),
    )


def _by_rating(scale: Scale, given: Series) -> list[str]:
    codes = [item.code for item in scale.items]
    return sorted(codes, key=lambda code: -given.ratings.get(code, 0))


def _by_change(scale: Scale, first: Series, latest: Series) -> list[str]:
    def order(code: str) -> tuple[float, float]:
        moved = _moved(code, first, latest)
        return (1, 0) if moved is None else (-abs(moved), -moved)

    return sorted((item.code for item in scale.items), key=order)


def _moved(code: str, first: Series, latest: Series) -> int | None:
    both = code in first.ratings and code in latest.ratings
    return latest.ratings[code] - first.ratings[code] if both else None


def _gap(code: str, given: Series, scale: Scale) -> str:
    return scale.missing if code in given.no_chance else words("chart.no-answer")


def _marks(
    series: Sequence[Series], looking_back: Series | None, between: Series | None
) -> tuple[Series | None, Series | None, Series | None, Series | None]:
    """Return the first, latest, looking-back and between series, each only where it has a mark to show."""
    latest = series[1] if len(series) > 1 else None
    return _shown(series[0]), _shown(latest), _shown(looking_back), _shown(between)


def _shown(given: Series | None) -> Series | None:
    return given if given and given.ratings else None


def _row(scale: Scale, code: str, series: Sequence[Series], marks: Sequence[Series | None]) -> Row:
    name = next(item.short for item in scale.items if item.code == code)
    points = [given.ratings.get(code) if given else None for given in marks]
    return Row(name, tuple(points), _said(scale, code, series))


def _said(scale: Scale, code: str, series: Sequence[Series]) -> str:
    """Return the word at the end of a row: the rating, how far it moved, or why there is a gap."""
    if len(series) == 1:
        rating = series[0].ratings.get(code)
        return _gap(code, series[0], scale) if rating is None else scale.points[rating - 1]
    first, latest = series
    moved = _moved(code, first, latest)
    if moved is not None:
        return words(f"chart-items.moved-{('same', 'up', 'down')[direction(moved)]}", n=abs(moved))
    missing = [given for given in series if code not in given.ratings]
    gap = _gap(code, missing[0], scale)
    return gap if len(missing) > 1 else f"{missing[0].label}: {gap}"


def _table(
    scale: Scale, codes: Sequence[str], series: Sequence[Series], shown: Sequence[Series], caption: str
) -> Table:
    """Return the numbers of all that is shown, and the change from the first of the series to the latest."""
    change = [words("chart-items.change")] if len(series) > 1 else []
    columns = (words("chart-items.habit"), *(given.label for given in shown), *change)
    return Table(caption, columns, tuple(_cells(scale, code, series, shown) for code in codes))


def _cells(scale: Scale, code: str, series: Sequence[Series], shown: Sequence[Series]) -> tuple[str, ...]:
    text = next(item.text for item in scale.items if item.code == code)
    points = [_point(scale, code, given) for given in shown]
    change = [_said(scale, code, series)] if len(series) > 1 else []
    return (text, *points, *change)


def _point(scale: Scale, code: str, given: Series) -> str:
    rating = given.ratings.get(code)
    return _gap(code, given, scale) if rating is None else f"{rating} ({scale.points[rating - 1]})"


def _sentences_of_one(scale: Scale, given: Series) -> str:
    said = [words("chart-items.intro-one", n=len(scale.items))]
    high, low = max(given.ratings.values()), min(given.ratings.values())
    if high == low:
        said.append(words("chart-items.all-same", point=scale.points[high - 1]))
    else:
        for key, rating in (("most", high), ("least", low)):
            names = [item.short for item in scale.items if given.ratings.get(item.code) == rating]
            said.append(words(f"chart-items.{key}", items=_listed(names), point=scale.points[rating - 1]))
    if missing := len(scale.items) - len(given.ratings):
        said.append(words("chart-items.not-answered", n=missing))
    return " ".join(said)


def _listed(names: Sequence[str]) -> str:
    if len(names) > 3:
        return words("chart-items.more", n=len(names))
    quoted = [f"“{name}”" for name in names]
    return f" {words('chart.and')} ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def _sentences_of_two(scale: Scale, first: Series, latest: Series) -> str:
    moves = {item: moved for item in scale.items if (moved := _moved(item.code, first, latest)) is not None}
    said = [words("chart-items.intro-one", n=len(scale.items))]
    for key, way in (("rise", 1), ("fall", -1)):
        found = [item for item, moved in moves.items() if direction(moved) == way]
        if found:
            item = max(found, key=lambda item: abs(moves[item]))
            a, b = (scale.points[given.ratings[item.code] - 1] for given in (first, latest))
            said.append(words(f"chart-items.{key}", item=f"“{item.short}”", first=a, latest=b))
        elif moves:
            said.append(words(f"chart-items.no-{key}"))
    said.append(words("chart-items.same", n=sum(direction(moved) == 0 for moved in moves.values())))
    if missing := len(scale.items) - len(moves):
        said.append(words("chart-items.not-both", n=missing))
    return " ".join(said)


def _sentences_looking_back(first: Series, back: Series | None) -> list[str]:
    """Say how the time before the course looks from here, beside how it was rated first."""
    return [words("chart-items.back", **_ways(first, back))] if back else []


def _sentences_between(first: Series, between: Series | None) -> list[str]:
    """Say how far the habits had moved on the way."""
    return [words("chart-items.between", label=between.label, **_ways(first, between))] if between else []


def _ways(one: Series, other: Series) -> dict[str, object]:
    """Return how many habits are higher, lower and the same in the other series."""
    moves = [direction(other.ratings[code] - one.ratings[code]) for code in one.ratings if code in other.ratings]
    return {"up": moves.count(1), "down": moves.count(-1), "same": moves.count(0), "first": one.label}
