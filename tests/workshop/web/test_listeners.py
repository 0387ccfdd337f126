"""Where the server can be reached: this machine alone, until phones are let in; with TLS, by nobody in the clear."""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import ssl
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from course.workshop.access.networks import Network
from course.workshop.sessions.session import Session
from course.workshop.web import health, listeners
from tests.certificates import write_certificate
from tests.workshop.live_server import Browser, Console, LiveServer
from tests.workshop.web.test_health import PATIENCE, stuck_loop, until

ELSEWHERE = "127.0.0.2"

needs_second_address = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has 127.0.0.2 by itself")


def status_at(address: str, port: int, path: str = "/", **headers: str) -> int | None:
    """Return how a request at an address is answered, or None if nobody listens there."""
    connection = http.client.HTTPConnection(address, port, timeout=30)
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status
    except ConnectionRefusedError:
        return None
    finally:
        connection.close()


@needs_second_address
def test_nobody_else_reaches_it_before_phones_are_let_in_nor_after(
    live_server: LiveServer, session: Session, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "networks", lambda: [Network(ELSEWHERE, "wlan0", "wifi")])
    assert status_at(ELSEWHERE, live_server.port) is None
    assert console.press("let-in", address="127.0.0.3").status == 400
    assert console.press("let-in", address=ELSEWHERE).status == 200
    assert console.view()["way_in"]["address"] == f"http://{ELSEWHERE}:{live_server.port}"
    assert status_at(ELSEWHERE, live_server.port) == 200
    assert status_at(ELSEWHERE, live_server.port, f"/j/{session.access.link}") == 200
    live_server.restart()
    assert status_at(ELSEWHERE, live_server.port) == 200
    assert console.press("let-in", address="").status == 200
    assert status_at(ELSEWHERE, live_server.port) is None
    live_server.restart()
    assert status_at(ELSEWHERE, live_server.port) is None


@needs_second_address
def test_phones_find_no_page_of_the_facilitator_where_they_are_let_in(
    live_server: LiveServer, session: Session, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "networks", lambda: [Network(ELSEWHERE, "wlan0", "wifi")])
    console.press("let-in", address=ELSEWHERE)
    cookies = "; ".join(f"{name}={value}" for name, value in console.cookies.items())
    for path in (
        f"/console/{session.id}/",
        f"/console/{session.id}/export.csv",
        live_server.server.new_console_link(session.id),
    ):
        assert status_at("127.0.0.1", live_server.port, path, Cookie=cookies) in (200, 303)
        assert status_at(ELSEWHERE, live_server.port, path, Cookie=cookies) == 404
    for name in (
        "elsewhere.example",
        f"elsewhere.example:{live_server.port}",
        f"127.0.0.3:{live_server.port}",
        ELSEWHERE,
    ):
        assert status_at(ELSEWHERE, live_server.port, Host=name) == 421
    console.press("let-in", address="")
    assert status_at("127.0.0.1", live_server.port, Host=f"{ELSEWHERE}:{live_server.port}") == 421


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[str, str]:
    """A certificate for another address of this machine, signed by itself."""
    return write_certificate(tmp_path, ELSEWHERE)


@needs_second_address
def test_a_room_that_is_closed_lets_nobody_in_after_a_restart(
    live_server: LiveServer, session: Session, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "networks", lambda: [Network(ELSEWHERE, "wlan0", "wifi")])
    console.press("let-in", address=ELSEWHERE)
    live_server.restart()
    assert live_server.server.listeners.let_in_at == ELSEWHERE
    console.press("close-session", days=7)
    live_server.restart()
    live_server.new_session()
    assert live_server.server.listeners.let_in_at == ""


@pytest.fixture
def secure(edition: Path, json_pages: None, tmp_path: Path, certificate: tuple[str, str]) -> Iterator[LiveServer]:
    live_server = LiveServer(tmp_path, tls=certificate)
    yield live_server
    live_server.close()


@needs_second_address
def test_with_a_certificate_phones_join_over_tls_and_the_console_warns_of_none(
    secure: LiveServer, certificate: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "networks", lambda: [Network(ELSEWHERE, "wlan0", "wifi")])
    session = secure.new_session()
    console = secure.console(session)
    assert console.press("let-in", address=ELSEWHERE).status == 200
    trusted = ssl.create_default_context(cafile=certificate[0])
    connection = http.client.HTTPSConnection(ELSEWHERE, secure.port, context=trusted, timeout=30)
    origin = f"https://{ELSEWHERE}:{secure.port}"
    connection.request("POST", f"/j/{session.access.link}", "", {"Origin": origin})
    came = connection.getresponse()
    assert (came.status, came.read()) == (303, b"")
    assert "Secure" in (came.getheader("Set-Cookie") or "")
    connection.request("POST", f"/j/{session.access.link}", "", {"Origin": origin.replace("https", "http")})
    assert connection.getresponse().status == 403
    connection.close()
    assert console.view("screen")["join"]["secure"] is True
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        status_at(ELSEWHERE, secure.port)


@pytest.fixture
def html_server(tmp_path: Path) -> Iterator[LiveServer]:
    """Return a server with the pages that people see."""
    server = LiveServer(tmp_path)
    yield server
    server.close()


def test_every_file_that_a_page_names_is_served(html_server: LiveServer) -> None:
    session = html_server.new_session()
    console, phone = html_server.console(session), html_server.phone(session)
    pages = [console.get(f"/console/{session.id}/{name}") for name in ("", "screen", "cards")]
    pages += [phone.get(f"/r/{session.id}/"), html_server.browser().get("/")]
    named = {name for page in pages for name in re.findall(r"""(?:href|src)="(/static/[^"]+)\"""", page.body.decode())}
    assert {name.partition("?")[0].rpartition("/")[2] for name in named} >= {"large_windows.css", "phone.js"}
    assert [name for name in sorted(named) if html_server.browser().get(name).status != 200] == []


def test_files_of_the_pages_are_as_careful_as_the_pages(live_server: LiveServer, session: Session) -> None:
    browser = Browser(live_server.port)
    served = browser.get("/static/shared.css")
    assert served.status == 200
    assert "default-src 'none'" in served.headers["content-security-policy"]
    assert served.headers["server"] == "session"
    assert browser.get("/static/shared.css", Host="elsewhere.example").status == 421
    tokens = browser.get("/static/tokens.css")
    assert tokens.status == 200
    assert tokens.headers["content-type"].startswith("text/css")
    assert "default-src 'none'" in tokens.headers["content-security-policy"]
    for path in ("/static/%00", "/static/../commands.py", "/static/%2e%2e/commands.py", "/static/none.css"):
        assert browser.get(path).status == 404


@needs_second_address
def test_while_the_loop_stands_still_phones_are_told_to_try_again_over_tls_too(
    secure: LiveServer, certificate: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "networks", lambda: [Network(ELSEWHERE, "wlan0", "wifi")])
    monkeypatch.setattr(health, "TLS_SECONDS", 0.2)
    secure.run(secure.server.let_in(ELSEWHERE, secure.new_session()))
    watch = secure.server._loop_watch
    assert watch
    watch.stop()  # this test looks itself
    trusted = ssl.create_default_context(cafile=certificate[0])

    def ask() -> tuple[int, str | None]:
        connection = http.client.HTTPSConnection(ELSEWHERE, secure.port, context=trusted, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request("GET", "/")
            reply = connection.getresponse()
            return reply.status, reply.getheader("Retry-After")

    with stuck_loop(secure), socket.create_connection((ELSEWHERE, secure.port)), ThreadPoolExecutor(1) as asking:
        asked = asking.submit(ask)  # one that came before says nothing at all, and holds nobody up

        def is_answered() -> bool:
            watch.look()
            return asked.done()

        until(is_answered)
        assert asked.result() == (503, "5")
    assert ask()[0] == 200
