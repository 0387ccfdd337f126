"""The tally of paper cards, typed beside its question with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.pictures import keep_picture
from tests.browser.room_windows import Windows

pytestmark = pytest.mark.browser


def test_cards_are_counted_beside_their_question(windows: Windows, violations: Callable[..., list[str]]) -> None:
    windows.open("leak", "first-act")
    console = windows.console()
    console.locator("#tally-first-act summary").press("Enter")
    console.keyboard.press("Tab")
    console.keyboard.type("9")
    console.keyboard.press("Tab")
    console.keyboard.press("Tab")
    console.keyboard.type("eleven")
    console.keyboard.press("Enter")
    wrong = console.locator("#count-first-act-C")
    expect(wrong).to_be_focused()
    expect(wrong).to_have_accessible_description("Type a whole number from 0 to 500.")
    expect(console.locator("#status")).to_contain_text("“Call everyone together and name the breach”")
    windows.act("timer", minutes="5")
    model = windows.session.model
    for number in range(5):
        windows.live_server.run(answered(windows, f"person {number}"))
    expect(console.get_by_text("5 or more answered")).to_be_visible()  # the form was drawn anew around what is typed
    expect(wrong).to_be_focused()
    expect(wrong).to_have_accessible_description("Type a whole number from 0 to 500.")
    expect(wrong).to_have_value("eleven")
    console.evaluate("scrollTo(0, 0)")
    assert violations(console) == []
    keep_picture(console, "console-tally-wrong")
    wrong.fill("11")
    console.keyboard.press("Enter")
    expect(console.locator("#status")).to_contain_text("Done.")
    expect(console.locator(".mistake")).to_have_count(0)
    assert model.state.paper == {"first-act": {"A": 9, "B": 0, "C": 11, "D": 0, "E": 0}}
    console.reload()
    console.locator("#tally-first-act summary").press("Enter")
    expect(wrong).to_have_value("11")
    windows.act("close", question="first-act")
    expect(console.get_by_text("Its paper cards were counted.")).to_be_visible()
    windows.act("reveal", question="first-act")
    expect(console.locator(".course-chart")).to_contain_text(
        "20 answers."
    )  # five phones that all say the same stay out


async def answered(windows: Windows, person: str) -> None:
    windows.session.model.record_answer("first-act", person, 1, "A")
    windows.session.changed()


def test_the_form_for_a_rating_fits_the_console(windows: Windows, violations: Callable[..., list[str]]) -> None:
    windows.open("our-group", "group")
    console = windows.console()
    console.locator("#tally-group summary").press("Enter")
    for width, height in ((1280, 800), (1024, 768), (640, 400), (320, 640)):
        console.set_viewport_size({"width": width, "height": height})
        console.evaluate("scrollTo(0, 0)")
        assert console.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(console) == []
        keep_picture(console, f"console-tally-{width}")
