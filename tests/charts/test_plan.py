"""The plan to take away: what was chosen and written in lesson 7, as text, on a page that needs nothing else."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from course.charts import Show
from course.charts.chart import Chart, Table
from course.charts.plan import PLAN_KEYS, Plan, plan_page, read_plan
from course.content.scales import find_scale
from course.core.moments import clock_at
from course.records.journal import Journal

Rated = Callable[..., dict[str, Any]]
PAGE = "trust-plan"
WRITTEN: dict[str, Any] = {
    "plan-habits": ["COMP11", "CARE7"],
    "plan-competence": ["a date slips", "say so", "I am busy", "say so in one line"],
    "plan-caring": ["someone objects", "", "", ""],
    "plan-group": ["", "", "", ""],
    "ask-three-people": ["the clerk", "What helps?", "", "What else?", "a nurse", ""],
    "plan-day": "2026-12-22",
}
DRAWN = Chart("Where?", "Up.", Table("Numbers", ("What",), (("Start",),)), "<svg/>")


def read(answers: dict[str, Any], charts: tuple[str, ...] = ()) -> Plan:
    return read_plan(answers.get, charts, {"map": DRAWN, "pulse": Chart("How?", "Nothing yet.")}.__getitem__, 30)


def test_the_plan_gathers_what_was_chosen_and_written() -> None:
    plan = read(WRITTEN)
    texts = {item.code: item.text for item in find_scale("habits").items}
    assert plan.habits == (texts["CARE7"], texts["COMP11"])  # in the order of the scale
    assert plan.plans == (
        (
            "Competence and reliability",
            (
                "If a date slips, then I will say so.",
                "What could stop me: I am busy. If that happens, then I will say so in one line.",
            ),
        ),
        ("Caring and character", ("If someone objects, then I will …",)),
    )
    assert plan.questions == (("the clerk", "What helps?"), ("Somebody (who?)", "What else?"))
    assert plan.day == datetime.date(2026, 12, 22)


def test_charts_are_chosen_by_letter_and_one_with_nothing_to_show_is_left_out() -> None:
    assert read({"plan-charts": ["A", "B"]}, ("map", "pulse")).charts == (DRAWN,)
    assert read({"plan-charts": ["B", "C"]}, ("pulse", "map")).charts == (DRAWN,)
    assert read({"plan-charts": []}, ("map",)).charts == ()


def test_without_a_day_it_is_so_many_days_from_now() -> None:
    with clock_at(datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)):
        assert read({}).day == datetime.date(2026, 12, 22)


def test_a_plan_with_nothing_in_it_is_empty_and_a_day_alone_fills_none() -> None:
    assert read({"plan-day": "2026-12-22", "ask-three-people": ["the clerk", ""]}).is_empty
    assert not read({"plan-habits": ["COMP7"]}).is_empty


@given(
    st.dictionaries(st.sampled_from(PLAN_KEYS), st.none() | st.text() | st.lists(st.text() | st.integers() | st.none()))
)
def test_whatever_is_in_the_file_there_is_a_page(answers: dict[str, Any]) -> None:
    assert "</html>" in plan_page(read(answers, ("map",)))


def test_the_page_asks_no_other_machine_for_anything() -> None:
    page = plan_page(read({**WRITTEN, "plan-charts": ["A"]}, ("map",)))
    loaded = re.findall(r'(?:src|href)="([^"]{0,10})|url\(([^)]*)', page)
    assert loaded == [("data:image", "")]
    assert "http:" not in page
    assert "https:" not in page
    assert "default-src 'none'" in html.unescape(page)


def test_what_the_learner_wrote_stays_text_on_the_page() -> None:
    page = plan_page(read({"plan-caring": ['<script>alert("1")</script>', "& <b>wait</b>"]}))
    assert "<script" not in page
    assert "&lt;b&gt;wait&lt;/b&gt;" in page


def test_the_page_leaves_out_what_was_not_given_and_says_that_it_is_private() -> None:
    page = plan_page(read({"plan-habits": ["COMP7"]}))
    assert "I did what I had said I would do." in page
    assert "My plans" not in page
    assert "My charts" not in page
    assert "This page is private." in page


def test_a_plan_of_a_made_up_learner_says_so() -> None:
    plan = read(WRITTEN)
    label = "Synthetic data. Not real people."
    assert label not in plan_page(plan)
    assert label in plan_page(plan.with_label(label))


def test_a_long_plan_is_set_smaller() -> None:
    assert '<body class="long">' in plan_page(read({"plan-caring": ["word " * 600] * 4}))
    assert '<body class="long">' not in plan_page(read(WRITTEN))


CALENDAR = ["day-7.ics", "day-30.ics", "day-90.ics"]


def names(panel: Any) -> list[str]:
    return [file["name"] for file in panel.files]


def event_in(panel: Any, name: str) -> Any:
    """Return the event in one of the panel's files."""
    (content,) = (file["content"] for file in panel.files if file["name"] == name)
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    return event


def test_before_anything_is_written_the_panel_says_so_kindly_and_has_the_days(
    journal: Journal, shown: list[Any]
) -> None:
    Show(journal).plan(["map"])
    assert shown[0].summary["lines"][0].startswith("Your plan will be ready here")
    assert names(shown[0]) == CALENDAR
    assert shown[0].summary["note"] == ""


def test_the_panel_follows_what_is_written_and_rated(journal: Journal, shown: list[Any], rated: Rated) -> None:
    with clock_at(datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)):
        Show(journal).plan(["map"])
        page = journal.page(PAGE)
        page.save("plan-habits", ["COMP7", "CARE7"])
        page.save("plan-charts", ["A"])
        assert "habits 2, plans 0, questions 0, charts 0." in shown[0].summary["lines"][0]
        journal.page("starting-point").save("start", rated(6, 4))
        assert "charts 1." in shown[0].summary["lines"][0]
        assert "competence 6.0" in shown[0].files[0]["content"]
        page.save("plan-day", "2026-12-24")
        assert "24 December 2026" in shown[0].summary["lines"][1]
        days = [event_in(shown[0], name)["DTSTART"].dt.isoformat() for name in CALENDAR]
        assert days == ["2026-12-01", "2026-12-24", "2027-02-22"]


def test_a_day_gone_by_has_no_file_and_once_all_are_nothing_is_said_of_a_calendar(
    journal: Journal, shown: list[Any]
) -> None:
    with clock_at(datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)):
        journal.page(PAGE).save("plan-day", "2026-11-30")
        Show(journal).plan()
        assert names(shown[0]) == CALENDAR[1:]
        journal.page(PAGE).save("plan-day", "2026-01-30")
        assert names(shown[0]) == []
        assert shown[0].summary["calendar_note"] == ""


def test_a_changed_day_is_the_same_event_also_when_the_page_is_opened_again(journal: Journal, shown: list[Any]) -> None:
    Show(journal).plan()
    before = [event_in(shown[0], name)["UID"] for name in CALENDAR]
    journal.page(PAGE).save("plan-day", "2126-12-22")
    Show(Journal(journal.folder)).plan()
    for panel in shown:
        assert [event_in(panel, name)["UID"] for name in CALENDAR] == before
    assert len(set(before)) == 3


def test_plans_go_into_the_calendar_only_where_that_is_ticked(journal: Journal, shown: list[Any]) -> None:
    Show(journal).plan()
    panel = shown[0]
    assert panel.summary["own"] == ""
    journal.page(PAGE).save("plan-caring", ["someone objects", "thank them", "", ""])
    assert panel.summary["own"]
    assert all("someone objects" not in event_in(panel, name)["DESCRIPTION"] for name in CALENDAR)
    assert "Nothing that you wrote is in it." in panel.summary["calendar_note"]
    panel.is_own = True
    sentence = "Caring and character: If someone objects, then I will thank them."
    assert all(sentence in event_in(panel, name)["DESCRIPTION"] for name in CALENDAR)
    assert "Nothing that you wrote" not in panel.summary["calendar_note"]
    panel.is_own = False
    assert all("someone objects" not in event_in(panel, name)["DESCRIPTION"] for name in CALENDAR)


def test_what_is_shown_of_the_panel_in_an_error_holds_none_of_the_plan(journal: Journal, shown: list[Any]) -> None:
    journal.page(PAGE).save("plan-caring", ["secret"] * 4)
    Show(journal).plan()
    assert repr(shown[0]) == "<Plan to take away>"
