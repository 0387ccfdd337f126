"""The facilitator's console in a real Firefox: its keys, its lines, its forms and its end; the rest is in Chromium."""

from __future__ import annotations

import pytest

from tests.browser.bidi import FirefoxPage
from tests.browser.faults import faults_in_firefox
from tests.browser.pictures import keep_picture
from tests.browser.room_people import answer
from tests.browser.room_windows import CONSOLE, Windows
from tests.waiting import wait_until

pytestmark = pytest.mark.browser

OFFERS = """(words) => !document.body.classList.contains("fresh")
  && document.querySelector("#walk-next > span")?.textContent.includes(words)"""
COUNT_IS = "([selector, count]) => document.querySelectorAll(selector).length === count"
HAS_FOCUS = "(selector) => document.activeElement.matches(selector)"
SAYS = "([selector, words]) => document.querySelector(selector)?.innerText.includes(words)"


@pytest.fixture
def console(firefox_page: FirefoxPage, windows: Windows) -> FirefoxPage:
    """Return the console, in front of all other windows of this Firefox."""
    firefox_page.set_size(*CONSOLE.values())
    firefox_page.goto(windows.console_link())
    firefox_page.bring_to_front()
    return firefox_page


def count_is(console: FirefoxPage, selector: str, count: int) -> None:
    console.wait_for(COUNT_IS, [selector, count])


def says(console: FirefoxPage, words: str, selector: str = "#status") -> None:
    console.wait_for(SAYS, [selector, words])


def look(console: FirefoxPage, name: str) -> None:
    """Find no fault on the console where nothing has gone under its bar, and keep a picture of it."""
    console.evaluate("scrollTo(0, 0)")
    assert faults_in_firefox(console) == []
    keep_picture(console, f"firefox-console-{name}")


def test_keys_of_a_remote_walk_the_script_and_leave_fields_alone(console: FirefoxPage, windows: Windows) -> None:
    console.focus("#people")
    console.type("30")
    console.press("ArrowRight")
    console.press("Enter")
    says(console, "30 people are here", ".panels")
    for key, words in (
        ("PageDown", "Open “In a word or two"),
        ("ArrowRight", "Close “In a word or two"),
        ("PageDown", "Go to “Rate our group”"),
        ("ArrowRight", "Open “How do we see this group?”"),
        ("PageUp", "Go to “Rate our group”"),
    ):
        console.wait_for("!document.body.classList.contains('fresh')")
        console.press(key)
        console.wait_for(OFFERS, words)
    console.press("Control+PageDown")
    console.focus("#minutes")
    console.press("ArrowRight")
    console.focus("#walk-next")
    console.press("Enter")
    console.wait_for(OFFERS, "Open “How do we see this group?”")
    assert windows.session.model.state.step == "our-group"
    look(console, "step")


def test_a_remote_that_is_in_front_of_the_screen_walks_the_script(console: FirefoxPage, windows: Windows) -> None:
    screen = console.second_window()
    screen.goto(f"{windows.base}{windows.console_path}screen")
    screen.bring_to_front()
    console.wait_for(OFFERS, "Welcome and check-in")
    screen.press("PageDown")
    console.wait_for(OFFERS, "Open “In a word or two")
    says(screen, "Welcome and check-in", "h1")


def test_lines_are_approved_and_hidden_with_the_keyboard_and_shown(console: FirefoxPage, windows: Windows) -> None:
    windows.open("differences", "different")
    answer(windows, [{"different": f"line {number}"} for number in range(8)])
    windows.act("close", question="different")
    console.wait_for(OFFERS, "Read 8 lines")
    console.press("PageDown")
    console.wait_for(HAS_FOCUS, "#lines")
    console.focus(".line-waiting button")
    for key, left in (("a", 7), ("h", 6), ("Enter", 5)):
        console.press(key)
        count_is(console, ".line-waiting", left)
        console.wait_for(HAS_FOCUS, ".line-waiting button")
    look(console, "lines")
    console.focus("#approve-rest")
    console.press("Enter")
    count_is(console, ".line-waiting", 0)
    count_is(console, ".line-approved", 7)
    count_is(console, ".line-hidden", 1)
    console.wait_for(OFFERS, "Show “Something we see differently")
    console.press("PageDown")
    console.wait_for(OFFERS, "Open “Where does each")
    assert windows.session.model.state.question("different").is_shown
    console.click(".line-approved button.destination", text="Park")
    count_is(console, ".parked", 1)
    console.focus(".parked input")
    console.type("The chair")
    console.press("Tab")
    lines = windows.session.model.lines
    wait_until(lambda: [line.owner for line in lines.every() if line.settled == "park"] == ["The chair"])
    says(console, "Done.")


def test_cards_a_chart_a_timer_and_a_co_host(console: FirefoxPage, windows: Windows) -> None:
    windows.open("leak", "first-act")
    count_is(console, "#tally-first-act", 1)
    console.focus("#tally-first-act summary")
    console.press("Enter")
    console.press("Tab")
    console.type("nine")
    console.press("Enter")
    console.wait_for("document.activeElement.getAttribute('aria-invalid') === 'true'")
    says(console, "Type a whole number", ".mistake")
    console.press("Control+a")
    console.type("9")
    for _ in range(2):
        console.press("Tab")
    console.type("11")
    console.press("Enter")
    says(console, "Done.")
    count_is(console, ".mistake", 0)
    windows.act("close", question="first-act")
    console.wait_for(OFFERS, "Show")
    console.press("PageDown")
    says(console, "20 answers.", ".chart figure")
    console.focus("#minutes")
    console.press("Control+a")
    console.type("5")
    console.press("Enter")
    console.wait_for(COUNT_IS, ["[data-left]", 1])
    console.click("#co-host summary")
    console.click("#pair")
    console.wait_for("/^[A-Z]{8}$/.test(document.querySelector('#co-host .letters')?.textContent)")
    look(console, "chart")


def test_the_room_is_closed_once_that_is_sure_and_erased(console: FirefoxPage, windows: Windows) -> None:
    windows.open("close")
    console.click("#end summary")
    console.click("#end-button")
    console.wait_for("!document.getElementById('end-sure').validity.valid")
    assert windows.session.is_open
    console.click("#end-sure")
    console.focus("#end-button")
    console.press("Enter")
    count_is(console, "[data-block=closed]", 1)
    assert not windows.session.is_open
    console.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    scrolled = console.evaluate("scrollY")
    console.reload()
    console.wait_for("(scrolled) => scrolled > 0 && scrollY === scrolled", scrolled)
    look(console, "closed")
    for control, key in (("#delete summary", "Enter"), ("#delete-sure", "Space"), ("#delete-button", "Enter")):
        console.focus(control)  # by keyboard: after a reload, Firefox may not follow a second script that scrolls
        console.press(key)
    count_is(console, ".finished h1", 1)
    console.wait_for(HAS_FOCUS, ".finished h1")
