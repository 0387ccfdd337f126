"""What people here report most and least often: a stacked bar of many people's answers for each statement (Ch5)."""

from __future__ import annotations

from collections.abc import Sequence

from course.charts.chart import Chart
from course.charts.phrases import percent_text, quoted_list
from course.charts.stacked_bars import Statement, stacked_chart, top_name
from course.content import words


def bars_chart(statements: Sequence[Statement], people: int, points: Sequence[str], *, plain: bool = False) -> Chart:
    """Return a bar of answers for each statement, from the one most often true to the least.

    `points` names what the counts are of, from the lowest to the highest, with the middle in the middle. Where
    nothing may be shown at all, the chart is a sentence that says so.
    """
    title = words("chart-bars.title")
    shown = [statement for statement in statements if statement.counts]
    if not shown:
        return Chart(title, words("chart-bars.too-few"))
    hidden = [statement for statement in statements if not statement.counts]
    order = [*sorted(shown, key=lambda statement: -statement.top), *hidden]
    sentences = [words("chart-bars.people", n=people), *_most_and_least(shown, points, len(statements))]
    note = _note(points, plain=plain)
    return stacked_chart(title, " ".join(sentences), order, points, words("chart-bars.caption"), note, plain=plain)


def _note(points: Sequence[str], *, plain: bool) -> str:
    """Say what the bars lie around."""
    if plain:
        return words("chart-bars.note-plain")
    middle = len(points) // 2
    return words("chart-bars.note", middle=points[middle]) if len(points) % 2 else words("chart-bars.note-halves")


def _most_and_least(shown: Sequence[Statement], points: Sequence[str], total: int) -> list[str]:
    """Say what is true most and least often; a statement that is not shown could be either, so that is said too."""
    tops = {statement.name: statement.top for statement in shown}
    high, low, top = max(tops.values()), min(tops.values()), top_name(points)
    before = [words("chart-bars.of-shown", n=len(shown), all=total)] if len(shown) < total else []
    if high == low:
        alike = [words("chart-bars.all-alike", percent=percent_text(high), top=top)] if len(shown) > 1 else []
        return [*before, *alike]
    most, least = (quoted_list([name for name, share in tops.items() if share == end]) for end in (high, low))
    return [
        *before,
        words("chart-bars.most", item=most, percent=percent_text(high), top=top),
        words("chart-bars.least", item=least, percent=percent_text(low)),
    ]
