"""The charts of statements: what people report most and least often (Ch5), and how a group sees itself (Ch9)."""

from __future__ import annotations

from collections.abc import Sequence

from course.charts.chart import Chart, as_sentence, percent_text, quoted_list
from course.charts.stacked_bars import Statement, percent_above, stacked_chart, top_name
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


def our_group_chart(
    statements: Sequence[Statement],
    answers: int,
    points: Sequence[str],
    earlier_day: str = "",
    others: Sequence[Statement] = (),
    *,
    is_drawn: bool = True,
) -> Chart:
    """Return a bar of answers for each statement, in the order in which they were asked.

    `others` are statements of the same question that stand in another chart, such as on the screen's next page: which
    one is the strongest or the weakest is said of all of them.

    A statement with `earlier` counts has the earlier bar above its own; `earlier_day` says when that was, where it
    was another meeting, at which other people may have answered. Where nothing may be shown at all, the chart
    is a sentence that says so.
    """
    title = words("chart-our-group.title")
    shown = [statement for statement in statements if statement.counts]
    reasons = {statement.reason for statement in statements}
    if not shown and len(reasons) < 2:
        return Chart(title, as_sentence(*reasons) if any(reasons) else words("chart-bars.too-few"))
    count = [words("chart-our-group.answers", n=answers)] if answers else []
    every = [*shown, *(other for other in others if other.counts)]
    ends = _ends(every, len(statements) + len(others))
    sentences = [*count, *ends, *_reasons(statements), *_moves(shown, points, earlier_day)]
    if not shown:
        return Chart(title, " ".join(sentences))
    has_moved = any(statement.earlier for statement in shown)
    key = ("note-meeting" if earlier_day else "note-moved") if has_moved else "note"
    note = words(f"chart-our-group.{key}", middle=points[len(points) // 2], day=earlier_day)
    caption = words("chart-our-group.caption" if len(points) > 3 else "chart-our-group.caption-bands")
    return stacked_chart(title, " ".join(sentences), statements, points, caption, note, is_drawn=is_drawn)


def _ends(shown: Sequence[Statement], total: int) -> list[str]:
    """Say which statements are strongest and weakest, where they differ, and that one without a bar could be either."""
    if len(shown) < 2:
        return []
    order = sorted(shown, key=lambda statement: -statement.top)
    high, low = order[0].top, order[-1].top
    before = [words("chart-our-group.of-shown", n=len(shown), all=total)] if len(shown) < total else []
    if high == low:
        return [*before, words("chart-our-group.alike")]
    strongest, weakest = (
        quoted_list([statement.name for statement in order if statement.top == end]) for end in (high, low)
    )
    return [*before, words("chart-our-group.strongest", item=strongest), words("chart-our-group.weakest", item=weakest)]


def _reasons(statements: Sequence[Statement]) -> list[str]:
    """Say why each statement without a bar has none."""
    return [
        words("chart-our-group.quiet", item=quoted_list([statement.name]), said=as_sentence(statement.reason))
        for statement in statements
        if statement.reason and not statement.counts
    ]


def _moves(shown: Sequence[Statement], points: Sequence[str], earlier_day: str) -> list[str]:
    """Say how each statement moved from the start to the close, or from an earlier meeting."""
    return [_move(statement, points, earlier_day) for statement in shown if statement.earlier]


def _move(statement: Statement, points: Sequence[str], earlier_day: str) -> str:
    first, second = percent_text(percent_above(statement.earlier)), percent_text(statement.top)
    key = ("stayed" if first == second else "moved") + ("-meeting" if earlier_day else "")
    item, top = quoted_list([statement.name]), top_name(points)
    return words(f"chart-our-group.{key}", item=item, first=first, second=second, top=top, day=earlier_day)
