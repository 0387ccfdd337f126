"""Lines to look at in a real browser: read, approved and hidden with the keyboard alone, and what nobody read waits."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pictures import keep_picture
from tests.browser.room_people import answer
from tests.browser.room_windows import Windows

pytestmark = pytest.mark.browser
TEXTS = ("More time", "more time!", "More room", "Clear aims", "Kind words", "Less noise", "Short notes")


def write(windows: Windows, *texts: str) -> None:
    answer(windows, [{"different": text} for text in texts])


def console_with_lines(windows: Windows) -> Page:
    windows.open("differences", "different")
    write(windows, *TEXTS)
    windows.act("close", question="different")
    console = windows.console()
    expect(console.locator(".line-waiting")).to_have_count(6)
    return console


def statuses(windows: Windows) -> list[str]:
    return sorted(line.status for line in windows.session.model.lines.every())


def test_one_key_approves_one_hides_and_the_next_line_follows(
    windows: Windows, violations: Callable[..., list[str]]
) -> None:
    console = console_with_lines(windows)
    expect(console.get_by_text("press A to approve it, H to hide it or K to keep it aside")).to_be_visible()
    assert violations(console) == []
    keep_picture(console, "room-lines")
    cards = [card.get_attribute("data-block") for card in console.locator(".line-waiting").all()]
    console.locator(".line-waiting button").first.focus()
    for key, following in zip("ahahA", cards[1:], strict=True):
        console.keyboard.press(key)
        expect(console.locator(f'[data-block="{following}"] button').first).to_be_focused()
    expect(console.locator(".line-waiting")).to_have_count(1)
    console.keyboard.press("h")
    expect(console.locator("#lines-heading")).to_be_focused()
    expect(console.locator(".line-waiting")).to_have_count(0)
    hidden = sum(len(card["names"]) for card in _cards(windows) if card["status"] == "hidden")
    assert statuses(windows) == ["approved"] * (7 - hidden) + ["hidden"] * hidden
    assert len([card for card in _cards(windows) if card["status"] == "hidden"]) == 3


def _cards(windows: Windows) -> list[dict[str, object]]:
    from course.workshop.views.reading_views import console_lines

    return [{**card} for card in console_lines(windows.session.model)]


def test_the_keys_do_nothing_with_another_key_held_or_outside_the_lines(windows: Windows) -> None:
    console = console_with_lines(windows)
    console.locator("#minutes").focus()
    console.keyboard.press("a")
    console.locator(".line-waiting button").first.focus()
    for key in ("Control+h", "Alt+a", "b"):
        console.keyboard.press(key)
    expect(console.locator(".line-waiting")).to_have_count(6)
    assert set(statuses(windows)) == {"waiting"}


def test_the_rest_that_was_read_is_approved_and_what_came_in_on_the_way_waits(windows: Windows) -> None:
    console = console_with_lines(windows)
    console.locator("#approve-rest").focus()
    windows.act("open", question="different")
    write(windows, "Unread")
    windows.act("close", question="different")
    expect(console.locator(".line-waiting")).to_have_count(7)
    keep_picture(console, "room-lines-rest")
    console.keyboard.press("Enter")
    expect(console.locator(".line-waiting")).to_have_count(1)
    expect(console.locator(".line-waiting .words")).to_have_text("Unread")
    expect(console.locator(".line-approved")).to_have_count(6)


def test_the_rest_is_approved_with_the_mouse_too(windows: Windows) -> None:
    console = console_with_lines(windows)
    console.locator("#approve-rest").click()
    expect(console.locator(".line-approved")).to_have_count(6)
    expect(console.locator("#lines-heading")).to_be_focused()


def test_a_line_is_kept_aside_in_every_step_and_closing_waits_for_it(
    windows: Windows, violations: Callable[..., list[str]]
) -> None:
    console = console_with_lines(windows)
    console.locator(".line-waiting button").first.focus()
    console.keyboard.press("k")
    expect(console.locator(".line-aside")).to_have_count(1)
    windows.act("step", step="close")
    expect(console.locator(".line-aside")).to_contain_text("Asked: Something we see differently")
    expect(console.locator("#lines-heading + .tag")).to_have_text("5 to look at")
    expect(console.get_by_text("1 kept aside")).to_be_visible()
    console.locator("#end summary").click()
    expect(console.locator("#end")).to_contain_text("lines nobody has read: read them, or close and they are gone.")
    expect(console.locator("#end")).to_contain_text("A line is kept aside. Copy its words and its time first")
    assert violations(console) == []
    keep_picture(console, "room-lines-aside")
    console.locator("#end-sure").check()
    console.locator("#end-button").click()
    expect(console.locator("#status")).to_contain_text("A line is kept aside that you have not copied yet.")
    console.locator(".line-aside .main").press("Enter")
    expect(console.locator(".line-aside")).to_have_count(0)
    expect(console.locator("#end")).not_to_contain_text("kept aside")
