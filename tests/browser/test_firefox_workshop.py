"""A whole workshop of thirty people through nginx with https, with Firefox at the console, and with an old phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from course.workshop import synthetic_phones
from tests.browser.bidi import Firefox
from tests.browser.either_browser import ChromiumRoomPage, FirefoxRoomPage
from tests.browser.old_browsers import without_any
from tests.browser.remote_windows import SETUPS, open_remote_windows
from tests.browser.room_walk import Facilitator, Guest, Walk
from tests.browser.room_windows import PHONE

pytestmark = pytest.mark.browser


def test_thirty_people_go_through_a_whole_workshop_behind_nginx_with_firefox_and_an_old_phone(
    browser: Browser, firefox: Firefox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(synthetic_phones, "POLL_SECONDS", 0.25)
    with open_remote_windows(browser, tmp_path, SETUPS["under a base path"]) as windows:
        console = firefox.new_page()
        console.goto(windows.console_link())
        phone = firefox.new_page(*PHONE.values(), any_certificate=True)
        newer = without_any("globalThis")  # what drives Chromium needs that one
        old_phone = windows.new(PHONE, newer, ignore_https_errors=True)
        guests = [
            Guest(FirefoxRoomPage(phone), windows, "On Firefox"),
            Guest(ChromiumRoomPage(old_phone), windows, "On an old phone"),
        ]
        walk = Walk(windows, 30, Facilitator(FirefoxRoomPage(console)), guests)
        walk.count_heads()
        with walk.phones():
            walk.to_the_end()
        questions = [question.slug for question in walk.session.model.script.questions() if not question.is_optional]
        assert [name.partition(" ")[2] for name in walk.done if name.startswith("close ")] == questions
        assert len(walk.session.model.people) == 30
        assert console.thrown() + phone.thrown() == []
        console.forget()
        phone.forget()
