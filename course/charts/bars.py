"""Ch5, bars of many people's answers: what people here report most and least often. Ch9 is made of the same bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from course.charts.bars_picture import Bar, draw_bars
from course.charts.chart import Chart, Table
from course.charts.drawing import NARROW
from course.content import words

_NEAR = 3
"""How many names a sentence can carry."""


@dataclass(frozen=True)
class Statement:
    """One statement with what may be shown of its answers."""

    name: str
    text: str
    shares: tuple[int, ...] = ()
    """Whole percentages from the lowest point or band to the highest; empty where nothing may be shown."""
    said: str = ""
    """Why there are no shares, where there are none."""
    earlier: tuple[int, ...] = ()
    """The shares of an earlier time in the same points or bands, where there was one."""

    @property
    def top(self) -> int:
        """The percentage above the middle of the scale."""
        return above(self.shares)


def above(shares: Sequence[int]) -> int:
    """Return the percentage above the middle of a scale; the middle of two halves lies between them.

    >>> above((5, 10, 15, 20, 25, 15, 10)), above((40, 60))
    (50, 60)
    """
    return sum(shares[(len(shares) + 1) // 2 :])


def bars_chart(statements: Sequence[Statement], people: int, points: Sequence[str], *, plain: bool = False) -> Chart:
    """Return a bar of answers for each statement, from the one most often true to the least.

    `points` names what the shares are of, from the lowest to the highest, with the middle in the middle. Where
    nothing may be shown at all, the chart is a sentence that says so.
    """
    title = words("chart-bars.title")
    shown = [statement for statement in statements if statement.shares]
    if not shown:
        return Chart(title, words("chart-bars.too-few"))
    order = [*by_top(shown), *(statement for statement in statements if not statement.shares)]
    said = [words("chart-bars.people", n=people), *_most_and_least(shown, points, len(statements))]
    note = _note(points, plain=plain)
    return stacked(title, " ".join(said), order, points, words("chart-bars.caption"), note, plain=plain)


def _note(points: Sequence[str], *, plain: bool) -> str:
    """Say what the bars lie around."""
    if plain:
        return words("chart-bars.note-plain")
    middle = len(points) // 2
    return words("chart-bars.note", middle=points[middle]) if len(points) % 2 else words("chart-bars.note-halves")


def by_top(statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements with the one most often true first."""
    return sorted(statements, key=lambda statement: -statement.top)


def stacked(
    title: str,
    sentence: str,
    statements: Sequence[Statement],
    points: Sequence[str],
    caption: str,
    note: str,
    *,
    plain: bool = False,
) -> Chart:
    """Return the chart of these statements in their order, with its table and its picture."""
    bars = [Bar(one.name, one.shares, _end(one, points), one.earlier) for one in statements]
    draw = partial(draw_bars, bars, points, plain=plain)
    columns = (words("chart-bars.statement"), *points)
    rows = [row for one in statements for row in _rows(one, points)]
    table = Table(caption, columns, tuple(rows))
    return Chart(title, sentence, table, draw(), note, narrow=partial(draw, width=NARROW))


def percent(share: int) -> str:
    """Return a share as people read it.

    >>> percent(40)
    '40%'
    """
    return words("chart-bars.percent", n=share)


def top_name(points: Sequence[str]) -> str:
    """Return what is above the middle of a scale, as people read it.

    >>> top_name(["No", "Half", "Yes"]), top_name(["Never", "Rarely", "Half", "Often", "Always"])
    ('“Yes”', '“Often” or more')
    """
    first = points[(len(points) + 1) // 2]
    return f"“{first}”" if first == points[-1] else words("chart-bars.or-more", point=first)


def ended(text: str) -> str:
    """Return words as a sentence.

    >>> ended("Answers were spread"), ended("Five or more chose “Shall we talk?”")
    ('Answers were spread.', 'Five or more chose “Shall we talk?”')
    """
    return text if text.rstrip("”")[-1:] in (*".?!…", "") else words("chart-bars.sentence", text=text)


def listed(names: Sequence[str]) -> str:
    """Return names in quotation marks, or how many there are where a sentence cannot carry them all.

    >>> listed(["Came prepared", "Kept commitments"])
    '“Came prepared” and “Kept commitments”'
    """
    if len(names) > _NEAR:
        return words("chart-bars.many", n=len(names))
    quoted = [f"“{name.rstrip('.')}”" for name in names]
    return f" {words('chart.and')} ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def _most_and_least(shown: Sequence[Statement], points: Sequence[str], count: int) -> list[str]:
    """Say what is true most and least often; a statement that is not shown could be either, so that is said too."""
    tops = {statement.name: statement.top for statement in shown}
    high, low, top = max(tops.values()), min(tops.values()), top_name(points)
    before = [words("chart-bars.of-shown", n=len(shown), all=count)] if len(shown) < count else []
    if high == low:
        return [*before, words("chart-bars.all-alike", percent=percent(high), top=top)] if len(shown) > 1 else before
    most, least = (listed([name for name, share in tops.items() if share == end]) for end in (high, low))
    return [
        *before,
        words("chart-bars.most", item=most, percent=percent(high), top=top),
        words("chart-bars.least", item=least, percent=percent(low)),
    ]


def _end(statement: Statement, points: Sequence[str]) -> str:
    """Return the words at the end of a row."""
    if not statement.shares:
        return statement.said or words("chart-bars.not-shown")
    if statement.earlier:
        first, second = percent(above(statement.earlier)), percent(statement.top)
        return words("chart-our-group.said-moved", first=first, second=second, top=top_name(points))
    return words("chart-bars.said", percent=percent(statement.top), top=top_name(points))


def _rows(statement: Statement, points: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the numbers of one statement; an earlier time has a row of its own."""
    if not statement.shares:
        return [(statement.text, statement.said or words("chart-bars.not-shown"), *[""] * (len(points) - 1))]
    rows = [(statement.text, *map(percent, statement.shares))]
    if statement.earlier:
        text = words("chart-our-group.earlier", text=statement.text)
        rows.insert(0, (text, *map(percent, statement.earlier)))
    return rows
