"""Ch9, how a room sees its group, and at the close beside how it did at the start."""

from __future__ import annotations

from collections.abc import Sequence

from course.charts.bars import Statement, above, by_top, ended, listed, percent, stacked, top_name
from course.charts.chart import Chart
from course.content import words


def our_group_chart(statements: Sequence[Statement], answers: int, points: Sequence[str]) -> Chart:
    """Return a bar of answers for each statement, in the order in which they were asked.

    A statement with `earlier` shares has the earlier bar above its own. Where nothing may be shown at all, the chart
    is a sentence that says so.
    """
    title = words("chart-our-group.title")
    shown = [statement for statement in statements if statement.shares]
    reasons = {statement.said for statement in statements}
    if not shown and len(reasons) < 2:
        return Chart(title, ended(*reasons) if any(reasons) else words("chart-bars.too-few"))
    count = [words("chart-our-group.answers", n=answers)] if answers else []
    said = [*count, *_ends(shown, len(statements)), *_quiet(statements), *_moves(shown, points)]
    if not shown:
        return Chart(title, " ".join(said))
    moved = any(statement.earlier for statement in shown)
    note = words("chart-our-group.note-moved" if moved else "chart-our-group.note", middle=points[len(points) // 2])
    caption = words("chart-our-group.caption" if len(points) > 3 else "chart-our-group.caption-bands")
    return stacked(title, " ".join(said), statements, points, caption, note)


def _ends(shown: Sequence[Statement], count: int) -> list[str]:
    """Say which statements are strongest and weakest, where they differ, and that one without a bar could be either."""
    if len(shown) < 2:
        return []
    order = by_top(shown)
    high, low = order[0].top, order[-1].top
    before = [words("chart-our-group.of-shown", n=len(shown), all=count)] if len(shown) < count else []
    if high == low:
        return [*before, words("chart-our-group.alike")]
    strongest, weakest = (listed([one.name for one in order if one.top == end]) for end in (high, low))
    return [*before, words("chart-our-group.strongest", item=strongest), words("chart-our-group.weakest", item=weakest)]


def _quiet(statements: Sequence[Statement]) -> list[str]:
    """Say what stands for the bar of each statement without one."""
    hidden = [one for one in statements if one.said and not one.shares]
    return [words("chart-our-group.quiet", item=listed([one.name]), said=ended(one.said)) for one in hidden]


def _moves(shown: Sequence[Statement], points: Sequence[str]) -> list[str]:
    """Say how each statement moved from the start to the close."""
    return [_move(one, percent(above(one.earlier)), percent(one.top), points) for one in shown if one.earlier]


def _move(statement: Statement, first: str, second: str, points: Sequence[str]) -> str:
    key = "stayed" if first == second else "moved"
    item, top = listed([statement.name]), top_name(points)
    return words(f"chart-our-group.{key}", item=item, first=first, second=second, top=top)
