"""The charts of many people are in translation too, whatever is hidden in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from course.charts.chart import Chart
from course.charts.cohort import SideChange, cohort_change_chart, cohort_map_chart
from course.charts.room import Parked, Vote, parked_html, vote_chart, wall_html
from course.charts.stacked_bars import Statement
from course.charts.statement_charts import bars_chart, our_group_chart
from course.content.scales import find_scale
from tests import pseudo
from tests.charts.reading import texts

COUNTS = (0, 5, 10, 15, 40, 20, 10)


def charts() -> Iterator[Chart]:
    points = find_scale("habits").points
    one, two = Statement("1", "1", COUNTS), Statement("2", "2", COUNTS[::-1], earlier=COUNTS)
    hidden = Statement("3", "3")
    for plain in (False, True):
        yield bars_chart([one, two, hidden], 20, points, plain=plain)
    yield bars_chart([one, one], 20, points)
    yield bars_chart([hidden], 9, points)
    yield our_group_chart([one, two, Statement("3", "3", reason="4")], 20, points)
    yield our_group_chart([one, one], 20, points)
    yield our_group_chart([hidden], 4, points)
    levels = ("low", "between", "high")
    places = [(across, up) for across in levels for up in levels]
    yield cohort_map_chart({**dict.fromkeys(places, None), ("high", "low"): 12}, 20)
    yield cohort_map_chart({**dict.fromkeys(places, 0), ("high", "low"): 10, ("between", "low"): 10}, 20)
    yield cohort_map_chart({**dict.fromkeys(places, 0), ("between", "between"): 20}, 20)
    yield cohort_map_chart(dict.fromkeys(places, None), 20)
    yield cohort_map_chart({}, 0)
    shown = {"up": 10, "same": 10, "down": 0}
    yield cohort_change_chart([SideChange("caring", 20, shown, 0.5, 0.5, (0.1, 0.8))])
    yield cohort_change_chart([SideChange("competence", 20, shown, 0.5, 0.5)])
    yield cohort_change_chart([SideChange("caring", 20, dict.fromkeys(shown, None))])
    options = {"A": "1", "B": "2"}
    yield vote_chart(options, Vote(20, {"A": 12, "B": 8}), Vote(20, {"A": 10, "B": 10}))
    yield vote_chart(options, Vote(20, {"A": 12, "B": None}), Vote(20, {"A": 12, "B": None}))
    yield vote_chart(options, Vote(8, reason="3"))


@pytest.mark.slow
def test_every_word_of_a_chart_is_in_translation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUILDING_TRUST_WORDS", str(pseudo.write_edition(tmp_path / "words")))
    found: set[str] = set()
    for chart in charts():
        found |= pseudo.escaped(iter([chart.title, chart.alt, chart.note]))
        found |= pseudo.escaped(iter(texts(chart.svg) if chart.svg else []))
        if chart.table:
            found |= pseudo.escaped(iter([chart.table.caption, *chart.table.columns, *sum(chart.table.rows, ())]))
    assert found == set()


def test_every_word_of_a_wall_is_in_translation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUILDING_TRUST_WORDS", str(pseudo.write_edition(tmp_path / "words")))
    for page in (wall_html("1", []), parked_html("1", []), parked_html("1", [Parked("2")])):
        assert pseudo.escaped(iter(text for text in pseudo.Page(page).texts if "{" not in text)) == set()
