"""Many who hang on the line, and some who do not read: nobody else waits for them."""

from __future__ import annotations

import contextlib
import http.client
import socket
from collections.abc import Iterator

import pytest

from course.workshop import listeners
from course.workshop.commands import raise_limits
from course.workshop.events import Channel
from course.workshop.session import OpenRoom
from tests.workshop.follower import Follower
from tests.workshop.stage import Host, Stage, answer

resource = pytest.importorskip("resource", reason="this system limits open connections in another way")
CAP = 300


@contextlib.contextmanager
def idle(port: int, many: int) -> Iterator[list[socket.socket]]:
    """Open connections on which nothing is sent."""
    with contextlib.ExitStack() as held:
        yield [held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5)) for _ in range(many)]


def is_let_go(one: socket.socket) -> bool:
    """Say whether the server has hung up."""
    one.settimeout(0.05)
    try:
        return one.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def test_ten_thousand_may_hang_on_the_line_and_the_system_is_asked_for_as_many() -> None:
    raise_limits()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert listeners.MOST_CONNECTIONS > 10_000
    assert soft > listeners.MOST_CONNECTIONS or soft == hard


def test_above_the_most_nobody_is_taken_and_those_who_are_in_go_on(
    stage: Stage, room: OpenRoom, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "MOST_CONNECTIONS", CAP)
    monkeypatch.setattr(listeners, "SPARE", 0)
    phone = stage.phone(room)
    host.press("open", question="leak")
    follower = Follower(phone, f"/r/{room.room}/events")
    kept = http.client.HTTPConnection("127.0.0.1", stage.port, timeout=5)
    kept.request("GET", "/")
    assert kept.getresponse().read()
    with idle(stage.port, CAP + 20) as held:
        assert sum(map(is_let_go, held[-20:])) == 20
        assert not is_let_go(held[0])
        kept.request("GET", "/")
        assert kept.getresponse().status == 200
        stage.run(room.act("close", {"question": "leak"}, 0.0))
        assert b"event: room" in follower.next()
    kept.close()
    stage.run(room.act("open", {"question": "leak"}, 0.0))
    assert answer(phone, room, "leak", "A").status == 200
    follower.close()


def test_who_follows_counts_among_those_who_are_in(
    stage: Stage, room: OpenRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    followers = [Follower(stage.phone(room), f"/r/{room.room}/events") for _ in range(3)]
    monkeypatch.setattr(listeners, "MOST_CONNECTIONS", 3)
    monkeypatch.setattr(listeners, "SPARE", 0)
    with idle(stage.port, 1) as (late,):
        assert is_let_go(late)
    for follower in followers:
        follower.close()


def test_no_crowd_keeps_the_facilitator_out(stage: Stage, host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listeners, "MOST_CONNECTIONS", 20)
    with idle(stage.port, 20):
        assert host.press("open", question="leak").status == 200
        assert stage.server.listening.is_full("192.0.2.7")


def test_a_reader_who_stops_is_skipped_and_gets_the_latest_once_awake(stage: Stage, room: OpenRoom) -> None:
    asleep, awake = (Follower(stage.phone(room), f"/r/{room.room}/events") for _ in range(2))
    channel = stage.run(stage.server.following.channel(room, "phone"))

    async def show(channel: Channel, text: str) -> int:
        channel.show({"main": f'"{text}"'})
        return sum(stream._write_buffer._size for stream in channel._streams)

    for stream in channel._streams:
        stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    for follower in (asleep, awake):
        follower.waiting()
    waiting = stage.run(show(channel, "x" * 4_000_000))
    assert waiting > 0
    assert awake.shown()["main"].startswith("xxx")
    for number in range(20):
        still = stage.run(show(channel, f"later {number}"))
        assert still <= waiting
        assert awake.shown()["main"] == f"later {number}"
    assert asleep.shown()["main"].startswith("xxx")
    stage.run(show(channel, "later 19"))
    assert asleep.shown()["main"] == "later 19"
    for follower in (asleep, awake):
        follower.close()
