"""Letting phones in, in real windows: the console leads from the network to a phone that has come in."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from course.workshop.access.networks import Network
from course.workshop.web import base_handler, listeners
from tests.browser.pictures import keep_picture
from tests.browser.room_windows import PHONE, Windows

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux has 127.0.0.2 by itself"),
]
HERE = "127.0.0.2"
NETWORKS = [Network(HERE, "wlan0", "wifi"), Network("10.9.0.2", "tun0", "vpn")]


@pytest.fixture
def two_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listeners, "networks", lambda: NETWORKS)
    monkeypatch.setattr(base_handler, "is_own_address", lambda address: False)  # the phones of this test


def test_a_facilitator_lets_phones_in_by_keyboard_and_sees_that_one_came(
    windows: Windows, two_networks: None, violations: Callable[[Page], list[str]]
) -> None:
    console = windows.console()
    screen = windows.screen(console)
    choice = console.get_by_label("Let phones connect: Address of this computer")
    assert choice.locator("option").all_inner_texts()[1:] == [f"Wi-Fi (wlan0): {HERE}", "VPN (tun0): 10.9.0.2"]
    choice.select_option(HERE)
    console.locator("#let-in-use").focus()
    console.keyboard.press("Enter")
    expect(console.get_by_role("heading", name="Can a phone reach this computer?")).to_be_visible()
    expect(screen.locator("main")).to_contain_text("Soon you can join here")
    expect(screen.locator(".letters")).to_have_count(0)
    assert violations(console) == []
    keep_picture(console.locator("[data-block=phones]"), "room-way-in-try")
    keep_picture(screen, "room-way-in-screen-before")
    address = f"http://{HERE}:{windows.live_server.port}"
    own = windows.new(PHONE)
    windows.elsewhere.clear()
    own.goto(f"{address}/test")
    expect(own.get_by_role("heading")).to_have_text("This phone reaches the room’s computer")
    assert violations(own) == []
    keep_picture(own, "room-way-in-phone")
    expect(console.locator("[data-block=phones]")).to_contain_text(f"A phone reached this computer at {address}, at")
    expect(screen.locator(".letters")).to_have_text(windows.session.access.code)
    expect(screen.locator(".join .address")).to_have_text(address.removeprefix("http://"))
    keep_picture(console.locator("[data-block=phones]"), "room-way-in-reached")
    assert violations(console) == []
    assert {name for name in windows.elsewhere if not name.startswith(address)} == set()
    windows.elsewhere.clear()


def test_without_a_network_an_address_is_typed_and_a_wrong_one_explained(
    windows: Windows, monkeypatch: pytest.MonkeyPatch, violations: Callable[[Page], list[str]]
) -> None:
    monkeypatch.setattr(listeners, "networks", lambda: [])
    console = windows.console()
    way_in = console.locator("[data-block=phones]")
    expect(way_in).to_contain_text("This computer is on no network.")
    field = console.get_by_label("An address of this computer")
    for typed, says in (("192.168.8", "This is not an address of four numbers."), ("127.0.0.1", "leads each device")):
        field.fill(typed)
        field.press("Enter")
        expect(console.locator("#status")).to_contain_text(says)
        expect(field).to_have_value(typed)
    assert violations(console) == []
    keep_picture(console, "room-way-in-no-network")


def test_the_code_is_shown_anyway_when_the_facilitator_says_so(windows: Windows, two_networks: None) -> None:
    windows.live_server.run(windows.live_server.server.let_in(HERE, windows.session))
    console = windows.console()
    screen = windows.screen(console)
    expect(screen.locator(".letters")).to_have_count(0)
    console.locator("#reach-fails summary").click()
    keep_picture(console.locator("[data-block=phones]"), "room-way-in-fails")
    console.get_by_role("button", name="Show the code anyway").click()
    expect(screen.locator(".letters")).to_have_text(windows.session.access.code)
    expect(console.locator("[data-block=phones]")).to_contain_text("though no phone has reached this computer yet")
