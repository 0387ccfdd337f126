"""More phones than people, in real windows: those that joined last are taken out, by keyboard, and may come again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pictures import keep_picture
from tests.browser.room_windows import Windows

pytestmark = pytest.mark.browser


def press(page: Page, selector: str, key: str) -> None:
    """Press a key on a control that the keyboard can reach."""
    page.locator(selector).focus()
    page.keyboard.press(key)


def test_a_facilitator_takes_out_the_phones_that_joined_last_by_keyboard(
    windows: Windows, violations: Callable[[Page], list[str]]
) -> None:
    windows.open("check-in", "attention")
    console, early = windows.console(), windows.phone()
    press(console, "#remove summary", "Enter")
    expect(console.locator("#remove")).to_contain_text("takes out every phone")
    for label in ("Let phones join again", "No more phones"):
        press(console, "#door", "Enter")
        expect(console.locator("#door")).to_have_text(label)
    expect(console.locator("#remove")).not_to_contain_text("takes out every phone")
    late = windows.phone()
    late.locator("textarea").fill("half a thought")
    press(console, "#remove-button", "Enter")
    assert late.locator("textarea").is_visible(), "without the tick, nothing is done"
    keep_picture(console.locator("[data-block=phones]"), "room-remove-phones")
    assert violations(console) == []
    press(console, "#remove-sure", "Space")
    press(console, "#remove-button", "Enter")
    expect(console.locator("#door-now")).to_contain_text("Those that joined last were taken out.")
    expect(console.locator("#remove-button")).to_be_focused()
    expect(console.locator("#remove-sure")).not_to_be_checked()
    keep_picture(console.locator("[data-block=phones]"), "room-removed-console")

    expect(late.locator("h1")).to_have_text("This phone was taken out of the room")
    expect(late.locator("#unsent textarea")).to_have_value("half a thought")
    expect(late.locator("#unsent")).to_contain_text("before the phone was taken out")
    assert violations(late) == []
    keep_picture(late, "room-removed-phone")
    late.get_by_role("link", name="Join again").click()
    expect(late.locator("body")).to_contain_text("No more phones can join this room.")
    early.locator("textarea").fill("still here")
    early.locator("button.main").click()
    expect(early.locator("#status")).to_contain_text("Saved")

    press(console, "#door", "Enter")
    expect(console.locator("#door")).to_have_text("No more phones")
    late.go_back()
    late.get_by_role("link", name="Join again").click()
    late.get_by_role("button", name="I’m in").click()
    late.locator("textarea").fill("back again")
    late.locator("button.main").click()
    expect(late.locator("#status")).to_contain_text("Saved")
    assert len(windows.session.model.people) == 2


def test_without_javascript_a_phone_that_was_taken_out_shows_its_words(windows: Windows) -> None:
    windows.open("check-in", "attention")
    phone = windows.new({"width": 360, "height": 740}, java_script_enabled=False)
    phone.goto(f"{windows.phones}/j/{windows.session.access.link}")
    phone.get_by_role("button", name="I’m in").click()
    windows.act("remove-phones", sure="yes")
    phone.locator("textarea").fill("half a thought")
    phone.locator("button.main").click()
    expect(phone.locator("h1")).to_have_text("This phone was taken out of the room")
    expect(phone.locator("body")).to_contain_text("half a thought")
