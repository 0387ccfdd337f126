"""The habits one by one: which moved, and which did not (Ch2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from course.charts.by_others import OTHERS, average_text, beside
from course.charts.chart import Chart, Table, quoted_list
from course.charts.kit import drawing
from course.charts.kit.drawing import Canvas, Panel
from course.charts.kit.layout import Align, flow, text_width
from course.charts.kit.palette import INK, LINE, NARROW, NORMAL, QUIET, SMALL, WIDTH, is_wide
from course.charts.series import LOOKING_BACK, Comparable, Series, comparable, sign, sign_name
from course.content import words
from course.content.scales import Scale, find_scale
from course.records.raters.others import OthersResult, StatementByOthers
from course.records.scores import direction

_ROW, _SCALE, _KEY, _MARGIN = 47, 66, 30, 34
_NARROW_ROW = 66
"""How high a row is where its last words stand on a line of their own."""
_KEY_LEFT, _KEY_NAME, _KEY_GAP = 16, 16, 28


@dataclass(frozen=True)
class _HabitRow:
    """One habit: its name, its ratings by moment, the two that are compared, and the words at its end."""

    name: str
    ratings: Mapping[str, float]
    compared: tuple[int, ...]
    words: str


def items_chart(rated: Iterable[Series], result: OthersResult | None = None) -> Chart:
    """Return one row a habit, from the first rating to the latest, sorted by how far it moved.

    What others answered is a mark of its own, where it is about the same version of the questions.

    With one rating the rows are sorted by it. Looking back and what was rated between are marks of their own, and move
    nothing. Ratings of another version of the questions are in the table alone, under their own statements.
    """
    comparison = comparable(rated)
    compared = [*comparison.over_time[:1], *comparison.over_time[1:][-1:]] or list(comparison.series)
    heading = words("chart.own-account")
    if not compared:
        return Chart(words("chart-items.title-one"), words("chart-items.empty"), heading=heading)
    scale, is_change, others = comparison.scale, len(compared) > 1, beside(comparison, result)
    codes = _by_change(scale, *compared) if is_change else _by_rating(scale, compared[0])
    rows = [_row(scale, code, compared, comparison.series, others.get(code)) for code in codes]
    sentences = [
        _sentences_of_two(scale, *compared) if is_change else _sentences_of_one(scale, compared[0]),
        *_sentences_between(comparison, compared),
        *_sentences_looking_back(comparison, compared[0]),
        *([words("chart-items.others")] if others else []),
        *comparison.sentences,
    ]
    many = "" if is_change else "-one"
    table = _table(comparison, codes, compared, words(f"chart-items.caption{many}"), others)
    moments = [*(series.moment for series in comparison.series), *([OTHERS] if others else [])]
    draw = partial(_draw_rows, rows, moments, len(scale.points))
    note = [words(f"chart-items.note{many}"), *([words("chart.looking-back-note")] if _is_beside(comparison) else [])]
    title = words(f"chart-items.title{many}")
    return Chart(title, " ".join(sentences), table, draw(WIDTH), " ".join(note), heading, partial(draw, NARROW))


def _is_beside(comparison: Comparable) -> bool:
    """Say whether looking back can be read beside another rating."""
    return comparison.at(LOOKING_BACK) is not None and len(comparison.series) > 1


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


def _row(
    scale: Scale, code: str, compared: Sequence[Series], shown: Sequence[Series], others: StatementByOthers | None
) -> _HabitRow:
    name = next(item.short for item in scale.items if item.code == code)
    ratings: dict[str, float] = {series.moment: series.ratings[code] for series in shown if code in series.ratings}
    if others:
        ratings[OTHERS] = others.average
    ends = tuple(series.ratings[code] for series in compared if code in series.ratings)
    return _HabitRow(name, ratings, ends, _end_of_row(scale, code, compared))


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
    comparison: Comparable,
    codes: Sequence[str],
    compared: Sequence[Series],
    caption: str,
    by_others: Mapping[str, StatementByOthers],
) -> Table:
    """Return the numbers of all that is shown, and the change from the first of the series to the latest.

    Below are the statements of other versions with their ratings: what was not asked then is said, and not compared.
    """
    has_change = len(compared) > 1
    columns = [words("chart-items.habit"), *(series.label for series in (*comparison.series, *comparison.others))]
    rows = [_table_row(comparison, comparison.scale, code) for code in codes]
    if by_others:
        columns.append(sign_name(OTHERS))
        rows = [(*row, average_text(by_others.get(code))) for code, row in zip(codes, rows, strict=True)]
    if has_change:
        columns.append(words("chart-items.change"))
        rows = [(*row, _end_of_row(comparison.scale, code, compared)) for code, row in zip(codes, rows, strict=True)]
    for scale in sorted({series.scale.since: series.scale for series in comparison.others}.items(), reverse=True):
        others = [_table_row(comparison, scale[1], item.code) for item in scale[1].items]
        rest = [
            *([words("chart.not-asked")] if by_others else []),
            *([words("chart.not-compared")] if has_change else []),
        ]
        rows += [(*row, *rest) for row in others]
    return Table(caption, tuple(columns), tuple(rows))


def _table_row(comparison: Comparable, scale: Scale, code: str) -> tuple[str, ...]:
    item = next(item for item in scale.items if item.code == code)
    shown = (*comparison.series, *comparison.others)
    own = [series.scale.since == scale.since for series in shown]
    not_asked = words("chart.not-asked")
    points = [_point(scale, code, series) if is_own else not_asked for series, is_own in zip(shown, own, strict=True)]
    return (item.text, *points)


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
    if series.no_chance:
        sentences.append(words("chart-items.no-chance", n=len(series.no_chance), answer=scale.missing))
    if missing := len(scale.items) - len(series.ratings) - len(series.no_chance):
        sentences.append(words("chart-items.not-answered", n=missing))
    return " ".join(sentences)


def _sentences_of_two(scale: Scale, first: Series, latest: Series) -> str:
    moves = {item: far for item in scale.items if (far := _difference(item.code, first, latest)) is not None}
    sentences = [words("chart-items.intro-one", n=len(scale.items))]
    for key, way in (("rise", 1), ("fall", -1)):
        farthest = max((far * way for far in moves.values() if direction(far) == way), default=0)
        items = [item for item, far in moves.items() if farthest and far * way == farthest]
        if len(items) == 1:
            before, after = (scale.points[series.ratings[items[0].code] - 1] for series in (first, latest))
            sentences.append(
                words(f"chart-items.{key}", item=quoted_list([items[0].short]), first=before, latest=after)
            )
        elif items:
            names = quoted_list([item.short for item in items], too_many="chart-items.more")
            sentences.append(words(f"chart-items.{key}-tie", items=names, n=farthest))
        elif moves:
            sentences.append(words(f"chart-items.no-{key}"))
    sentences.append(words("chart-items.same", n=sum(direction(far) == 0 for far in moves.values())))
    if missing := len(scale.items) - len(moves):
        sentences.append(words("chart-items.not-both", n=missing))
    return " ".join(sentences)


def _sentences_looking_back(comparison: Comparable, first: Series) -> list[str]:
    """Say how the time before the course looks from here, beside how it was rated first."""
    back = comparison.at(LOOKING_BACK)
    return [words("chart-items.back", **_ways(first, back))] if back and back is not first else []


def _sentences_between(comparison: Comparable, compared: Sequence[Series]) -> list[str]:
    """Say how far the habits had moved on the way."""
    between = [series for series in comparison.over_time if series not in compared]
    return [words("chart-items.between", label=series.label, **_ways(compared[0], series)) for series in between]


def _ways(first: Series, other: Series) -> dict[str, object]:
    """Return how many habits are higher, lower and the same in the other series."""
    both = [code for code in first.ratings if code in other.ratings]
    ways = [direction(other.ratings[code] - first.ratings[code]) for code in both]
    return {"up": ways.count(1), "down": ways.count(-1), "same": ways.count(0), "first": first.label}


def _draw_rows(rows: Sequence[_HabitRow], moments: Sequence[str], points: int, width: float) -> str:
    """Return the SVG text of a row a habit, or an empty text where nothing can be drawn.

    Its name is above its line, with a mark for each moment; a thick line joins the ratings that are compared.
    """
    names = [sign_name(moment) for moment in moments]
    widths = [_KEY_NAME + text_width(name, NORMAL) for name in names]
    keys = flow(widths, _KEY_LEFT, width, _KEY_GAP) if len(moments) > 1 else []
    height = (_ROW if is_wide(width) else _NARROW_ROW) * len(rows)

    def paint(canvas: Canvas) -> None:
        panel = drawing.rows_on_points(canvas, find_scale("habits").points, len(rows), _MARGIN, _SCALE, height)
        for number, row in enumerate(rows):
            _paint_row(panel, len(rows) - number - 1, row, points, width)
        for number, places in enumerate(reversed(keys)):
            key = canvas.panel((0, _SCALE + height + 4 + number * _KEY), width, _KEY, across=(0, width), up=(0, 1))
            for which, x in places:
                key.marks([(x, 0.5)], sign(moments[which]))
                key.text((x + _KEY_NAME, 0.5), names[which])

    return drawing.draw(width, _SCALE + height + _KEY * len(keys) + 8, paint)


def _paint_row(panel: Panel, bottom: int, row: _HabitRow, points: int, width: float) -> None:
    has_room = is_wide(width)
    y, name, words_up = (bottom + up for up in ((0.3, 0.74, 0.74) if has_room else (0.2, 0.8, 0.53)))
    panel.line([(1, y), (points, y)], LINE, 1, layer=1)
    if len(row.compared) > 1:
        panel.line([(rating, y) for rating in row.compared], INK, 3, has_flat_ends=True)
    for moment, rating in row.ratings.items():
        panel.marks([(rating, y)], sign(moment), layer=4 if moment == LOOKING_BACK else 3)
    edge = (_MARGIN - 8) / (width - 2 * _MARGIN) * (points - 1)
    panel.text((1 - edge, name), row.name, paper=1.5, layer=2)
    x = points + edge if has_room else 1 - edge
    align: Align = "right" if has_room else "left"
    panel.text((x, words_up), row.words, colour=QUIET, size=SMALL, align=align, paper=1.5, layer=2)
