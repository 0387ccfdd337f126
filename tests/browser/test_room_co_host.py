"""A co-host's phone in a real browser: paired by the code on the console, by touch and by keyboard, until unpaired."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from course.workshop.sessions.co_hosts import PAIRING_SECONDS
from course.workshop.views.reading_views import console_lines
from tests.browser.page_clock import stop_clock
from tests.browser.pictures import keep_picture
from tests.browser.room_windows import PHONE, Windows
from tests.browser.test_room_lines import console_with_lines

pytestmark = pytest.mark.browser


def pair(windows: Windows, console: Page, **options: object) -> Page:
    """Make a code on the console, and type it on a phone."""
    console.locator("#co-host summary").click()
    console.locator("#pair").click()
    code = console.locator("#co-host .letters").inner_text()
    phone = windows.new(PHONE, **options)
    phone.goto(f"{windows.base}/co-host")
    expect(phone.get_by_text("This connection is not encrypted.")).to_be_visible()
    phone.get_by_label("The code on the console").fill(code)
    phone.get_by_role("button", name="Pair this phone").click()
    expect(phone.locator("h1")).to_have_text("Co-host")
    phone.wait_for_load_state()  # its heading comes before the script that takes its keys
    return phone


def test_a_co_host_reads_lines_by_touch_until_it_is_unpaired(
    windows: Windows, violations: Callable[..., list[str]]
) -> None:
    console = console_with_lines(windows)
    phone = pair(windows, console, has_touch=True)
    expect(console.locator("#co-host")).to_contain_text("Co-host: 1 phone is paired")
    expect(console.locator("#co-host")).to_contain_text("Without a certificate, someone else on the same network")
    assert violations(phone) == []
    assert violations(console) == []
    keep_picture(phone, "room-co-host")
    keep_picture(console.locator("#co-host"), "room-co-host-console")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phone.get_by_role("button", name="Approve").first.tap()
    expect(phone.locator(".line")).to_have_count(5)
    expect(console.locator(".line-approved")).to_have_count(1)
    phone.get_by_role("button", name="Hide").first.tap()
    expect(phone.locator(".line")).to_have_count(4)
    expect(console.locator(".line-hidden")).to_have_count(1)
    expect(console.locator("#co-host .letters")).to_have_count(0)
    expect(console.locator("#pairing-over")).to_contain_text("The code was used")
    console.locator("#unpair").click()
    expect(phone.locator("#status")).to_contain_text("This phone is paired no more")
    expect(phone.locator(".line")).to_have_count(0)
    expect(console.locator("#co-host summary")).to_have_text("Pair a co-host’s phone")


def approved(windows: Windows) -> int:
    """Return how many cards of lines are approved: those that say the same are on one."""
    return sum(card["status"] == "approved" for card in console_lines(windows.session.model))


@pytest.mark.parametrize("on_console", [False, True])
def test_a_second_press_approves_no_line_that_could_not_be_read_yet(windows: Windows, on_console: bool) -> None:
    console = console_with_lines(windows)
    page = console if on_console else pair(windows, console, has_touch=True)
    page.clock.install()
    page.reload()
    button, cards = page.locator(".line-waiting button.main").first, page.locator(".line-waiting")
    expect(cards).to_have_count(6)
    stop_clock(page)
    button.click()
    expect(cards).to_have_count(5)
    box = button.bounding_box()
    assert box is not None
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    press = page.mouse.click if on_console else page.touchscreen.tap
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.post_data or "") if request.method == "POST" else None)
    for _ in range(3):
        press(**place)
    assert asked == []
    page.clock.run_for(700)
    press(**place)
    expect(cards).to_have_count(4)
    assert approved(windows) == 2
    button.focus()
    page.keyboard.press("a")  # a key does not wait
    expect(cards).to_have_count(3)
    page.keyboard.press("a")
    expect(cards).to_have_count(2)


def test_a_co_host_reads_lines_with_the_keyboard_alone(windows: Windows) -> None:
    phone = pair(windows, console_with_lines(windows))
    phone.locator(".line button").first.focus()
    for key, left in (("a", 5), ("h", 4), ("k", 4)):
        phone.keyboard.press(key)
        expect(phone.locator(".line")).to_have_count(left)
        expect(phone.locator(".line button:focus")).to_have_count(1)
    phone.keyboard.press("Enter")
    expect(phone.locator(".line")).to_have_count(3)


def test_a_co_host_reads_lines_without_javascript(windows: Windows) -> None:
    phone = pair(windows, console_with_lines(windows), java_script_enabled=False)
    phone.get_by_role("button", name="Approve").first.click()
    expect(phone.locator(".line")).to_have_count(5)


def test_a_code_whose_time_is_over_leaves_the_console_which_offers_a_new_one(
    windows: Windows, violations: Callable[..., list[str]]
) -> None:
    console = windows.console()
    console.locator("#co-host summary").click()
    console.locator("#pair").click()
    expect(console.locator("#co-host .letters")).to_be_visible()
    windows.live_server.server.clock = lambda: time.monotonic() + PAIRING_SECONDS
    expect(console.locator("#pairing-over")).to_contain_text("The code was not used in five minutes")
    expect(console.locator("#co-host .letters")).to_have_count(0)
    assert violations(console) == []
    keep_picture(console.locator("#co-host"), "room-co-host-expired")
    console.get_by_role("button", name="Make a new code").press("Enter")
    expect(console.locator("#co-host .letters")).to_be_visible()
    expect(console.locator("#pair")).to_be_focused()


def test_the_link_fills_the_code_in_and_a_wrong_code_says_what_to_do(
    windows: Windows, violations: Callable[..., list[str]]
) -> None:
    phone = windows.new(PHONE)
    phone.goto(f"{windows.base}/co-host?code=ABCDEFGH")
    expect(phone.get_by_label("The code on the console")).to_have_value("ABCDEFGH")
    phone.get_by_role("button", name="Pair this phone").click()
    expect(phone.get_by_role("alert")).to_contain_text("Ask the facilitator for a new one.")
    assert violations(phone) == []
    keep_picture(phone, "room-co-host-pair")
