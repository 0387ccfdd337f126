"""“Can a phone reach me?”: the screen shows no way in before a phone has come by it, unless somebody says so."""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.workshop.access.networks import Network
from course.workshop.sessions.session import Session
from course.workshop.web import base_handler, listeners
from tests.workshop.live_server import Console, LiveServer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has 127.0.0.2 by itself")
HERE = "127.0.0.2"
PHONE = "127.0.0.3"
"""Where the facilitator's own phone calls from: to this computer, another one."""


@pytest.fixture(autouse=True)
def two_computers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have this computer be at one address and a phone at another."""
    monkeypatch.setattr(listeners, "networks", lambda: [Network(HERE, "wlan0", "wifi")])
    monkeypatch.setattr(base_handler, "is_own_address", lambda address: address != PHONE)


def open_at(live_server: LiveServer, path: str, source: str) -> tuple[int, str]:
    """Open a page where phones are let in, from an address; return its status and text."""
    connection = http.client.HTTPConnection(HERE, live_server.port, timeout=30, source_address=(source, 0))
    try:
        connection.request("GET", path)
        reply = connection.getresponse()
        return reply.status, reply.read().decode()
    finally:
        connection.close()


def test_the_screen_shows_the_way_in_once_a_phone_has_come_by_it(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    address = f"http://{HERE}:{live_server.port}"
    for let_in, expected in (("", ""), (HERE, f"{address}/test")):
        console.press("let-in", address=let_in)
        join, way_in = console.view("screen")["join"], console.view()["way_in"]
        assert (join["qr"], join["code"], join["address"]) == ("", "", "")
        assert (way_in["test_address"], way_in["is_reached"]) == (expected, False)
    assert way_in["code"] == session.access.code
    assert open_at(live_server, "/test", PHONE)[0] == 200
    join, way_in = console.view("screen")["join"], console.view()["way_in"]
    assert (join["address"], join["code"]) == (address, session.access.code)
    assert join["qr"].startswith("<svg")
    assert way_in["is_reached"]
    assert re.fullmatch(r"\d\d:\d\d", way_in["reached_at"])


def test_this_computer_itself_is_no_phone(live_server: LiveServer, session: Session, console: Console) -> None:
    console.press("let-in", address=HERE)
    assert '"is_same_computer": true' in open_at(live_server, "/test", HERE)[1]
    assert '"is_same_computer": true' in live_server.browser().get("/test").body.decode()
    open_at(live_server, f"/j/{session.access.link}", HERE)
    assert not console.view()["way_in"]["is_reached"]
    assert console.view("screen")["join"]["qr"] == ""
    assert '"is_same_computer": false' in open_at(live_server, "/test", PHONE)[1]


def test_a_phone_that_joins_has_reached_it_too(live_server: LiveServer, session: Session, console: Console) -> None:
    console.press("let-in", address=HERE)
    open_at(live_server, f"/j/{session.access.link}", PHONE)
    assert console.view()["way_in"]["is_reached"]


def test_it_is_shown_anyway_if_the_facilitator_says_so(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    assert console.press("show-way-in").status == 409
    console.press("let-in", address=HERE)
    assert console.press("show-way-in").status == 200
    assert console.view("screen")["join"]["code"] == session.access.code
    assert not console.view()["way_in"]["is_reached"]
    live_server.restart()
    console.port = live_server.port
    assert console.view("screen")["join"]["code"] == session.access.code


def test_a_restart_at_the_same_address_needs_no_second_try_and_another_address_does(
    live_server: LiveServer, session: Session, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    console.press("let-in", address=HERE)
    open_at(live_server, "/test", PHONE)
    live_server.restart()
    way_in = console.view()["way_in"]
    assert (way_in["is_reached"], way_in["reached_at"], way_in["is_shown"]) == (True, "", True)
    assert console.view("screen")["join"]["code"] == session.access.code
    monkeypatch.setattr(listeners, "networks", lambda: [Network("127.0.0.4", "wlan0", "wifi")])
    console.press("let-in", address="127.0.0.4")
    assert not console.view()["way_in"]["is_reached"]
    assert console.view("screen")["join"]["code"] == ""


def test_an_address_that_is_gone_after_a_restart_is_named(
    live_server: LiveServer, session: Session, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    console.press("let-in", address=HERE)
    assert console.view()["way_in"]["lost"] == ""
    monkeypatch.setattr(listeners, "networks", lambda: [])
    live_server.restart()
    way_in = console.view()["way_in"]
    assert (way_in["lost"], way_in["is_open"], way_in["networks"]) == (HERE, False, [])


def test_a_new_session_is_let_in_where_the_server_is(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("let-in", address=HERE)
    open_at(live_server, "/test", PHONE)
    assert console.press("new-session").status == 200
    live_server.run(session.erase())
    live_server.restart()
    assert live_server.server.listeners.let_in_at == HERE
    assert live_server.server.way_in.is_shown(f"http://{HERE}:{live_server.port}")


def test_a_port_that_is_taken_at_the_address_is_named_too(html_server: LiveServer) -> None:
    session = html_server.new_session()
    console = html_server.console(session)
    assert console.press("let-in", address=HERE).status == 200
    with contextlib.ExitStack() as taken:

        def take_port() -> None:
            other = taken.enter_context(socket.socket())
            other.bind((HERE, html_server.port))
            other.listen()

        html_server.restart(take_port)
        page = console.get(f"/console/{session.id}/").body.decode()
        assert f"Phones were let in at {HERE}, and cannot reach this computer there now" in page
        refused = console.press("let-in", address=HERE)
        assert (refused.status, f"uses port {html_server.port}" in refused.json["error"]) == (409, True)
    assert console.press("let-in", address=HERE).status == 200


def test_phones_stay_where_they_are_if_another_address_cannot_be_opened(
    live_server: LiveServer, session: Session, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = [Network(address, "wlan0", "wifi") for address in (HERE, "127.0.0.4")]
    monkeypatch.setattr(listeners, "networks", lambda: own)
    console.press("let-in", address=HERE)
    with socket.socket() as other:
        other.bind(("127.0.0.4", live_server.port))
        other.listen()
        assert console.press("let-in", address="127.0.0.4").status == 409
    assert console.view()["way_in"]["let_in"] == HERE
    assert open_at(live_server, "/test", PHONE)[0] == 200
    assert console.press("let-in", address="127.0.0.4").status == 200
    assert console.view()["way_in"]["let_in"] == "127.0.0.4"


@pytest.fixture
def html_server(tmp_path: Path) -> Iterator[LiveServer]:
    """Return a server with the pages that people see."""
    server = LiveServer(tmp_path)
    yield server
    server.close()


def test_the_console_says_what_to_do_in_each_state(html_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    session = html_server.new_session()
    console = html_server.console(session)

    def page(path: str = "") -> str:
        return console.get(f"/console/{session.id}/{path}").body.decode()

    assert f"Wi-Fi (wlan0): {HERE}" in page()
    assert session.access.code not in page("screen")
    monkeypatch.setattr(listeners, "networks", lambda: [])
    assert "This computer is on no network" in page()
    assert 'id="let-in-typed-part" open' in page()
    refused = console.form(
        f"/console/{session.id}/action", {"token": console.token, "action": "let-in", "address": "laptop"}
    )
    assert "This is not an address of four numbers." in refused.body.decode()
    monkeypatch.setattr(listeners, "networks", lambda: [Network(HERE, "wlan0", "wifi")])
    console.press("let-in", address=HERE)
    assert "Can a phone reach this computer?" in page()
    assert session.access.code not in page("screen")
    assert "This phone reaches the room’s computer" in open_at(html_server, "/test", PHONE)[1]
    assert f"A phone reached this computer at http://{HERE}:{html_server.port}, at " in page()
    assert session.access.code in page("screen")
