"""The plan to take away, as a person gets it: files made in the browser, and two sides of paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from course.charts import Show
from course.charts.plan import Plan
from course.charts.widgets import PlanPanel
from course.content.lessons import occasions
from course.content.scales import find_scale
from course.records.journal import Journal
from tests.browser.pictures import keep_picture
from tests.browser.stage import Stage

pytestmark = pytest.mark.browser

CHARTS = ["map", "items", "yardstick", "pulse"]


def fill(journal: Journal, words: int) -> None:
    """Answer the whole course, with so many words in each field of a plan."""
    codes = [item.code for name in ("habits", "pulse", "tried") for item in find_scale(name).items]
    for occasion in occasions():
        ratings = {code: 1 + (place * 5 + len(occasion.name)) % 7 for place, code in enumerate(codes)}
        journal.page(occasion.lesson).save(occasion.key, {**ratings, "TRIED": 2, "version": 2})
    journal.page("two-questions").save("guess", [3, 4, 5, 6])
    page = journal.page("trust-plan")
    page.save("looking-back", {**dict.fromkeys(codes, 3), "version": 2})
    page.save("plan-habits", codes[:6])
    for key in ("plan-competence", "plan-caring", "plan-group"):
        page.save(key, [" ".join(["word"] * words)] * 4)
    page.save("ask-three-people", ["the deputy", "What should I do more of, so that people know?"] * 3)
    page.save("plan-charts", ["A", "B", "C", "D"])
    page.save("plan-day", "2126-12-22")


def plan_of(show: Show, charts: list[str]) -> Plan:
    """Return the plan as it is by now, with these charts to tick."""
    show._plan_charts, show._plan_days = charts, 30
    show._plan.is_stale = True
    return show._plan.get()


@pytest.fixture
def show(tmp_path: Path) -> Show:
    """Return the charts of a learner who has done the whole course."""
    journal = Journal(tmp_path / "journal")
    fill(journal, 12)
    return Show(journal, "trust-plan")


@pytest.fixture
def stage(page: Page, show: Show) -> Stage:
    """Return a page that shows the plan."""
    stage = Stage(page)
    stage.put(PlanPanel(plan_of(show, CHARTS), "one"))
    return stage


def test_all_files_are_downloaded_with_the_keyboard_alone(page: Page, stage: Stage) -> None:
    for place, name in enumerate(("my-trust-plan.html", "day-7.ics", "day-30.ics", "day-90.ics")):
        page.keyboard.press("Tab")
        with page.expect_download() as waiting:
            page.keyboard.press("Enter")
        assert waiting.value.suggested_filename == name
        assert Path(waiting.value.path()).read_bytes().decode() == stage.widget.files[place]["content"]


def test_a_tick_puts_the_plans_into_the_days_and_takes_them_out_again(page: Page, stage: Stage) -> None:
    def text() -> str:
        with page.expect_download() as waiting:
            page.get_by_role("link", name="day 30").click()
        (event,) = Calendar.from_ical(Path(waiting.value.path()).read_bytes()).walk("VEVENT")
        return str(event["DESCRIPTION"])

    assert "word word" not in text()
    page.get_by_role("checkbox").check()
    stage.tell()
    expect(page.get_by_role("status")).to_contain_text("Your plans are in it too.")
    assert "word word" in text()
    page.get_by_role("checkbox").uncheck()
    stage.tell()
    expect(page.get_by_role("status")).to_contain_text("Nothing that you wrote is in it.")
    assert "word word" not in text()


def test_links_are_large_and_without_fault(page: Page, stage: Stage, violations: Callable[..., list[str]]) -> None:
    keep_picture(page, "plan-panel")
    assert violations(page) == []
    for link in page.get_by_role("link").all():
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_a_changed_plan_keeps_the_focus_and_hands_over_the_new_file(page: Page, stage: Stage, show: Show) -> None:
    link = page.get_by_role("link", name="day 30")
    link.focus()
    show._journal.page("trust-plan").save("plan-day", "2127-01-05")
    stage.widget.show(plan_of(show, CHARTS))
    stage.tell()
    expect(page.get_by_text("Your day to come back: 5 January 2127.")).to_be_visible()
    expect(link).to_be_focused()
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert "21270105" in Path(waiting.value.path()).read_text()


def test_a_plan_that_becomes_empty_leaves_the_days_alone(page: Page, stage: Stage, show: Show) -> None:
    show._journal.forget()
    stage.widget.show(plan_of(show, CHARTS))
    stage.tell()
    expect(page.get_by_role("link")).to_have_count(3)
    expect(page.get_by_text("Your plan will be ready here")).to_be_visible()


@pytest.mark.parametrize("words", [12, 60])
def test_the_page_prints_on_two_sides_of_a4(
    page: Page, tmp_path: Path, words: int, violations: Callable[..., list[str]]
) -> None:
    journal = Journal(tmp_path / "journal")
    fill(journal, words)
    panel = PlanPanel(plan_of(Show(journal, "trust-plan"), CHARTS), "one")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(panel.files[0]["content"])
    page.locator("img").last.evaluate("image => image.decode()")
    assert violations(page) == []
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
    assert [url for url in asked if not url.startswith("data:")] == []
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 673, "height": 1000})
    keep_picture(page, f"plan-printed-{words}")


def test_without_charts_the_page_prints_on_one_side(page: Page, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    fill(journal, 12)
    panel: Any = PlanPanel(plan_of(Show(journal, "trust-plan"), []), "one")
    page.set_content(panel.files[0]["content"])
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
