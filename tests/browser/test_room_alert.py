"""What keeps the server from its work, in real windows: the console says what to do, the phone to wait."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from course.core.errors import SessionRefused
from course.workshop.wire import AnswerMessage
from tests.browser.pictures import keep_picture
from tests.browser.room_windows import Windows
from tests.workshop.web.test_health import limit_disk

pytestmark = pytest.mark.browser


def test_a_full_disk_is_explained_to_the_facilitator_and_loses_no_answer_of_a_phone(
    windows: Windows, violations: Callable[[Page], list[str]]
) -> None:
    console, phone = windows.console(), windows.phone()
    windows.open("check-in", "attention")
    phone.locator("textarea:visible").wait_for()
    limit_disk(windows.live_server, 1)
    windows.live_server.run(fill_up(windows))
    alert = console.get_by_role("alert")
    expect(alert).to_contain_text("The disk of this computer is full")
    phone.locator("textarea:visible").fill("Hope")
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#status")).to_contain_text("will be sent by itself. Please keep this page open.")
    assert violations(console) == []
    keep_picture(console, "room-alert-console")
    keep_picture(phone, "room-alert-phone")
    limit_disk(windows.live_server, 100_000)
    expect(alert).to_have_count(0)
    expect(phone.locator("#status")).to_contain_text("Saved")


async def fill_up(windows: Windows) -> None:
    """Let people answer until there is no room left for an answer, whoever gives it."""
    refused = 0
    while refused < 200:
        message: AnswerMessage = {"part": "attention", "revision": 1, "answer": "Calm"}
        try:
            await windows.session.answer(secrets.token_hex(16), message, 0.0)
            refused = 0
        except SessionRefused:
            refused += 1
