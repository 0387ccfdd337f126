"""Me and others: every gap in words, no number but those that were released, and both views in one picture."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from course.charts import Show, journal_charts
from course.charts.items import items_chart
from course.charts.map import map_chart
from course.charts.others import others_chart
from course.charts.series import Series
from course.content.scales import find_scale
from course.core.moments import clock_at
from course.core.pages.web_edition import as_web_edition
from course.records.journal import Journal
from course.records.raters.others import (
    OthersResult,
    OthersWay,
    RatersText,
    StatementByOthers,
    new_result,
    remove_result,
    save_result,
)
from tests.charts.reading import texts

Rated = Callable[..., dict[str, Any]]
NOON = datetime.datetime(2026, 11, 28, 12, tzinfo=datetime.UTC)
HABITS = find_scale("habits").items


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with clock_at(NOON):
        yield


def a_result(
    others: Mapping[str, float | None],
    usual: float = 5.0,
    raters: RatersText = "five-to-seven",
    half: tuple[int, int] | None = None,
    version: int = 2,
) -> OthersResult:
    """Return a result with an average for each habit; None leaves one out."""
    averages = {item.code: others.get(item.code, usual) for item in find_scale("habits").in_version(version).items}
    figures = {code: StatementByOthers(average, half) for code, average in averages.items() if average is not None}
    return new_result(OthersWay.PRINTED, raters, figures, version=version)


def test_without_a_result_it_says_how_to_come_by_one(rated: Rated) -> None:
    chart = others_chart([Series.read("start", rated(5, 5))], None)
    assert (chart.svg, chart.table) == ("", None)
    assert chart.alt.startswith("What others say will appear here once you have asked at least five")


def test_it_says_the_widest_gap_and_the_closest_and_sorts_by_it(rated: Rated) -> None:
    own = Series.read("now", rated(5, 5, COMP9=2, CARE11=7))
    chart = others_chart([own], a_result({"COMP9": 5.5, "CARE11": 5.0}))
    assert chart.title == "Where do others see me differently?"
    assert chart.alt == (
        "Five to seven people, asked on printed forms, 28 November 2026. "
        "Widest gap: “Knew enough for my part”, you 2, others 5.5. "
        "10 are about the same."
    )
    shorts = {item.short for item in HABITS}
    assert [text for text in texts(chart.svg) if text in shorts][:2] == [
        "Knew enough for my part",
        "Raised hard things directly",
    ]
    assert {"others 3.5 higher", "others 2 lower", "about the same"} <= set(texts(chart.svg))


def test_habits_with_equal_gaps_are_named_together(rated: Rated) -> None:
    own = Series.read("now", rated(5, 5, COMP7=3, CARE7=3))
    chart = others_chart([own], a_result({}))
    first, second = (item.short for item in HABITS if item.code in ("COMP7", "CARE7"))
    assert f"Widest gap: “{first}” and “{second}”, each 2 apart. 10 are about the same." in chart.alt
    same = others_chart([Series.read("now", rated(4, 4))], a_result({}, usual=6.0))
    assert "Widest gap: 12 habits, each 2 or more apart." in same.alt
    assert "Closest" not in same.alt
    one = others_chart([Series.read("now", rated(3, 3))], a_result({"COMP9": 3.0}))
    assert "Widest gap: 11 habits, each 2 apart. Closest: “Knew enough for my part”, you 3, others 3.0." in one.alt


def test_where_every_habit_has_a_gap_no_number_of_those_without_is_said(rated: Rated) -> None:
    chart = others_chart([Series.read("now", rated(2, 2))], a_result({"COMP9": 5.5}))
    assert "Closest" in chart.alt
    assert "about the same" not in chart.alt


def test_half_a_point_is_no_gap_because_averages_are_rounded_to_it(rated: Rated) -> None:
    chart = others_chart([Series.read("start", rated(5, 5))], a_result({"COMP9": 5.5, "CARE9": 4.5}))
    assert "On all 12 habits that can be compared, others see you about as you see yourself." in chart.alt
    assert "others 1 or more higher" in texts(
        others_chart([Series.read("start", rated(5, 5))], a_result({"COMP9": 6.0})).svg
    )


def test_an_average_at_the_end_of_what_is_released_stands_for_all_beyond_it(rated: Rated) -> None:
    chart = others_chart([Series.read("start", rated(7, 7, CARE9=4))], a_result({"COMP9": 2.0}, usual=6.0))
    assert chart.table
    cells = {row[0]: row[1:] for row in chart.table.rows}
    texts_of = {item.code: item.text for item in HABITS}
    assert cells[texts_of["COMP7"]] == ("7 (Always)", "6 or more", "about the same")
    assert cells[texts_of["CARE9"]] == ("4 (About half the time)", "6 or more", "others 2 or more higher")
    assert cells[texts_of["COMP9"]] == ("7 (Always)", "2 or less", "others 5 or more lower")
    many = others_chart([Series.read("start", rated(7, 7))], a_result({}, 6.0, "eight-or-more", (5, 7)))
    assert many.table
    assert many.table.rows[0][2:4] == ("6.0", "5 to 7")


def test_a_habit_that_too_few_judged_and_one_without_an_own_rating_say_so(rated: Rated) -> None:
    own = Series.read("start", rated(5, 5, CARE12="n"))
    chart = others_chart([own], a_result({"COMP10": None, "COMP11": None}))
    assert {"fewer than five judged it", "not rated by me"} <= set(texts(chart.svg))
    assert "2 habits have no average, because fewer than five people judged them." in chart.alt
    nobody = others_chart([own], a_result(dict.fromkeys(item.code for item in HABITS)))
    assert "12 habits have no average" in nobody.alt


def test_the_middle_half_is_there_from_eight_on(rated: Rated) -> None:
    own = [Series.read("start", rated(5, 5))]
    assert "Middle half of their answers" not in texts(others_chart(own, a_result({})).svg)
    chart = others_chart(own, a_result({}, 5.0, "eight-or-more", (4, 6)))
    assert "Middle half of their answers" in texts(chart.svg)
    assert chart.table
    assert chart.table.rows[0][3] == "4 to 6"


def test_the_middle_half_is_seen_to_end_also_at_an_end_of_the_scale(rated: Rated) -> None:
    """Cut off there, without a line, it would look as if it went on."""
    own = [Series.read("start", rated(5, 5))]
    for half in ((1, 2), (6, 7), (1, 7)):
        with as_web_edition():
            chart = others_chart(own, a_result({}, 4.0, "eight-or-more", half))
            pictures = [chart.svg, chart.narrow() if chart.narrow else ""]
        for svg in pictures:
            assert "<rect" in svg
            assert re.findall(r"<rect[^>]*clip-path", svg) == []


def test_the_latest_own_rating_on_the_same_questions_is_beside_it(rated: Rated) -> None:
    start, now = Series.read("start", rated(3, 3)), Series.read("now", rated(5, 5))
    back = Series.read("looking-back", rated(1, 1))
    chart = others_chart([start, back, now], a_result({}))
    assert chart.table
    assert chart.table.columns[1] == "My own rating (Now)"
    assert {row[1] for row in chart.table.rows} == {"5 (Often)"}


def test_a_result_on_an_earlier_version_is_not_set_beside_ratings_of_another(rated: Rated) -> None:
    former, own = a_result({}, version=1), [Series.read("start", rated(5, 5))]
    assert "You have not rated these habits yourself" in others_chart(own, former).alt
    assert map_chart(own, None, former).alt == map_chart(own).alt
    assert items_chart(own, former).table == items_chart(own).table


def test_the_map_has_others_mark_in_sentence_and_table(rated: Rated) -> None:
    own = [Series.read("start", rated(4, 4))]
    chart = map_chart(own, None, a_result({"COMP9": 6.0, "CARE7": None, "CARE8": None}))
    assert "Others’ averages: competence 5.2, caring 5.0." in chart.alt
    assert "Others’ average" in texts(chart.svg)
    assert chart.table
    assert chart.table.rows[-1][:3] == ("Others’ average", "5.2", "5.0")
    few = map_chart(own, None, a_result(dict.fromkeys(("CARE7", "CARE8", "CARE9"))))
    assert "caring none (too few habits have an average)." in few.alt
    assert "Others’ average" not in texts(few.svg)


def test_the_habits_have_others_mark_in_sentence_and_table(rated: Rated) -> None:
    chart = items_chart([Series.read("start", rated(4, 4))], a_result({"CARE7": None}))
    assert "Others’ averages are beside your ratings." in chart.alt
    assert texts(chart.svg).count("Others’ average") == 1
    assert chart.table
    assert chart.table.columns == ("Habit", "Start", "Others’ average")
    assert {row[2] for row in chart.table.rows} == {"5.0", "fewer than five judged it"}


def test_it_comes_onto_the_page_as_soon_as_it_is_saved_and_goes_with_its_result(journal: Journal, shown: Any) -> None:
    show = Show(journal)
    show.others()
    show.map()
    before = shown[0].chart["alt"]
    save_result(journal, a_result({}))
    assert shown[0].chart["alt"] != before
    assert "Others’ averages" in shown[1].chart["alt"]
    assert [chart.title for chart in journal_charts(journal)][-1] == "Where do others see me differently?"
    remove_result(journal, a_result({}))
    assert shown[0].chart["alt"] == before
    assert "Where do others see me differently?" not in [chart.title for chart in journal_charts(journal)]
