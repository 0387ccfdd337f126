"""The door and the days, in real windows: no more phones are let in, and it is chosen how long things are kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.pictures import keep_picture
from tests.browser.room_windows import CONSOLE, PHONE, Windows

pytestmark = pytest.mark.browser


def test_what_a_facilitator_has_chosen_stays_when_the_page_is_brought_up_to_date(windows: Windows) -> None:
    console = windows.new(CONSOLE)
    held: list[Route] = []
    console.route("**/events", lambda route: held.append(route))  # no built-in function can be one
    console.goto(windows.console_link())
    console.locator("#keep-days").select_option("2")
    console.evaluate("document.querySelector('[data-block=keep]').isFirst = true")
    held[0].continue_()
    windows.phone()
    expect(console.locator("[data-block=phones]")).to_contain_text("1")
    assert console.evaluate("document.querySelector('[data-block=keep]').isFirst")
    windows.act("keep-days", days="5")
    expect(console.locator("#privacy")).to_contain_text("for 5 days after the close")
    expect(console.locator("#keep-days")).to_have_value("2")
    console.locator("#keep-days-use").click()
    expect(console.locator("#privacy")).to_contain_text("for 2 days after the close")
    windows.act("keep-days", days="6")
    expect(console.locator("#keep-days")).to_have_value("6")


def test_a_facilitator_chooses_the_days_and_shuts_the_door_by_keyboard(
    windows: Windows, violations: Callable[[Page], list[str]]
) -> None:
    console = windows.console()
    console.locator("#keep-days").select_option("2")
    keep_picture(console.locator("[data-block=keep]"), "room-keep-days")
    console.locator("#keep-days-use").focus()
    console.keyboard.press("Enter")
    expect(console.locator("#privacy")).to_contain_text("for 2 days after the close")
    console.locator("#door").focus()
    console.keyboard.press("Enter")
    expect(console.locator("#door")).to_have_text("Let phones join again")
    assert violations(console) == []
    keep_picture(console.locator("[data-block=phones]"), "room-door-shut")
    late = windows.new(PHONE)
    late.goto(f"http://127.0.0.1:{windows.live_server.port}/j/{windows.session.access.link}")
    expect(late.locator("body")).to_contain_text("No more phones can join this room.")
    assert violations(late) == []
    keep_picture(late, "room-door-late-phone")
    console.locator("#door").click()
    expect(console.locator("#door")).to_have_text("No more phones")
    late.reload()
    expect(late.locator("body")).to_contain_text("for 2 days after the close")
