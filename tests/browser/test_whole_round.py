"""A whole round in Chromium: from the card in lesson 7 to raters' phones, and back to the chart in the lesson."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from course.content.scales import find_scale, instrument_version
from course.core import moments
from course.records.journal import Journal
from course.records.raters.others import latest_result, open_rounds
from tests.browser.learner import SAVING, Learner
from tests.browser.pictures import keep_picture
from tests.jupyter_server import RunningCourse
from tests.others.round_host import RoundHost
from tests.others.stored_rounds import CODES, RoundPlace

pytestmark = pytest.mark.browser

LESSON = "notebooks/trust-plan.ipynb"
CARD = "rater-round"
LABELS = find_scale("others").points


class HostClock:
    """The clock of the server, which a test can move on by days: it stands at noon, and no day ends by itself."""

    def __init__(self) -> None:
        self.days = 0
        self._noon = datetime.datetime.now(datetime.UTC).replace(hour=12)

    def read(self) -> datetime.datetime:
        return self._noon + datetime.timedelta(days=self.days)


@pytest.fixture
def host_clock() -> Iterator[HostClock]:
    host_clock = HostClock()
    with moments.clock(host_clock.read):
        yield host_clock


@pytest.fixture
def host(host_clock: HostClock, tmp_path: Path) -> Iterator[RoundHost]:
    host = RoundHost(RoundPlace(f"sqlite:///{tmp_path / 'rounds.sqlite'}", tmp_path / "keys"))
    yield host
    host.close()


@pytest.fixture
def journal(course: RunningCourse) -> Journal:
    """The journal of somebody who has rated themselves, with “Often” throughout."""
    journal = Journal(course.data / "journal")
    journal.page("trust-plan").save("now", {**dict.fromkeys(CODES, 5), "version": instrument_version()})
    return journal


def rate(browser: Browser, link: str, point: int) -> None:
    """Answer as one rater does whose phone runs no scripts."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name="Go on to the questions").click()
    for code in CODES:
        page.locator(f'input[name="{code}"][value="{point}"]').check()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", name="Your answers are saved")).to_be_visible()
    context.close()


def says(card: Locator, words: str) -> None:
    expect(card).to_contain_text(words, timeout=SAVING)


def test_a_whole_round(
    browser: Browser,
    tab: Page,
    course: RunningCourse,
    journal: Journal,
    host: RoundHost,
    host_clock: HostClock,
    violations: Callable[..., list[str]],
) -> None:
    learner = Learner(tab, course)
    learner.open(LESSON)
    card = learner.card(CARD)
    assert violations(tab, f'[data-card="{CARD}"]') == []
    keep_picture(card, "round-card-new")
    field = learner.part(CARD, "server").locator("textarea")
    field.fill(host.address)
    field.blur()
    card.get_by_role("radio", name="3 days").check()
    card.get_by_role("button", name="Make a round").click()
    says(card, "The round is made.")
    link = learner.part(CARD, "link").inner_text().strip()
    assert link.startswith(f"{host.address}/o/")
    keep_picture(card, "round-card-open")
    for point in (2, 4, 5, 6, 6, 6, 7, 7):
        rate(browser, link, point)
    card.get_by_role("button", name="How does it stand?").click()
    says(card, "fewer than five people had answered")
    host_clock.days = 1
    card.get_by_role("button", name="How does it stand?").click()
    says(card, "five people or more had answered")
    card.get_by_role("button", name="I am ready").click()
    says(card, "You may feel defensive. Read it, wait a day, then thank them.")
    assert violations(tab, f'[data-card="{CARD}"]') == []
    keep_picture(card, "round-card-ready")
    assert latest_result(journal) is None
    card.get_by_role("button", name="Open it, once").click()
    says(card, "The result is in your journal")
    keep_picture(card, "round-card-opened")
    result = latest_result(Journal(journal.folder))
    assert result
    assert result.raters == "eight-or-more"
    assert result.statements["COMP7"].middle_half == (4, 7)
    assert open_rounds(Journal(journal.folder)) == ()
    assert host.place.key_files() == []
    chart = tab.locator("figure", has_text="Where do others see me differently?")
    expect(chart.first).to_be_visible(timeout=SAVING)
    chart.first.scroll_into_view_if_needed()
    keep_picture(chart.first, "round-chart")
    tab.evaluate("scrollTo(0, 0)")  # where the bar at the top lies on no part of a button
    assert violations(tab) == []
