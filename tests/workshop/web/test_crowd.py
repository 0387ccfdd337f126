"""Many who hang on the line, and some who do not read: nobody else waits for them."""

from __future__ import annotations

import contextlib
import http.client
import select
import socket
from collections.abc import Iterator

import pytest

from course.workshop.commands import raise_process_limits
from course.workshop.sessions.session import Session
from course.workshop.web import listeners
from course.workshop.web.listeners import Endpoint
from tests.workshop.follower import Follower
from tests.workshop.live_server import Console, LiveServer, answer

pytestmark = pytest.mark.slow

resource = pytest.importorskip("resource", reason="this system limits open connections in another way")
CAP = 300


@contextlib.contextmanager
def idle(port: int, many: int) -> Iterator[list[socket.socket]]:
    """Open connections on which nothing is sent."""
    with contextlib.ExitStack() as held:
        yield [held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30)) for _ in range(many)]


def wait_for_the_end(connection: socket.socket) -> bool:
    """Wait until the server hangs up."""
    connection.settimeout(60)
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


def is_open(connection: socket.socket) -> bool:
    """Say whether nothing has come from the server by now, not even that it hung up."""
    return not select.select([connection], [], [], 0)[0]


def test_ten_thousand_may_hang_on_the_line_and_the_system_is_asked_for_as_many() -> None:
    raise_process_limits()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert listeners.MOST_CONNECTIONS > 10_000
    assert soft > listeners.MOST_CONNECTIONS or soft == hard


def test_above_the_most_nobody_is_taken_and_those_who_are_in_go_on(
    live_server: LiveServer, session: Session, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "MOST_CONNECTIONS", CAP)
    monkeypatch.setattr(listeners, "SPARE_FOR_LOOPBACK", 0)
    phone = live_server.phone(session)
    console.press("open", question="leak")
    follower = Follower(phone, f"/r/{session.id}/events")
    connection = http.client.HTTPConnection("127.0.0.1", live_server.port, timeout=30)
    connection.request("GET", "/")
    assert connection.getresponse().read()
    with idle(live_server.port, CAP + 20) as held:
        assert all(map(wait_for_the_end, held[-20:]))
        connection.request("GET", "/")
        assert connection.getresponse().status == 200
        assert is_open(held[0])
        live_server.run(session.perform("close", {"question": "leak"}, 0.0))
        assert b"event: session" in follower.next()
    connection.close()
    live_server.run(session.perform("open", {"question": "leak"}, 0.0))
    assert answer(phone, session, "leak", "A").status == 200
    follower.close()


def test_who_follows_counts_among_those_who_are_in(
    live_server: LiveServer, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    followers = [Follower(live_server.phone(session), f"/r/{session.id}/events") for _ in range(3)]
    monkeypatch.setattr(listeners, "MOST_CONNECTIONS", 3)
    monkeypatch.setattr(listeners, "SPARE_FOR_LOOPBACK", 0)
    with idle(live_server.port, 1) as (late,):
        assert wait_for_the_end(late)
    for follower in followers:
        follower.close()


def test_no_crowd_keeps_the_facilitator_out(
    live_server: LiveServer, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "MOST_CONNECTIONS", 20)
    with idle(live_server.port, 20):
        assert console.press("open", question="leak").status == 200
        assert live_server.server.listeners.is_full(Endpoint("http://192.0.2.7:8890", frozenset(), frozenset()))


def text_shown(follower: Follower) -> str:
    """Return the next text that the channel shows; what the session itself shows of those who came is passed over."""
    while not isinstance(text := follower.shown().get("main"), str):
        pass
    return text


def test_a_reader_who_stops_is_skipped_and_gets_the_latest_once_awake(
    live_server: LiveServer, session: Session
) -> None:
    channel = live_server.run(live_server.server.broadcast.channel(session, "phone"))

    async def show(text: str) -> int:
        channel.show({"main": f'"{text}"'})
        return sum(stream._write_buffer._size for stream in channel._streams)

    with contextlib.ExitStack() as followers:
        asleep, awake = (
            followers.enter_context(contextlib.closing(Follower(live_server.phone(session), f"/r/{session.id}/events")))
            for _ in range(2)
        )
        for stream in channel._streams:
            stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        for follower in (asleep, awake):
            follower.waiting()
        waiting = live_server.run(show("x" * 4_000_000))
        assert waiting > 0
        assert text_shown(awake).startswith("xxx")
        for number in range(20):
            assert live_server.run(show(f"later {number}")) <= waiting
            assert text_shown(awake) == f"later {number}"
        assert text_shown(asleep).startswith("xxx")
        live_server.run(show("later 19"))
        assert text_shown(asleep) == "later 19"
