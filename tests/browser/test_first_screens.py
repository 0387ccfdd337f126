"""The first pages of a live session and of a round of raters on a small phone: what matters, and the way on, at once.

The rest is below or folded away, and nothing of it is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from course.records.raters.round_wire import RoundSecret
from course.workshop.views.page_parts import privacy_words
from tests.browser.pictures import keep_picture
from tests.browser.room_windows import Windows
from tests.others.round_host import host_on_monday

pytestmark = pytest.mark.browser

SMALL = {"width": 320, "height": 568}


@pytest.fixture
def rater(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A small phone without scripts that opens the link of a new round."""
    with host_on_monday(tmp_path) as host:
        context = browser.new_context(viewport=SMALL, locale="en-GB", java_script_enabled=False)
        page = context.new_page()
        page.goto(str(host.ask(RoundSecret.new(), "new", days=7).json["address"]))
        yield page
        context.close()


def screens_down(place: Locator) -> float:
    """Return how many screens of the phone go by until all of something is on it."""
    box = place.bounding_box()
    assert box is not None
    return (box["y"] + box["height"]) / SMALL["height"]


def test_a_phone_sees_at_once_what_matters_before_it_joins_and_unfolds_the_rest(
    windows: Windows, violations: Callable[..., list[str]]
) -> None:
    phone = windows.new(SMALL, java_script_enabled=False)
    phone.goto(f"{windows.phones}/j/{windows.session.access.link}")
    join = phone.get_by_role("button", name="I’m in")
    assert screens_down(phone.get_by_text("You can skip anything.", exact=True)) < 0.8
    assert screens_down(join) < 1.3
    keep_picture(phone, "room-welcome-small")
    whole = phone.locator("details p")
    expect(whole.last).to_be_hidden()
    phone.locator("summary").press("Enter")
    expect(whole).to_have_text(privacy_words(windows.session.model))
    expect(whole.last).to_be_visible()
    keep_picture(phone, "room-welcome-small-whole")
    join.click()
    expect(phone.locator("[data-block=step]")).to_be_visible()
    seen = windows.new(SMALL)
    seen.goto(f"{windows.phones}/j/{windows.session.access.link}")
    assert violations(seen) == []


def test_a_rater_sees_at_once_what_it_is_for_and_unfolds_who_sees_what(rater: Page) -> None:
    assert screens_down(rater.get_by_role("heading", name="Who sees what")) < 0.8
    assert screens_down(rater.get_by_role("button", name="Go on to the questions")) < 1.75
    last = rater.get_by_text("You can change your answers until")
    keep_picture(rater, "rater-start-small")
    expect(last).to_be_hidden()
    rater.get_by_text("Who sees what, in full").press("Enter")
    expect(last).to_be_visible()
    keep_picture(rater, "rater-start-small-whole")
