"""A lesson's charts follow the ratings beside them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from course.charts import Show
from course.records.journal import Journal

Rated = Callable[..., dict[str, Any]]


def test_a_chart_redraws_when_a_rating_is_saved(journal: Journal, shown: list[Any], rated: Rated) -> None:
    Show(journal).map()
    assert shown[0].chart["svg"] == ""
    journal.page("starting-point").save("start", rated(6, 4))
    assert "competence 6.0, caring 4.0" in shown[0].chart["alt"]
    assert shown[0].chart["svg"]


def test_all_charts_redraw_for_a_pulse_and_a_guess(journal: Journal, shown: list[Any]) -> None:
    show = Show(journal)
    show.map()
    show.pulse()
    journal.page("two-questions").save("pulse", {"P1": 6, "P2": 5})
    assert "Nearly always" in shown[1].chart["alt"]
    journal.page("two-questions").save("group-view", [5, 4])
    assert "my group would say: competence 5.0, caring 4.0" in shown[0].chart["alt"]


def test_looking_back_is_shown_beside_the_ratings(journal: Journal, shown: list[Any], rated: Rated) -> None:
    Show(journal).items()
    journal.page("trust-plan").save("now", rated(6, 4))
    assert shown[0].chart["table"]["columns"] == ("Habit", "Now")
    journal.page("trust-plan").save("looking-back", rated(3, 3))
    assert shown[0].chart["table"]["columns"] == ("Habit", "Looking back", "Now")


def test_other_answers_redraw_nothing(journal: Journal, shown: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    Show(journal).pulse()
    monkeypatch.setattr(shown[0], "show", lambda chart: pytest.fail("redrawn"))
    journal.page("two-questions").save("trust-to-do-what", "By role only")


def test_forgotten_ratings_leave_the_chart(journal: Journal, shown: list[Any], rated: Rated) -> None:
    page = journal.page("starting-point")
    page.save("start", rated(6, 4))
    Show(journal).items()
    page.save("start", None)
    assert shown[0].chart["table"] is None


def test_one_answer_redraws_once_and_only_after_it_is_dealt_with(
    journal: Journal, shown: list[Any], rated: Rated
) -> None:
    Show(journal).map()
    drawn: list[str] = []
    shown[0].observe(lambda change: drawn.append(change["new"]["alt"]), "chart")

    async def answer() -> None:
        page = journal.page("starting-point")
        page.save("start", rated(5, 4))
        page.save("start", rated(6, 4))
        assert drawn == []

    asyncio.run(answer())
    assert len(drawn) == 1
    assert "competence 6.0" in drawn[0]


def test_hidden_numbers_stay_hidden_when_the_chart_is_redrawn(journal: Journal, shown: list[Any], rated: Rated) -> None:
    Show(journal).map()
    shown[0].is_hidden = True
    journal.page("starting-point").save("start", rated(6, 4))
    assert shown[0].is_hidden is True


def test_showing_a_chart_again_shows_the_same_chart(journal: Journal, shown: list[Any]) -> None:
    show = Show(journal)
    show.map()
    show.map()
    show.pulse()
    assert shown[0] is shown[1]
    assert shown[0] is not shown[2]


def test_the_habits_go_from_the_first_full_rating_to_the_latest_and_show_the_one_between(
    journal: Journal, shown: list[Any], rated: Rated
) -> None:
    journal.page("starting-point").save("start", rated(4, 4))
    journal.page("trust-plan").save("now", rated(5, 4))
    journal.page("day-30").save("day-30", rated(7, 4))
    Show(journal).items()
    assert shown[0].chart["table"]["columns"] == ("Habit", "Start", "Now", "Day 30", "Change")


def test_the_yardstick_needs_the_first_rating_and_the_one_looking_back(
    journal: Journal, shown: list[Any], rated: Rated
) -> None:
    Show(journal).yardstick()
    journal.page("trust-plan").save("now", rated(6, 4))
    journal.page("trust-plan").save("looking-back", rated(3, 3))
    assert shown[0].chart["table"] is None
    journal.page("starting-point").save("start", rated(5, 3))
    assert shown[0].chart["table"]["rows"][0] == ("Competence and reliability", "5.0", "3.0", "6.0")


def test_the_yardstick_leaves_day_30_out(journal: Journal, shown: list[Any], rated: Rated) -> None:
    journal.page("starting-point").save("start", rated(5, 4))
    journal.page("trust-plan").save("now", rated(6, 5))
    journal.page("trust-plan").save("looking-back", rated(4, 3))
    journal.page("day-30").save("day-30", rated(2, 2))
    Show(journal).yardstick()
    assert shown[0].chart["table"]["columns"][-1] == "Now"
    assert shown[0].chart["table"]["rows"][0][1:] == ("5.0", "4.0", "6.0")


def test_a_log_is_that_of_the_lessons_own_page_and_redraws_with_each_entry(journal: Journal, shown: list[Any]) -> None:
    Show(journal, "thanks").log("thanks-log", {"T": "Thanked"})
    entry = {"date": "2026-02-03", "words": ["The porter"], "mark": ""}
    journal.page("keeping-your-word").save("thanks-log", {"entries": [entry]})
    assert shown[0].chart["table"] is None
    journal.page("thanks").save("thanks-log", {"entries": [entry]})
    assert shown[0].chart["alt"] == "1 thanked, on one day."


def test_only_the_charts_of_an_answer_are_redrawn(
    journal: Journal, shown: list[Any], rated: Rated, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = Show(journal, "thanks")
    show.map()
    show.log("thanks-log", {"T": "Thanked"})
    monkeypatch.setattr(shown[1], "show", lambda chart: pytest.fail("redrawn"))
    journal.page("starting-point").save("start", rated(6, 4))
    assert shown[0].chart["svg"]


@pytest.mark.slow
def test_a_chart_without_data_loads_no_matplotlib(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = str(tmp_path_factory.mktemp("journal"))
    code = (
        "import sys, pathlib; from course.records.journal import Journal; from course.charts import Show;"
        f"show = Show(Journal(pathlib.Path({folder!r})));"
        "assert 'anywidget' not in sys.modules; show.map(); assert 'anywidget' in sys.modules;"
        "assert not {'matplotlib', 'pandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)


@pytest.mark.slow
def test_on_a_narrow_page_every_chart_is_drawn_anew_and_says_the_same(
    journal: Journal, shown: list[Any], rated: Rated
) -> None:
    journal.page("starting-point").save("start", rated(4, 5))
    journal.page("two-questions").save("pulse", {"P1": 3, "P2": 6, "TRIED": 2})
    journal.page("trust-plan").save("looking-back", rated(3, 4))
    journal.page("thanks").save("log", {"entries": [{"date": "2026-02-03", "words": ["x"], "mark": ""}]})
    show = Show(journal, "thanks")
    for put in (show.map, show.items, show.yardstick, show.pulse, lambda: show.log("log", {"T": "Thanked"})):
        put()
    wide = [dict(widget.chart) for widget in shown]
    for widget, before in zip(shown, wide, strict=True):
        widget.is_narrow = True
        assert 'width="280pt"' in widget.chart["svg"]
        assert 'width="440pt"' in before["svg"]
        assert {**widget.chart, "svg": "", "is_narrow": False} == {**before, "svg": ""}
    journal.page("starting-point").save("start", rated(6, 5))
    assert 'width="280pt"' in shown[0].chart["svg"]
    assert "competence 6.0" in shown[0].chart["alt"]
    shown[0].is_narrow = False
    assert 'width="440pt"' in shown[0].chart["svg"]
