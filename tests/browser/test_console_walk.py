"""The console leads: one button, or a presenter's remote, walks the whole script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from course.workshop.views.screen_view import screen_pages
from tests.browser.page_clock import stop_clock
from tests.browser.pictures import keep_picture
from tests.browser.room_windows import Windows

pytestmark = pytest.mark.browser


def expect_ready(console: Page) -> None:
    """Wait until what the console offers has been there for long enough to take a press."""
    expect(console.locator("body")).not_to_have_class("console fresh")


def expect_next(console: Page, text: str) -> None:
    """Wait until the console offers this as next, and takes a press."""
    expect(console.locator("#walk-next > span")).to_have_text(text)
    expect_ready(console)


def faults(console: Page, violations: Callable[..., list[str]]) -> list[str]:
    """Return the faults on the console where nothing has gone under its bar."""
    console.evaluate("scrollTo(0, 0)")
    return violations(console)


def test_a_remote_walks_the_script_and_back(windows: Windows) -> None:
    console = windows.console()
    screen = windows.screen(console)
    expect_next(console, "Go to “Welcome and check-in”")
    for key, text in (
        ("PageDown", "Open “In a word or two: what is on your mind as we start?”"),
        ("ArrowRight", "Close “In a word or two: what is on your mind as we start?”"),
        ("PageDown", "Go to “Rate our group”"),  # nobody wrote, so there is nothing to show
        ("ArrowRight", "Open “How do we see this group?”"),
        ("PageUp", "Go to “Rate our group”"),
        ("ArrowLeft", "Go to “Welcome and check-in”"),
    ):
        console.keyboard.press(key)
        expect_next(console, text)
    expect(screen.locator("h1")).to_have_text("Join")
    expect(console.locator("#walk-back")).to_have_count(0)


def test_a_remote_walks_the_script_also_while_the_screen_is_in_front(windows: Windows) -> None:
    console = windows.console()
    screen = console.context.new_page()
    screen.goto(f"{windows.base}{windows.console_path}screen")
    expect(screen.locator("h1")).to_have_text("Join")
    expect_ready(console)
    screen.keyboard.press("PageDown")
    expect(screen.locator("h1")).to_have_text("Welcome and check-in")
    expect_next(console, "Open “In a word or two: what is on your mind as we start?”")
    for key in ("PageDown", "PageDown"):  # a key that is sent twice does one thing here too
        screen.keyboard.press(key)
    expect_next(console, "Close “In a word or two: what is on your mind as we start?”")
    screen.keyboard.press("Control+PageDown")
    screen.keyboard.press("a")
    screen.keyboard.press("ArrowLeft")
    expect(screen.locator("h1")).to_have_text("Join")


def test_a_remote_turns_the_pages_of_a_wall_before_it_goes_on(
    windows: Windows, violations: Callable[..., list[str]]
) -> None:
    windows.open("differences", "different")
    model = windows.session.model
    model.people = {f"person {number}" for number in range(60)}
    for person in sorted(model.people):
        model.record_answer("different", person, 1, f"Something that we see in two ways, by {person}")
    windows.act("close", question="different")
    for written in model.lines.of("different"):
        windows.act("approve", line=written.name)
    windows.act("reveal", question="different")
    console = windows.console()
    screen = windows.screen(console)
    last = len(screen_pages(windows.session))
    assert last > 1
    for number in range(2, last + 1):
        expect_next(console, f"Turn the screen to page {number} of {last}")
        keep_picture(console.locator(".walk-bar"), "console-walk-page")
        console.keyboard.press("PageDown")
        expect(screen.get_by_text(f"Page {number} of {last}")).to_be_visible()
    keep_picture(screen, "screen-walk-page")
    expect_next(console, "Open “Where does each of these go?”")
    assert faults(console, violations) == []
    console.keyboard.press("PageUp")
    expect_next(console, f"Turn the screen to page {last} of {last}")
    expect(screen.get_by_text(f"Page {last - 1} of {last}")).to_be_visible()


def test_keys_in_a_field_stay_in_the_field(windows: Windows) -> None:
    windows.open("boundaries")
    console = windows.console()
    expect_next(console, "Open “Keep, change, or not sure?”")
    for field in ("#words-sources", "#minutes", "#let-in"):
        console.locator(field).focus()
        for key in ("PageDown", "ArrowRight", "PageUp", "ArrowLeft"):
            console.keyboard.press(key)
    for chord in ("Control+ArrowRight", "Shift+PageDown"):
        console.locator("#walk-next").focus()
        console.keyboard.press(chord)
    windows.act("open", question="drafts")  # had a key done anything, it would have been done before this
    expect_next(console, "Close “Keep, change, or not sure?”")
    assert windows.session.model.state.step == "boundaries"


def test_a_press_counts_once_and_only_when_its_button_could_be_read(windows: Windows) -> None:
    asked: list[str] = []
    console = windows.console()
    console.clock.install()
    console.reload()
    console.on("request", lambda request: asked.append(request.post_data or "") if request.method == "POST" else None)
    expect(console.locator("#walk-next > span")).to_have_text("Go to “Welcome and check-in”")
    stop_clock(console)
    console.locator("#walk-next").focus()
    for _ in range(3):
        console.keyboard.press("PageDown")
        console.keyboard.press("Enter")
    expect(console.locator("#walk-next > span")).to_contain_text("Open “In a word or two")
    for _ in range(3):
        console.keyboard.press("PageDown")
        console.locator("#walk-next").click()
    assert len(asked) == 1
    console.clock.run_for(700)
    console.keyboard.press("PageDown")
    expect(console.locator("#walk-next > span")).to_contain_text("Close “In a word or two")
    assert len(asked) == 2
    expect(console.locator("#walk-next")).to_be_focused()


def test_what_another_window_has_done_is_not_done_again(windows: Windows) -> None:
    """The server refuses what is no longer next, also of a page that has not heard of it yet."""
    console = windows.console()
    expect_next(console, "Go to “Welcome and check-in”")
    console.locator("#walk-next").evaluate("button => { button.value = 'step our-group'; }")
    console.locator("#walk-next").click()
    expect(console.locator("#status")).to_contain_text(
        "Not done: That has been done, or something else comes next now."
    )
    assert windows.session.model.state.step == "join"


def test_lines_are_led_to_before_they_are_shown(windows: Windows, violations: Callable[..., list[str]]) -> None:
    windows.open("check-in", "attention")
    model = windows.session.model
    for number in range(6):
        model.record_answer("attention", f"person {number}", 1, f"word {number}")
    windows.act("close", question="attention")
    console = windows.console()
    expect_next(console, "Read 6 lines: “In a word or two: what is on your mind as we start?”")
    for _ in range(2):
        console.keyboard.press("PageDown")
        expect(console.locator("#lines")).to_be_focused()
    assert not model.state.question("attention").is_shown
    assert faults(console, violations) == []
    keep_picture(console, "console-read")
    for line in model.lines.of("attention"):
        windows.act("approve", line=line.name)
    expect_next(console, "Show “In a word or two: what is on your mind as we start?”")
    console.keyboard.press("PageDown")
    expect_next(console, "Go to “Rate our group”")
    expect(console.locator("#walk-back")).to_contain_text("Take the result off the screen")
    assert faults(console, violations) == []
    keep_picture(console, "console-shown")


def test_a_question_left_open_in_another_step_is_told_and_can_be_closed(
    windows: Windows, violations: Callable[..., list[str]]
) -> None:
    windows.open("check-in", "attention")
    windows.open("our-group")
    console = windows.console()
    expect(console.get_by_text("of the step “Welcome and check-in” is still open.")).to_be_visible()
    assert faults(console, violations) == []
    keep_picture(console, "console-left-open")
    console.get_by_role("button", name="Close “In a word or two: what is on your mind as we start?”").press("Enter")
    expect(console.get_by_text("is still open")).to_have_count(0)
    assert windows.session.model.state.question("attention").phase == "closed"


def test_the_console_asks_how_many_people_are_there_and_fits_itself_to_them(
    windows: Windows, violations: Callable[..., list[str]]
) -> None:
    console = windows.console()
    console.get_by_label("How many people are here?").fill("4")
    assert faults(console, violations) == []
    keep_picture(console, "console-how-many")
    console.keyboard.press("Enter")
    expect(console.locator("#advice-join").get_by_text("Use no phones and no ratings")).to_be_visible()
    expect(console.get_by_role("link", name="Print the cards").first).to_be_visible()
    windows.open("our-group")
    expect_next(console, "Go to “Agree our boundaries”")
    expect(console.get_by_text("Ask this aloud, or on a card: no phones.")).to_be_visible()
    keep_picture(console, "console-few")
    for size, advice in (("7", "Six to nine people: bands, and talk"), ("300", "100 people and more: hosts at tables")):
        if not console.get_by_label("How many people are here?").is_visible():
            console.locator("#group-size summary").press("Enter")
        console.get_by_label("How many people are here?").fill(size)
        console.locator("#people-change").press("Enter")
        expect(console.get_by_text(advice)).to_be_visible()
        expect(console.get_by_text(f"{size} people are here")).to_be_visible()
        assert faults(console, violations) == []
        keep_picture(console, f"console-{size}-people")
    expect(console.get_by_text("Each table talks about one statement.")).to_be_visible()
    expect_next(console, "Open “How do we see this group?”")
