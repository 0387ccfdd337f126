"""Streams that are open and silent, as where a proxy or an antivirus program holds them back: pages ask instead."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tornado.iostream import IOStream

from course.workshop.web import broadcast
from course.workshop.web.broadcast import Channel
from tests.browser.room_windows import PHONE, Windows
from tests.browser.test_room_phone import COUNT_EVENTS
from tests.waiting import wait_until

pytestmark = pytest.mark.browser

send = Channel._send


@pytest.fixture
def hold_back(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Return a function that has streams held back from now on: all of them, or what comes after their beginning."""

    def hold(is_beginning_passed: bool) -> None:
        def send_the_beginning(channel: Channel, stream: IOStream, data: bytes) -> None:
            if data.startswith(broadcast._HEAD):
                send(channel, stream, data if is_beginning_passed else broadcast._HEAD)

        monkeypatch.setattr(Channel, "_send", send_the_beginning)

    return hold


def phone_with_a_clock(windows: Windows) -> Page:
    """Open a phone whose time a test moves on, and wait until it listens."""
    phone = windows.new(PHONE, COUNT_EVENTS)
    phone.clock.install()
    phone.goto(f"{windows.base}/j/{windows.session.access.link}")
    with phone.expect_request("**/events"):
        phone.get_by_role("button", name="I’m in").click()
    return phone


def test_a_phone_whose_stream_is_held_back_gets_each_question_and_hears_nothing_false(
    windows: Windows, hold_back: Callable[[bool], None]
) -> None:
    hold_back(False)
    phone = phone_with_a_clock(windows)
    windows.open("leak", "first-act")
    phone.clock.fast_forward(6_000)
    phone.get_by_role("button", name="C Call everyone together").click()
    expect(phone.locator("#status")).to_contain_text("Saved")
    windows.act("close", question="first-act")
    phone.clock.fast_forward(6_000)
    expect(phone.get_by_text("There is nothing to answer now")).to_be_visible()
    expect(phone.locator("#status")).to_have_text("")
    phone.context.set_offline(True)
    phone.clock.fast_forward(6_000)
    expect(phone.locator("#status")).to_contain_text("No connection")
    phone.context.set_offline(False)
    phone.clock.fast_forward(6_000)
    expect(phone.locator("#status")).to_contain_text("Connected again")


def test_a_phone_that_only_ever_gets_the_beginning_of_a_stream_asks_in_the_end(
    windows: Windows, hold_back: Callable[[bool], None]
) -> None:
    hold_back(True)
    phone = phone_with_a_clock(windows)
    phone.locator("[data-block=step]").wait_for()
    for _ in range(2):
        expect(phone.locator("#status")).not_to_contain_text("No connection")
        phone.clock.fast_forward(51_000)
    windows.open("leak", "first-act")
    phone.clock.fast_forward(6_000)
    expect(phone.get_by_role("button", name="C Call everyone together")).to_be_visible()
    expect(phone.locator("#status")).not_to_contain_text("No connection")


def test_a_screen_whose_stream_is_held_back_follows(windows: Windows, hold_back: Callable[[bool], None]) -> None:
    console = windows.console()
    hold_back(False)
    screen = windows.screen(console)
    windows.open("leak", "first-act")
    expect(screen.get_by_role("heading", name="The leak")).to_be_visible()
    assert "lost" not in (screen.locator("body").get_attribute("class") or "")


def test_a_page_that_asks_goes_back_to_its_stream_once_that_speaks(
    windows: Windows, hold_back: Callable[[bool], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_back(False)
    phone = phone_with_a_clock(windows)
    with phone.expect_request("**/now"):
        phone.clock.fast_forward(6_000)
    monkeypatch.setattr(Channel, "_send", send)
    windows.open("leak", "first-act")
    expect(phone.get_by_role("button", name="C Call everyone together")).to_be_visible()
    wait_until(lambda: phone.evaluate("window.news") > 0)  # the question may have come with what was asked before
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.clock.fast_forward(20_000)
    windows.open("our-group", "group")
    expect(phone.get_by_role("button", name="Nearly always").first).to_be_visible()
    assert asked == []
