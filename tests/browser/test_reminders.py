"""Days for the calendar, as a learner takes them from lesson, plan and start page; and day 30 with the plans."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from playwright.sync_api import Locator, Page, expect

from course.content import say_day
from course.records.journal import Journal
from tests.browser.learner import Learner
from tests.browser.pictures import keep_picture
from tests.jupyter_server import RunningCourse

pytestmark = pytest.mark.browser

CARD = "reminder"
DAY_30 = datetime.date(2126, 12, 22)
"""Far enough to be always to come."""
PLAN = ["someone objects", "thank them first", "", ""]
SENTENCE = "If someone objects, then I will thank them first."


@pytest.fixture(scope="module")
def journal(course: RunningCourse) -> Journal:
    """Return the journal of somebody who has written a plan and kept a day, and done little else."""
    journal = Journal(course.data / "journal")
    journal.page("repair").save("at-next-meeting", "Thank whoever objects first")
    journal.page("trust-plan").save("plan-caring", PLAN)
    journal.page("trust-plan").save("plan-day", DAY_30.isoformat())
    return journal


def taken(page: Page, link: Locator) -> tuple[str, Any]:
    """Click a link, and return the name of the file that the browser hands over, with the event in it."""
    with page.expect_download() as arriving:
        link.click()
    (event,) = Calendar.from_ical(Path(arriving.value.path()).read_bytes()).walk("VEVENT")
    return arriving.value.suggested_filename, event


def test_a_lessons_day_is_taken_for_so_many_days_and_with_own_words_only_when_ticked(
    tab: Page, course: RunningCourse, journal: Journal, violations: Callable[..., list[str]]
) -> None:
    learner = Learner(tab, course)
    learner.open("notebooks/repair.ipynb")
    link = learner.part(CARD, "download").locator("a")
    day = learner.part(CARD, "day")
    before, offered = day.inner_text(), taken(tab, link)[1]["DTSTART"].dt
    field = learner.part(CARD, "days").locator("input")
    field.fill("10")
    field.blur()
    expect(day).not_to_have_text(before)
    expect(learner.part(CARD, "inside")).to_contain_text("Nothing that you wrote is in it.")
    name, event = taken(tab, link)
    assert name == "lesson-4-to-try.ics"
    assert (event["DTSTART"].dt - offered).days in (7, 8)  # 8 where midnight went by
    assert say_day(event["DTSTART"].dt) in day.inner_text()
    assert "At your next meeting" in event["DESCRIPTION"]
    assert "whoever objects" not in event["DESCRIPTION"]
    learner.card(CARD).get_by_role("checkbox").check()
    expect(learner.part(CARD, "inside")).to_contain_text("is in it too.")
    assert "Thank whoever objects first" in taken(tab, link)[1]["DESCRIPTION"]
    assert violations(tab, f'[data-card="{CARD}"]') == []
    keep_picture(learner.card(CARD), "reminder-card")


def test_the_start_page_and_the_plan_hand_over_the_same_days(
    tab: Page, course: RunningCourse, journal: Journal
) -> None:
    learner = Learner(tab, course)
    events = []
    for path in ("notebooks/start.ipynb", "notebooks/trust-plan.ipynb"):
        learner.open(path)
        links = [tab.get_by_role("link", name=f"Download day {days}:") for days in (7, 30, 90)]
        files = [taken(tab, link) for link in links]
        assert [name for name, _ in files] == ["day-7.ics", "day-30.ics", "day-90.ics"]
        assert all("someone objects" not in event["DESCRIPTION"] for _, event in files)
        events.append([(event["UID"], event["DTSTART"].dt) for _, event in files])
    assert events[0] == events[1]
    assert [(day - DAY_30).days for _, day in events[0]] == [-23, 0, 60]


def test_day_30_shows_the_plans_that_it_asks_about_and_says_kindly_which_were_not_written(
    tab: Page, course: RunningCourse, journal: Journal, violations: Callable[..., list[str]]
) -> None:
    Learner(tab, course).open("notebooks/day-30.ipynb")
    plans, others = tab.locator('[data-card="reread"]').all()
    expect(plans.get_by_role("group", name="The “do you care about us?” side")).to_contain_text(SENTENCE)
    expect(plans.get_by_role("group", name="The group", exact=True)).to_contain_text("That is fine")
    expect(others.get_by_role("group", name="Something for your next meeting")).to_contain_text("Thank whoever")
    expect(plans.get_by_role("button")).to_have_count(0)
    assert violations(tab, '[data-card="reread"]') == []
    keep_picture(plans, "day-30-plans")
