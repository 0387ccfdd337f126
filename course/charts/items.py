"""The habits one by one: which moved, and which did not (Ch2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from course.charts import drawing
from course.charts.chart import Chart, Table, quoted_list
from course.charts.drawing import (
    BLUE,
    INK,
    LINE,
    NARROW,
    NORMAL,
    PAPER,
    PLUM,
    QUIET,
    RUST,
    SMALL,
    WIDTH,
    Canvas,
    MarkStyle,
    Panel,
)
from course.charts.layout import Align, flow, text_width
from course.content import words
from course.content.scales import NO_CHANCE, Scale, find_scale, read_ratings
from course.records.scores import direction

_STYLES: Final = (
    MarkStyle("circle", 14, BLUE, PAPER, 2.2),
    MarkStyle("square", 8, RUST),
    MarkStyle("diamond", 17, PLUM, "none", 2),
    MarkStyle("stroke", 20, INK, width=3),
)
"""First, latest, looking back, between: each is still seen where they coincide."""
_IN_TIME: Final = (0, 3, 1, 2)
"""The same kinds of marks in the order in which they are read: first, between, latest, looking back."""
_ROW, _SCALE, _KEY, _MARGIN = 47, 66, 30, 34
_NARROW_ROW = 66
"""How high a row is where its last words stand on a line of their own."""
_KEY_LEFT, _KEY_NAME, _KEY_GAP = 16, 16, 28


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
        answers = saved if isinstance(saved, Mapping) else {}
        no_chance = frozenset(item.code for item in scale.items if answers.get(item.code) == NO_CHANCE)
        return cls(label, read_ratings(scale, saved), no_chance)


@dataclass(frozen=True)
class _HabitRow:
    """One habit: its name, the first, latest, looking-back and between rating or None, and the words at its end."""

    name: str
    ratings: tuple[int | None, ...]
    words: str


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
    compared = [series for series in (first, latest) if series and (series.ratings or series.no_chance)]
    heading = words("chart.own-account")
    if not any(series.ratings for series in compared):
        return Chart(words("chart-items.title-one"), words("chart-items.empty"), heading=heading)
    scale = find_scale("habits")
    is_change = len(compared) > 1
    codes = _by_change(scale, *compared) if is_change else _by_rating(scale, compared[0])
    latest = compared[1] if is_change else None
    marked = [_rated(series) for series in (compared[0], latest, looking_back, between)]
    rows = [_row(scale, code, compared, marked) for code in codes]
    shown = [series for kind in _IN_TIME if (series := marked[kind])]
    sentences = [
        _sentences_of_two(scale, *compared) if is_change else _sentences_of_one(scale, compared[0]),
        *_sentences_between(compared[0], marked[3]),
        *_sentences_looking_back(compared[0], marked[2]),
    ]
    many = "" if is_change else "-one"
    table = _table(scale, codes, compared, shown, words(f"chart-items.caption{many}"))
    draw = partial(_draw_rows, rows, [series.label if series else "" for series in marked])
    title, note = words(f"chart-items.title{many}"), words(f"chart-items.note{many}")
    return Chart(title, " ".join(sentences), table, draw(WIDTH), note, heading, partial(draw, NARROW))


def _by_rating(scale: Scale, series: Series) -> list[str]:
    codes = [item.code for item in scale.items]
    return sorted(codes, key=lambda code: -series.ratings.get(code, 0))


def _by_change(scale: Scale, first: Series, latest: Series) -> list[str]:
    def order(code: str) -> tuple[float, float]:
        difference = _difference(code, first, latest)
        return (1, 0) if difference is None else (-abs(difference), -difference)

    return sorted((item.code for item in scale.items), key=order)


def _difference(code: str, first: Series, latest: Series) -> int | None:
    """Return by how many points a habit moved, or None where it was not rated both times."""
    both = code in first.ratings and code in latest.ratings
    return latest.ratings[code] - first.ratings[code] if both else None


def _gap(code: str, series: Series, scale: Scale) -> str:
    """Return why a habit has no rating."""
    return scale.missing if code in series.no_chance else words("chart.no-answer")


def _rated(series: Series | None) -> Series | None:
    """Return the series where it has a mark to show."""
    return series if series and series.ratings else None


def _row(scale: Scale, code: str, compared: Sequence[Series], marked: Sequence[Series | None]) -> _HabitRow:
    name = next(item.short for item in scale.items if item.code == code)
    ratings = [series.ratings.get(code) if series else None for series in marked]
    return _HabitRow(name, tuple(ratings), _end_of_row(scale, code, compared))


def _end_of_row(scale: Scale, code: str, compared: Sequence[Series]) -> str:
    """Return the words at the end of a row: the rating, how far it moved, or why there is a gap."""
    if len(compared) == 1:
        rating = compared[0].ratings.get(code)
        return _gap(code, compared[0], scale) if rating is None else scale.points[rating - 1]
    difference = _difference(code, *compared)
    if difference is not None:
        return words(f"chart-items.moved-{('same', 'up', 'down')[direction(difference)]}", n=abs(difference))
    missing = [series for series in compared if code not in series.ratings]
    gap = _gap(code, missing[0], scale)
    return gap if len(missing) > 1 else f"{missing[0].label}: {gap}"


def _table(
    scale: Scale, codes: Sequence[str], compared: Sequence[Series], shown: Sequence[Series], caption: str
) -> Table:
    """Return the numbers of all that is shown, and the change from the first of the series to the latest."""
    change = [words("chart-items.change")] if len(compared) > 1 else []
    columns = (words("chart-items.habit"), *(series.label for series in shown), *change)
    return Table(caption, columns, tuple(_table_row(scale, code, compared, shown) for code in codes))


def _table_row(scale: Scale, code: str, compared: Sequence[Series], shown: Sequence[Series]) -> tuple[str, ...]:
    text = next(item.text for item in scale.items if item.code == code)
    points = [_point(scale, code, series) for series in shown]
    change = [_end_of_row(scale, code, compared)] if len(compared) > 1 else []
    return (text, *points, *change)


def _point(scale: Scale, code: str, series: Series) -> str:
    rating = series.ratings.get(code)
    return _gap(code, series, scale) if rating is None else f"{rating} ({scale.points[rating - 1]})"


def _sentences_of_one(scale: Scale, series: Series) -> str:
    sentences = [words("chart-items.intro-one", n=len(scale.items))]
    high, low = max(series.ratings.values()), min(series.ratings.values())
    if high == low:
        sentences.append(words("chart-items.all-same", point=scale.points[high - 1]))
    else:
        for key, rating in (("most", high), ("least", low)):
            names = [item.short for item in scale.items if series.ratings.get(item.code) == rating]
            items = quoted_list(names, too_many="chart-items.more")
            sentences.append(words(f"chart-items.{key}", items=items, point=scale.points[rating - 1]))
    if missing := len(scale.items) - len(series.ratings):
        sentences.append(words("chart-items.not-answered", n=missing))
    return " ".join(sentences)


def _sentences_of_two(scale: Scale, first: Series, latest: Series) -> str:
    moves = {item: far for item in scale.items if (far := _difference(item.code, first, latest)) is not None}
    sentences = [words("chart-items.intro-one", n=len(scale.items))]
    for key, way in (("rise", 1), ("fall", -1)):
        items = [item for item, far in moves.items() if direction(far) == way]
        if items:
            item = max(items, key=lambda item: abs(moves[item]))
            before, after = (scale.points[series.ratings[item.code] - 1] for series in (first, latest))
            sentences.append(words(f"chart-items.{key}", item=f"“{item.short}”", first=before, latest=after))
        elif moves:
            sentences.append(words(f"chart-items.no-{key}"))
    sentences.append(words("chart-items.same", n=sum(direction(far) == 0 for far in moves.values())))
    if missing := len(scale.items) - len(moves):
        sentences.append(words("chart-items.not-both", n=missing))
    return " ".join(sentences)


def _sentences_looking_back(first: Series, looking_back: Series | None) -> list[str]:
    """Say how the time before the course looks from here, beside how it was rated first."""
    return [words("chart-items.back", **_ways(first, looking_back))] if looking_back else []


def _sentences_between(first: Series, between: Series | None) -> list[str]:
    """Say how far the habits had moved on the way."""
    return [words("chart-items.between", label=between.label, **_ways(first, between))] if between else []


def _ways(first: Series, other: Series) -> dict[str, object]:
    """Return how many habits are higher, lower and the same in the other series."""
    both = [code for code in first.ratings if code in other.ratings]
    ways = [direction(other.ratings[code] - first.ratings[code]) for code in both]
    return {"up": ways.count(1), "down": ways.count(-1), "same": ways.count(0), "first": first.label}


def _draw_rows(rows: Sequence[_HabitRow], labels: Sequence[str], width: float) -> str:
    """Return the SVG text of a row a habit, or an empty text where nothing can be drawn.

    Its name is above its line, with a circle for the first rating and a square for the latest. `labels` name the kinds
    of marks; a label is empty where there is no such rating.
    """
    kinds = [kind for kind in _IN_TIME if labels[kind]]
    widths = [_KEY_NAME + text_width(labels[kind], NORMAL) for kind in kinds]
    keys = flow(widths, _KEY_LEFT, width, _KEY_GAP) if len(kinds) > 1 else []
    height = (_ROW if drawing.is_wide(width) else _NARROW_ROW) * len(rows)

    def paint(canvas: Canvas) -> None:
        panel = drawing.rows_on_points(canvas, find_scale("habits").points, len(rows), _MARGIN, _SCALE, height)
        for number, row in enumerate(rows):
            _paint_row(panel, len(rows) - number - 1, row, width)
        for number, places in enumerate(reversed(keys)):
            key = canvas.panel((0, _SCALE + height + 4 + number * _KEY), width, _KEY, across=(0, width), up=(0, 1))
            _paint_key(key, [(kinds[which], x) for which, x in places], labels)

    return drawing.draw(width, _SCALE + height + _KEY * len(keys) + 8, paint)


def _paint_row(panel: Panel, bottom: int, row: _HabitRow, width: float) -> None:
    is_wide = drawing.is_wide(width)
    y, name, words_up = (bottom + up for up in ((0.3, 0.74, 0.74) if is_wide else (0.2, 0.8, 0.53)))
    points = len(find_scale("habits").points)
    panel.line([(1, y), (points, y)], LINE, 1, layer=1)
    panel.line([(rating, y) for rating in row.ratings[:2] if rating is not None], INK, 3, has_flat_ends=True)
    for kind, rating in reversed([*enumerate(row.ratings)]):
        if rating is not None:
            panel.marks([(rating, y)], _STYLES[kind], layer=3 + kind % 2)
    edge = (_MARGIN - 8) / (width - 2 * _MARGIN) * (points - 1)
    panel.text((1 - edge, name), row.name, paper=1.5, layer=2)
    x = points + edge if is_wide else 1 - edge
    align: Align = "right" if is_wide else "left"
    panel.text((x, words_up), row.words, colour=QUIET, size=SMALL, align=align, paper=1.5, layer=2)


def _paint_key(panel: Panel, places: Sequence[tuple[int, float]], labels: Sequence[str]) -> None:
    for kind, x in places:
        panel.marks([(x, 0.5)], _STYLES[kind])
        panel.text((x + _KEY_NAME, 0.5), labels[kind])
