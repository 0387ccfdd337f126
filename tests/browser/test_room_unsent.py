"""What a person wrote and did not send: it survives all that the room does, and is never said to be sent."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pictures import keep_picture
from tests.browser.room_windows import Windows, kept
from tests.waiting import wait_until

pytestmark = pytest.mark.browser


def answers(windows: Windows, part: str) -> list[Any]:
    """Return what the session has of one part, by no order."""
    return [answer for _, answer in windows.session.model.answers.of(part).values()]


def close(windows: Windows) -> None:
    """Close the session, and tell the phones that listen."""

    async def close_and_tell() -> None:
        await windows.session.close(1, datetime.date(2031, 5, 4))
        windows.live_server.server.broadcast.end(windows.session, "phone")

    windows.live_server.run(close_and_tell())


def close_while_out_of_reach(windows: Windows, phone: Page) -> None:
    """Close the session while a phone hears nothing, and let it hear again."""
    live_server = windows.live_server
    phone.context.set_offline(True)
    live_server.restart()
    windows.session = live_server.server.sessions.by_id[windows.session.id]
    expect(phone.locator("#status")).to_contain_text("No connection")
    close(windows)
    phone.context.set_offline(False)


def test_a_half_written_line_survives_a_close_and_a_reload_and_can_be_sent_later(
    windows: Windows, violations: Any
) -> None:
    windows.open("check-in", "attention")
    phone = windows.phone()
    sent: list[str] = []
    phone.on("request", lambda request: sent.append(request.post_data or ""))
    phone.get_by_role("textbox").fill("The tr")
    windows.act("close", question="attention")
    unsent = phone.get_by_role("region", name="Not sent yet")
    expect(unsent.get_by_label("what is on your mind")).to_have_value("The tr")
    expect(phone.locator("#status")).to_contain_text("still on this phone")
    assert violations(phone) == []
    keep_picture(phone, "room-phone-unsent")
    phone.reload()
    expect(unsent.get_by_label("what is on your mind")).to_have_value("The tr")
    assert answers(windows, "attention") == []
    windows.act("open", question="attention")
    expect(phone.get_by_text("You wrote this earlier and have not sent it yet.")).to_be_visible()
    expect(unsent).to_be_hidden()
    assert [body for body in sent if "The tr" in body] == []
    phone.get_by_role("textbox").fill("The train")
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#status")).to_contain_text("Saved")
    expect(phone.get_by_text("You wrote this earlier and have not sent it yet.")).to_be_hidden()
    assert answers(windows, "attention") == ["The train"]
    assert "The tr" not in kept(phone)


def test_a_half_written_line_survives_a_change_of_step_and_can_be_removed(windows: Windows) -> None:
    windows.open("boundaries", "missing")
    phone = windows.phone()
    phone.get_by_role("textbox").fill("Who takes no")
    windows.act("step", step="leak")
    unsent = phone.get_by_role("region", name="Not sent yet")
    expect(unsent.get_by_role("textbox")).to_have_value("Who takes no")
    windows.act("step", step="boundaries")
    expect(unsent).to_be_hidden()
    expect(phone.get_by_role("textbox")).to_have_value("Who takes no")
    phone.reload()
    windows.act("open", question="drafts")  # and the page is drawn anew once more
    expect(phone.get_by_text("4 of 4")).to_be_visible()
    expect(phone.get_by_text("You wrote this earlier and have not sent it yet.")).to_be_visible()
    windows.act("step", step="leak")
    unsent.get_by_role("button", name="Remove").click()
    expect(unsent).to_be_hidden()
    assert "Who takes no" not in kept(phone)


def test_a_line_that_came_too_late_is_half_written_again(windows: Windows) -> None:
    windows.open("check-in", "attention")
    phone = windows.phone()
    phone.get_by_role("textbox").wait_for()
    phone.context.set_offline(True)
    phone.get_by_role("textbox").fill("The train")
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#status")).to_contain_text("stored on this phone")
    windows.act("close", question="attention")
    phone.context.set_offline(False)
    unsent = phone.get_by_role("region", name="Not sent yet")
    expect(unsent.get_by_role("textbox")).to_have_value("The train")
    windows.act("open", question="attention")
    expect(phone.get_by_role("textbox")).to_have_value("The train")
    assert answers(windows, "attention") == []


def test_a_changed_line_that_was_not_sent_stays_beside_the_one_that_was(windows: Windows) -> None:
    windows.open("check-in", "attention")
    phone = windows.phone()
    phone.get_by_role("textbox").fill("The train")
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#status")).to_contain_text("Saved")
    phone.get_by_role("textbox").fill("The trains")
    phone.reload()
    expect(phone.get_by_role("textbox")).to_have_value("The trains")
    assert answers(windows, "attention") == ["The train"]
    phone.get_by_role("button", name="Pass").click()
    expect(phone.locator("#status")).to_contain_text("Skipped")
    phone.reload()
    expect(phone.get_by_role("textbox")).to_have_value("")


def test_a_phone_out_of_reach_at_the_close_learns_of_it_and_what_was_not_sent(
    windows: Windows, violations: Any
) -> None:
    windows.open("check-in", "attention")
    phone = windows.phone()
    phone.get_by_role("textbox").fill("The train")
    close_while_out_of_reach(windows, phone)
    expect(phone.get_by_role("heading", name="This room is closed")).to_be_visible()
    unsent = phone.get_by_role("region", name="Not sent")
    expect(unsent.get_by_role("textbox")).to_have_value("The train")
    assert violations(phone) == []
    keep_picture(phone, "room-phone-closed-unsent")
    assert "The train" not in kept(phone)
    phone.reload()
    expect(unsent.get_by_role("textbox")).to_have_value("The train")  # a phone may load a page again by itself
    unsent.get_by_role("button", name="Remove").click()
    expect(unsent).to_be_hidden()
    phone.reload()
    expect(phone.get_by_role("heading", name="This room is closed")).to_be_visible()
    expect(unsent).to_be_hidden()


def test_an_answer_that_waited_at_the_close_is_said_to_be_not_sent(windows: Windows) -> None:
    windows.open("leak", "first-act")
    phone = windows.phone()
    phone.get_by_role("button", name="A Find out").wait_for()
    phone.context.set_offline(True)
    phone.get_by_role("button", name="A Find out").click()
    expect(phone.locator("#status")).to_contain_text("stored on this phone")
    close(windows)
    phone.context.set_offline(False)
    unsent = phone.get_by_role("region", name="Not sent")
    expect(unsent.get_by_role("textbox")).to_have_value("A Find out who did it")


def test_a_deleted_room_is_left_and_leaves_nothing_on_the_phone(windows: Windows) -> None:
    windows.open("check-in", "attention")
    phone = windows.phone()
    phone.get_by_role("textbox").fill("The train")
    windows.live_server.run(windows.live_server.server.erase(windows.session))
    expect(phone.get_by_role("heading", name="This room is not here any more")).to_be_visible()
    expect(phone.get_by_role("region", name="Not sent").get_by_role("textbox")).to_have_value("The train")
    assert "The train" not in kept(phone)


# As in a tab that the phone has frozen: nothing is heard of what other tabs write.
FROZEN = "addEventListener('storage', (event) => event.stopImmediatePropagation(), true)"


@pytest.mark.parametrize("watch", ["", FROZEN], ids=["awake", "frozen"])
def test_a_tab_that_was_left_open_takes_away_nothing_that_was_written_in_another(windows: Windows, watch: str) -> None:
    """Whoever scans the code again has two."""
    windows.open("boundaries", "missing")
    left = windows.phone(watch=watch)
    left.get_by_role("textbox").fill("Who takes")
    other = left.context.new_page()
    other.goto(left.url)
    expect(other.get_by_role("textbox")).to_have_value("Who takes")
    other.get_by_role("textbox").press_sequentially(" notes, and who reads them?")
    left.bring_to_front()
    wait_until(lambda: "and who reads them?" in kept(left))  # what one tab writes, another reads a moment later
    left.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(left.get_by_role("textbox")).to_have_value("Who takes notes, and who reads them?")
    left.get_by_role("textbox").press("End")
    left.get_by_role("textbox").press_sequentially(" Thanks")
    other.bring_to_front()
    wait_until(lambda: "Thanks" in kept(other))
    other.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(other.get_by_role("textbox")).to_have_value("Who takes notes, and who reads them? Thanks")
    windows.act("close", question="missing")
    for phone in (left, other):
        phone.bring_to_front()
        expect(phone.locator("#unsent textarea")).to_have_value("Who takes notes, and who reads them? Thanks")


LONG = " ".join(["Who decides about the rota"] * 6)
"""A line of 161 characters, where there is room for 140."""


def test_a_line_that_is_too_long_is_not_cut_and_says_so(windows: Windows, violations: Callable[..., list[str]]) -> None:
    windows.open("differences", "different")
    phone = windows.phone()
    field, note = phone.get_by_role("textbox"), phone.get_by_text("This has 161 characters, and there is room for 140.")
    field.focus()
    phone.keyboard.insert_text(f"  {LONG}")
    expect(note.first).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    assert violations(phone) == []
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#status")).to_contain_text("This has 161 characters")
    expect(field).to_be_focused()
    field.press("End")
    field.press("Backspace")
    expect(phone.locator("#status")).not_to_contain_text("161")
    field.press("a")
    assert field.input_value().strip()[:-1] == LONG[:-1]
    assert not windows.session.model.answers.of("different")
    phone.reload()
    expect(note.first).to_be_visible()
    field.fill("\U0001f642" * 140)  # each counts as one, as for the server
    expect(note).to_have_count(0)
    assert field.get_attribute("aria-invalid") is None
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#status")).to_contain_text("Saved")


def test_without_javascript_a_line_that_is_too_long_is_there_to_copy_as_a_whole(windows: Windows) -> None:
    windows.open("differences", "different")
    phone = windows.joined_phone(java_script_enabled=False)
    phone.get_by_role("textbox").fill(LONG)
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("alert")).to_contain_text("This is longer than 140 characters.")
    expect(phone.get_by_role("alert")).to_contain_text(LONG)


def test_the_console_cuts_no_boundary_that_is_too_long(windows: Windows) -> None:
    windows.act("step", step="boundaries")
    console = windows.console()
    long = "We say so plainly. " * 17
    field = console.locator("textarea[name=text]").first
    field.fill(long)
    console.get_by_role("button", name="Use these words").first.click()
    expect(console.get_by_text("This is longer than 300 characters.").first).to_be_visible()
    assert field.input_value() == long


def test_without_javascript_what_is_refused_is_there_to_copy(windows: Windows) -> None:
    windows.open("check-in", "attention")
    phone = windows.joined_phone(java_script_enabled=False)
    phone.get_by_role("textbox").fill("The train")
    windows.act("close", question="attention")
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("alert")).to_contain_text("The train")
    windows.act("open", question="attention")
    phone.get_by_role("link", name="Check for the next question").click()
    phone.get_by_role("textbox").fill("The train")
    close(windows)
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("heading", name="This room is closed")).to_be_visible()
    expect(phone.get_by_role("region", name="Not sent")).to_contain_text("The train")
