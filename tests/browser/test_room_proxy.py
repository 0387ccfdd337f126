"""Phones come through a real nginx with https, at a public address with and without a base path."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from course.workshop.views.screen_view import qr_code
from tests.browser.conftest import INSECURE
from tests.browser.pictures import keep_picture
from tests.browser.remote_windows import SETUPS, open_remote_windows
from tests.browser.room_windows import PHONE, Windows
from tests.browser.test_room_lines import console_with_lines
from tests.waiting import wait_until
from tests.workshop.web.test_health import stuck_loop

pytestmark = pytest.mark.browser


@pytest.fixture(params=SETUPS.values(), ids=SETUPS)
def remote(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[Windows]:
    """Return windows whose phones come through nginx."""
    with open_remote_windows(browser, tmp_path, request.param) as windows:
        yield windows


def test_a_phone_joins_answers_and_follows_through_nginx(
    remote: Windows, violations: Callable[[Page], list[str]]
) -> None:
    remote.live_server.server.way_in.shown_anyway.clear()
    console = remote.console()
    screen = remote.screen(console)
    expect(screen.locator(".letters")).to_have_count(0)
    own = remote.new(PHONE, ignore_https_errors=True)
    own.goto(console.locator("[data-block=phones] .address").inner_text())
    expect(own.get_by_role("heading")).to_have_text("This phone reaches the room’s computer")
    expect(console.locator("[data-block=phones]")).to_contain_text(f"A phone reached this computer at {remote.phones},")
    assert violations(console) == []
    keep_picture(console.locator("[data-block=phones]"), "room-way-in-public")
    expect(screen.locator(".join .address")).to_have_text(remote.phones)

    own.goto(f"{remote.phones}/")
    own.get_by_label("The six letters").fill(remote.session.access.code)
    own.get_by_role("button", name="Continue").click()
    own.get_by_role("button", name="I’m in").click()
    expect(own.get_by_role("heading", level=1)).to_have_text("Join")
    assert own.url.partition("?")[0] == f"{remote.phones}/r/{remote.session.id}/"
    [cookie] = own.context.cookies()
    assert (cookie["secure"], cookie["path"]) == (True, f"{remote.live_server.server.base}/")
    remote.open("leak", "first-act")
    own.get_by_role("button", name="C Call everyone together").click()
    expect(own.locator("#status")).to_contain_text("Saved")
    remote.act("close", question="first-act")
    expect(own.locator("main")).to_contain_text("Closed")
    own.reload()
    expect(own.get_by_role("heading", level=1)).to_have_text("The leak")


def test_without_scripts_a_phone_answers_through_nginx_too(remote: Windows) -> None:
    remote.open("leak", "first-act")
    phone = remote.new(PHONE, ignore_https_errors=True, java_script_enabled=False)
    phone.goto(f"{remote.phones}/j/{remote.session.access.link}")
    phone.get_by_role("button", name="I’m in").click()
    phone.get_by_role("button", name="C Call everyone together").click()
    expect(phone.locator("#status")).to_contain_text("Saved")
    phone.get_by_role("link", name="Check for the next question").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("The leak")


def test_the_console_is_on_this_machine_alone(remote: Windows) -> None:
    server, name = remote.live_server.server, remote.session.id
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    here = remote.phones.replace(INSECURE, "127.0.0.1")
    for path in (f"/console/{name}/", f"/console/{name}/screen", server.new_console_link(name)):
        request = urllib.request.Request(here + path, headers={"Host": remote.phones.split("/")[2]})
        with pytest.raises(urllib.error.HTTPError) as refusal:
            urllib.request.urlopen(request, context=context, timeout=30)
        assert refusal.value.code == 404
    assert remote.console().locator("#step").is_visible()


def test_a_co_host_is_paired_through_nginx_by_the_code_that_is_scanned(
    remote: Windows, violations: Callable[[Page], list[str]]
) -> None:
    console = console_with_lines(remote)
    console.locator("#co-host summary").click()
    expect(console.locator("#co-host")).not_to_contain_text("Without a certificate")
    console.locator("#pair").click()
    link = console.locator("#co-host a").inner_text()
    assert link.startswith(f"{remote.phones}/co-host?code=")
    expect(console.get_by_role("img", name="Code that opens the page for a co-host")).to_be_visible()
    assert f' d="{console.locator("#co-host .qrline").get_attribute("d")}"' in qr_code(link)
    assert violations(console) == []
    keep_picture(console.locator("#co-host"), "room-co-host-public")

    phone = remote.new(PHONE, ignore_https_errors=True)
    phone.goto(link)
    expect(phone.get_by_text("This connection is not encrypted")).to_have_count(0)
    phone.get_by_role("button", name="Pair this phone").click()
    expect(phone.locator("h1")).to_have_text("Co-host")
    [cookie] = phone.context.cookies()
    place = f"{remote.live_server.server.base}/h/{remote.session.id}/"
    assert (cookie["secure"], cookie["httpOnly"], cookie["path"]) == (True, True, place)
    expect(console.locator("#co-host")).to_contain_text("The code was used: a phone is paired with it.")
    expect(console.locator("#co-host .letters")).to_have_count(0)
    expect(console.locator("#co-host .qr")).to_have_count(0)
    phone.get_by_role("button", name="Approve").first.click()
    expect(phone.locator(".line")).to_have_count(5)
    expect(console.locator(".line-approved")).to_have_count(1)

    console.locator("#unpair").click()
    expect(phone.locator("#status")).to_contain_text("This phone is paired no more")
    expect(console.locator("#pair")).to_have_text("Make a code")
    other = remote.new(PHONE, ignore_https_errors=True)
    other.goto(link)
    other.get_by_role("button", name="Pair this phone").click()
    expect(other.get_by_role("alert")).to_contain_text("This code is not good, or not any more.")


def test_while_the_loop_stands_still_a_phone_keeps_its_answer_behind_nginx_and_sends_it_after(remote: Windows) -> None:
    remote.open("leak", "first-act")
    phone = remote.phone(ignore_https_errors=True)
    watch = remote.live_server.server._loop_watch
    assert watch
    watch.stop()  # this test looks itself
    refusals: list[int] = []
    phone.on("response", lambda response: refusals.append(response.status))
    with stuck_loop(remote.live_server):
        phone.get_by_role("button", name="C Call everyone together").click()

        def is_refused() -> bool:
            watch.look()
            phone.evaluate("0")  # so that what the page does is heard of
            return 503 in refusals

        wait_until(is_refused)
        expect(phone.locator("#status")).to_contain_text("Your answer is stored on this phone")
    expect(phone.locator("#status")).to_contain_text("Saved")
    answers = remote.session.model.answers.of("first-act").values()
    assert [answer for _, answer in answers] == ["C"]
