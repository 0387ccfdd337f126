"""The pages of raters in Firefox: with the keyboard alone, in a narrow window and at twice the size."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from course.content.scales import find_scale
from course.records.raters.round_wire import RoundSecret
from tests.browser.bidi import FirefoxPage
from tests.others.round_host import RoundHost, host_on_monday

pytestmark = pytest.mark.browser

STATEMENTS = len(find_scale("others").items)
CHECKED = "() => document.querySelectorAll('input:checked').length"
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[RoundHost]:
    with host_on_monday(tmp_path) as host:
        yield host


@pytest.fixture
def link(host: RoundHost) -> str:
    return str(host.ask(RoundSecret.new(), "new", days=7).json["address"])


IS_THERE = """(text) => document.readyState === "complete"
  && (document.querySelector("h1")?.textContent ?? "").includes(text)"""


def wait_for_heading(page: FirefoxPage, text: str) -> None:
    """Wait until a page with this heading is there as a whole: its fields come after it."""
    page.wait_for(IS_THERE, text)


def test_a_rater_answers_and_changes_their_answers_with_the_keyboard_alone(
    firefox_page: FirefoxPage, link: str
) -> None:
    page = firefox_page
    page.goto(link)
    page.bring_to_front()
    page.press("Tab")  # the whole of who sees what is folded away before the button
    page.press("Enter")
    assert page.evaluate("document.querySelector('details').open") is True
    page.press("Tab")
    page.press("Enter")
    wait_for_heading(page, "Twelve questions")
    for _ in range(STATEMENTS):
        page.press("Tab")
        page.press("Space")
        page.press("ArrowDown")
    page.press("Tab")
    page.press("Enter")
    wait_for_heading(page, "Your answers are saved")
    page.goto(link)
    page.press("Tab", times=2)
    page.press("Enter")
    wait_for_heading(page, "Twelve questions")
    assert page.evaluate(CHECKED) == STATEMENTS
    page.goto(link)
    page.press("Tab", times=3)
    page.press("Enter")
    wait_for_heading(page, "has forgotten")
    page.press("Tab")
    page.press("Enter")
    wait_for_heading(page, "How do you see this person?")
    page.press("Tab", times=2)
    page.press("Enter")
    wait_for_heading(page, "Twelve questions")
    assert page.evaluate(CHECKED) == 0


@pytest.mark.parametrize("width,zoom", [(320, 1), (640, 2)])
def test_no_page_is_wider_than_the_window(firefox_page: FirefoxPage, link: str, width: int, zoom: float) -> None:
    page = firefox_page
    page.set_size(width, 640, zoom)
    page.goto(link)
    assert page.evaluate(TOO_WIDE) <= 0
    page.click("main button")
    wait_for_heading(page, "Twelve questions")
    assert page.evaluate(TOO_WIDE) <= 0
    page.click("main button")  # with no answer in it
    page.wait_for("() => document.readyState === 'complete' && document.querySelector('[role=alert]') !== null")
    assert page.evaluate(TOO_WIDE) <= 0
    page.click("input[value='4']")
    page.click("main button")
    wait_for_heading(page, "Your answers are saved")
    assert page.evaluate(TOO_WIDE) <= 0
    page.goto(link)
    assert page.evaluate(TOO_WIDE) <= 0
