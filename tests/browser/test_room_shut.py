"""The door and the days, in real windows: no more phones are let in, and it is chosen how long things are kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pictures import keep_picture
from tests.browser.room_windows import PHONE, Windows

pytestmark = pytest.mark.browser


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
