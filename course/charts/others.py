"""Me and others: where others see me differently (Ch12).

A row for each habit: a circle for one's own rating, a square for others' average, and a band for the middle half of
their answers where it is released.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from course.charts.by_others import OTHERS, average_text, gap, gap_text, is_gap, scale_of
from course.charts.chart import Chart, Table, quoted_list
from course.charts.kit import drawing
from course.charts.kit.drawing import Canvas, Panel
from course.charts.kit.layout import Align, flow, text_width
from course.charts.kit.palette import BAND, INK, LINE, NARROW, NORMAL, QUIET, SMALL, WIDTH, is_wide
from course.charts.kit.shapes import BlockStyle
from course.charts.series import LOOKING_BACK, Series, sign, sign_name, sign_order
from course.content import say_day, words
from course.content.scales import Item, Scale
from course.records.raters.others import OthersResult, StatementByOthers

_SELF: Final = "self"
_ROW, _NARROW_ROW, _SCALE, _KEY, _MARGIN = 47, 66, 66, 30, 34
_KEY_LEFT, _KEY_NAME, _KEY_GAP = 16, 22, 28
_HALF: Final = BlockStyle(BAND, outline=QUIET, width=1)
_HALF_UP: Final = 0.24
"""How high the band of the middle half is, in rows."""
_HALF_BEYOND, _HALF_INSIDE = 0.12, 0.02
"""How far the band goes beyond its points, and how far it stays inside the scale at least: it is seen to end there."""


@dataclass(frozen=True)
class _Row:
    """One habit with both views of it, as far as there are any."""

    item: Item
    own: int | None
    others: StatementByOthers | None

    @property
    def gap(self) -> float | None:
        """By how many points others are above, or None where either view is missing."""
        return None if self.own is None or self.others is None else gap(self.own, self.others)

    @property
    def gap_text(self) -> str:
        """The gap in points, as people read it; an empty text where either view is missing."""
        return "" if self.own is None or self.others is None else gap_text(self.own, self.others)

    @property
    def order(self) -> tuple[bool, float]:
        """Puts the widest gap first, and what has none last."""
        return (self.gap is None, -abs(self.gap or 0))


def others_chart(rated: Iterable[Series], result: OthersResult | None) -> Chart:
    """Return a row for each habit, from the widest gap between one's latest own rating and others' average on.

    Without a result it is a sentence that says how to come by one.
    """
    title = words("chart-others.title")
    if result is None:
        return Chart(title, words("chart-others.empty"))
    scale, own = scale_of(result), _latest(rated, result)
    ratings = own.ratings if own else {}
    unsorted = [_Row(item, ratings.get(item.code), result.statements.get(item.code)) for item in scale.items]
    rows = sorted(unsorted, key=lambda row: row.order)
    sentence = " ".join([_who(result), *_sentences(rows, own)])
    has_half = any(row.others and row.others.middle_half for row in rows)
    keys = [*([_SELF] if own else []), OTHERS, *(["middle-half"] if has_half else [])]
    draw = partial(_draw, rows, keys, scale)
    note = words("chart-others.note-half" if has_half else "chart-others.note")
    table = _table(rows, own, scale, has_half=has_half)
    return Chart(title, sentence, table, draw(WIDTH), note, words("chart-others.heading"), partial(draw, NARROW))


def _latest(rated: Iterable[Series], result: OthersResult) -> Series | None:
    """Return the latest rating of one's own on the statements that others were asked about."""
    since = scale_of(result).since
    own = [
        series for series in rated if series.ratings and series.moment != LOOKING_BACK and series.scale.since == since
    ]
    return max(own, key=lambda series: sign_order(series.moment), default=None)


def _who(result: OthersResult) -> str:
    day = say_day(result.moment.astimezone().date())
    return words(f"chart-others.{result.raters}", way=words(f"chart-others.{result.way}"), day=day)


def _sentences(rows: Sequence[_Row], own: Series | None) -> list[str]:
    """Say where the gap is widest and where there is least of one, and what is not shown."""
    sentences = []
    both = [row for row in rows if row.gap is not None]
    if own is None:
        sentences.append(words("chart-others.no-own"))
    elif both:
        sentences += _widest_and_closest(both)
    hidden = sum(row.others is None for row in rows)
    if hidden:
        sentences.append(words("chart-others.hidden", n=hidden))
    return sentences


def _widest_and_closest(both: Sequence[_Row]) -> list[str]:
    gaps = [row for row in both if is_gap(row.gap or 0)]
    same = len(both) - len(gaps)
    if not gaps:
        return [words("chart-others.no-gap", n=len(both))]
    ends = [_gap_size(both[0]), _gap_size(both[-1])]
    sentences = [_habits_with("widest", both, ends[0])]
    if ends[1] < ends[0] and not (same > 1 and not is_gap(ends[1])):  # those are counted
        sentences.append(_habits_with("closest", both, ends[1]))
    return [*sentences, *([words("chart-others.same", n=same)] if same else [])]


def _gap_size(row: _Row) -> float:
    return abs(row.gap or 0)


def _habits_with(key: str, both: Sequence[_Row], size: float) -> str:
    """Name the habits with a gap of one size: all of them, as none comes before the others."""
    rows = [row for row in both if _gap_size(row) == size]
    items = quoted_list([row.item.short for row in rows], too_many="chart-items.more")
    if len(rows) == 1:
        return words(f"chart-others.{key}", item=items, own=rows[0].own, others=average_text(rows[0].others))
    longest = max((row.gap_text for row in rows), key=len)
    return words(f"chart-others.{key}-tie", items=items, n=longest)


def _end_of_row(row: _Row) -> str:
    """Return the words at the end of a row: how far others are from one's own rating, or why it has no gap."""
    if row.others is None:
        return average_text(None)
    if row.gap is None:
        return words("chart-others.no-own-rating")
    if not is_gap(row.gap):
        return words("chart-others.row-same")
    return words(f"chart-others.row-{'higher' if row.gap > 0 else 'lower'}", n=row.gap_text)


def _table(rows: Sequence[_Row], own: Series | None, scale: Scale, *, has_half: bool) -> Table:
    columns = [words("chart-items.habit"), words("chart-others.own", moment=own.label if own else "–")]
    columns += [sign_name(OTHERS), *([words("chart-others.half")] if has_half else []), words("chart-others.gap")]
    cells = [
        (
            row.item.text,
            words("chart.no-answer") if row.own is None else f"{row.own} ({scale.points[row.own - 1]})",
            average_text(row.others),
            *([_half_text(row.others)] if has_half else []),
            _end_of_row(row) if row.gap is not None else "–",
        )
        for row in rows
    ]
    return Table(words("chart-others.caption"), tuple(columns), tuple(cells))


def _half_text(figures: StatementByOthers | None) -> str:
    if figures is None or figures.middle_half is None:
        return "–"
    low, high = figures.middle_half
    return words("chart-others.from-to", low=low, high=high)


def _draw(rows: Sequence[_Row], keys: Sequence[str], scale: Scale, width: float) -> str:
    """Return the SVG text of a row a habit, or an empty text where nothing can be drawn."""
    names = [words("chart-others.half") if key == "middle-half" else sign_name(key) for key in keys]
    widths = [_KEY_NAME + text_width(name, NORMAL) for name in names]
    places = flow(widths, _KEY_LEFT, width, _KEY_GAP)
    height = (_ROW if is_wide(width) else _NARROW_ROW) * len(rows)

    def paint(canvas: Canvas) -> None:
        panel = drawing.rows_on_points(canvas, scale.points, len(rows), _MARGIN, _SCALE, height)
        for number, row in enumerate(rows):
            _paint_row(panel, len(rows) - number - 1, row, len(scale.points), width)
        for number, line in enumerate(reversed(places)):
            key = canvas.panel((0, _SCALE + height + 4 + number * _KEY), width, _KEY, across=(0, width), up=(0, 1))
            for which, x in line:
                _paint_sign(key, keys[which], x)
                key.text((x + _KEY_NAME, 0.5), names[which])

    return drawing.draw(width, _SCALE + height + _KEY * len(places) + 8, paint)


def _paint_sign(key: Panel, name: str, x: float) -> None:
    if name == "middle-half":
        key.block((x - 9, 0.5 - 0.2), 22, 0.4, _HALF)
    else:
        key.marks([(x, 0.5)], sign(name))


def _paint_row(panel: Panel, bottom: int, row: _Row, points: int, width: float) -> None:
    has_room = is_wide(width)
    y, name, words_up = (bottom + up for up in ((0.3, 0.74, 0.74) if has_room else (0.2, 0.8, 0.53)))
    panel.line([(1, y), (points, y)], LINE, 1, layer=1)
    if row.others:
        if row.others.middle_half:
            low, high = row.others.middle_half
            left, right = max(low - _HALF_BEYOND, 1 + _HALF_INSIDE), min(high + _HALF_BEYOND, points - _HALF_INSIDE)
            panel.block((left, y - _HALF_UP / 2), right - left, _HALF_UP, _HALF, layer=1.5)
        if row.own is not None:
            panel.line([(row.own, y), (row.others.average, y)], INK, 2, has_flat_ends=True)
        panel.marks([(row.others.average, y)], sign(OTHERS), layer=3)
    if row.own is not None:
        panel.marks([(row.own, y)], sign(_SELF), layer=4)
    edge = (_MARGIN - 8) / (width - 2 * _MARGIN) * (points - 1)
    panel.text((1 - edge, name), row.item.short, paper=1.5, layer=2)
    x = points + edge if has_room else 1 - edge
    align: Align = "right" if has_room else "left"
    panel.text((x, words_up), _end_of_row(row), colour=QUIET, size=SMALL, align=align, paper=1.5, layer=2)
