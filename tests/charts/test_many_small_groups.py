"""From made-up people through the rules for small groups to the charts: what few said is in no chart."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import pytest

from course.charts.chart import Chart
from course.charts.cohort import SideChange, cohort_change_chart, cohort_map_chart
from course.charts.stacked_bars import Statement
from course.charts.statement_charts import bars_chart
from course.content.scales import find_scale
from course.privacy import Group, PublishedCount, SuppressedTable
from course.records.scores import change, direction
from course.records.synthetic_people import people
from tests.charts.reading import texts

TOO_FEW = "There are not enough answers to show without identifying someone."
BANDS = ("Half the time or less", "Often or more")
WAYS = {1: "up", 0: "same", -1: "down"}


def counts_shown(kept: SuppressedTable[str]) -> dict[str, int | None]:
    return {key: part.count if isinstance(part, PublishedCount) else None for key, part in kept.cells.items()}


def changed(moved: Sequence[float]) -> Chart:
    """Return Ch7 of one side as a report makes it."""
    group: Group[str] = Group(range(len(moved)))
    if not group.meets_threshold:
        return cohort_change_chart([])
    ways = {person: WAYS[direction(far)] for person, far in enumerate(moved)}
    counts = counts_shown(group.counts(ways, list(WAYS.values()), "none"))
    return cohort_change_chart([SideChange("caring", len(moved), counts, statistics.median(moved))])


def of_set(name: str) -> list[float]:
    """Return how the caring side moved for each person of a made-up set."""
    codes = [item.code for item in find_scale("habits").items]
    found = []
    for person in people(name, seed=5):
        if person.now is not None:
            first, last = (
                {code: point for code, point in zip(codes, ratings, strict=True) if point is not None}
                for ratings in (person.start, person.now)
            )
            moved = change(first, last, "caring")
            found += [] if moved is None else [moved]
    return found


def test_nine_pairs_are_a_sentence_and_ten_are_a_chart() -> None:
    assert changed([1.0] * 5 + [0.0] * 4).alt.startswith(TOO_FEW)
    ten = changed([1.0] * 5 + [0.0] * 5)
    assert "10 pairs" in ten.alt
    assert ten.svg


def test_a_part_of_four_is_nowhere_in_the_chart_and_one_of_five_is() -> None:
    four = changed([1.0] * 12 + [0.0] * 8 + [-1.0] * 4)
    assert "17%" not in f"{four.alt}{four.table}{texts(four.svg)}"
    assert texts(four.svg).count("not shown") == 2
    five = changed([1.0] * 12 + [0.0] * 8 + [-1.0] * 5)
    assert {"48%", "32%", "20%"} <= set(texts(five.svg))


def test_what_is_hidden_leaves_no_trace_in_the_drawing() -> None:
    """A part of no one, of one and of four give the same picture, so that its shapes tell nothing either."""
    drawn = {changed([1.0] * 14 + [0.0] * (10 - few) + [-1.0] * few).svg for few in (0, 1, 4)}
    assert len(drawn) == 1


@pytest.mark.parametrize("name", ["B", "C", "D"])
def test_where_nothing_changed_no_chart_shows_progress(name: str) -> None:
    moved = of_set(name)
    ways = [direction(far) for far in moved]
    assert abs(statistics.median(moved)) < 0.5
    assert ways.count(1) < len(moved) / 2
    assert "No comparison group." in changed(moved).alt


def test_where_people_gained_the_chart_says_how_many_and_names_its_limit() -> None:
    moved = of_set("A")
    chart = changed(moved)
    assert [direction(far) for far in moved].count(1) > len(moved) / 2
    assert f"{len(moved)} pairs. Median change +" in chart.alt
    assert chart.alt.endswith("No comparison group.")


def test_two_groups_that_move_apart_are_not_hidden_by_their_median() -> None:
    apart = changed([0.8] * 9 + [0.0] * 6 + [-0.8] * 9)
    assert "38% up, 25% about the same, 38% down, 24 pairs. Median change 0.0." in apart.alt


def bars(answers: Sequence[int]) -> Chart:
    """Return Ch5 of one statement as a report makes it, in two halves."""
    group: Group[str] = Group(range(len(answers)))
    given = {person: BANDS[point > 4] for person, point in enumerate(answers)}
    counts = list(counts_shown(group.counts(given, BANDS, "none")).values())
    whole = tuple(count for count in counts if count is not None)
    statement = Statement("Knew enough for my part", "I came prepared.", whole if len(whole) == len(counts) else ())
    return bars_chart([statement], len(answers), BANDS)


def test_a_statement_has_a_bar_from_five_people_on_each_side() -> None:
    assert "58% “Often or more”" in texts(bars([2] * 5 + [6] * 7).svg)
    assert bars([2] * 4 + [6] * 8).alt.startswith(TOO_FEW)
    assert bars([2] * 4 + [6] * 5).alt.startswith(TOO_FEW)


def mapped(places: Sequence[tuple[str, str]]) -> Chart:
    """Return Ch6 as a report makes it."""
    levels = ("low", "between", "high")
    group: Group[tuple[str, str]] = Group(range(len(places)))
    kept = group.counts(dict(enumerate(places)), [(a, u) for a in levels for u in levels], ("none", "none"))
    counts = {place: part.count if isinstance(part, PublishedCount) else None for place, part in kept.cells.items()}
    return cohort_map_chart(counts if group.meets_threshold else {}, len(places))


def test_a_cell_of_four_is_hatched_with_a_second_one_and_cells_of_five_are_shown() -> None:
    spread = [("high", "high")] * 9 + [("between", "high")] * 6 + [("low", "low")] * 4
    drawn = texts(mapped(spread).svg)
    assert "9" in drawn
    assert "4" not in drawn
    assert "6" not in drawn
    nine = [(across, up) for across in ("low", "between", "high") for up in ("low", "between", "high")]
    assert texts(mapped(nine * 5).svg).count("5") == 9


def test_nine_people_are_on_no_map_and_ten_are_counted() -> None:
    assert mapped([("high", "high")] * 9).alt.startswith(TOO_FEW)
    assert mapped([("high", "high")] * 10).alt == "10 people. No part of the map has enough of them to be shown."
