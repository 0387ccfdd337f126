"""What dies or fills up is noticed, said on the console, answered with 503, and started again where that is safe."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import http.client
import os
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sql

from course.core import error_log
from course.workshop.sessions.session import Session
from course.workshop.store.writer_progress import MOST_RESTARTS, STUCK_LOOKS
from course.workshop.web.health import STILL_LOOKS, LoopWatch
from tests.workshop.follower import Follower
from tests.workshop.live_server import Browser, Console, LiveServer, answer

pytestmark = pytest.mark.slow

PATIENCE = 60.0


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, which other threads bring about."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "it did not come to pass"
        threading.Event().wait(0.01)


@pytest.fixture(autouse=True)
def nothing_warm() -> None:
    """Start the process that draws when the server does."""


@pytest.fixture(autouse=True)
def tended_by_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the server look after nothing by itself in these tests: they look, so that no test waits for a clock."""

    async def never(self: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("course.workshop.web.server.Server._tend_on", never)
    monkeypatch.setattr("course.workshop.web.server.Server._try_writing_on", never)


def tend(live_server: LiveServer, looks: int = 1) -> None:
    async def look() -> None:
        for _ in range(looks):
            live_server.server.tend()

    live_server.run(look())


def troubles(console: Console) -> list[str]:
    return [trouble["trouble"] for trouble in console.view()["troubles"]]


# The writer


def kill_writer(live_server: LiveServer) -> None:
    """Have Python end the writer's thread, wherever it is."""
    thread = live_server.server._store._thread
    assert ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(SystemExit))
    live_server.server._store.put([], lambda error: None)  # so that it wakes up to it
    until(lambda: not thread.is_alive())


def test_a_writer_that_was_killed_is_started_again_and_said_to_be(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phone = live_server.phone(session)
    console.press("open", question="leak")
    kill_writer(live_server)
    jobs = live_server.server._store._jobs
    left = jobs.qsize()  # it may have been ended before it took what it was woken up with
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(answer, phone, session, "leak", "A")
        until(lambda: jobs.qsize() > left)
        tend(live_server)
        reply = waiting.result(PATIENCE)
    assert (reply.status, reply.headers["retry-after"]) == (503, "2")
    assert answer(phone, session, "leak", "A").status == 200
    tend(live_server, 2)
    assert troubles(console) == ["writer-restarted"]
    assert " workshop: SystemExit at " in error_log.log_path().read_text(encoding="utf-8")
    live_server.restart()
    assert session.model.answers.of("leak").keys() == live_server.server.sessions.find(session.id).model.people


def test_a_writer_that_dies_each_time_lets_nobody_wait(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phone = live_server.phone(session)
    console.press("open", question="leak")
    for _ in range(MOST_RESTARTS + 1):
        kill_writer(live_server)
        tend(live_server)
    assert answer(phone, session, "leak", "A").status == 503
    assert troubles(console)[0] == "writer-dead"
    refused = console.press("close", question="leak")
    assert (refused.status, "has stopped, and did so again" in refused.json["error"]) == (503, True)


@contextmanager
def held_disk(live_server: LiveServer) -> Iterator[None]:
    """Have the disk not answer."""
    store, lets_go = live_server.server._store, threading.Event()
    commit = store._commit

    def held(connection: sql.Connection) -> None:
        lets_go.wait(PATIENCE)
        commit(connection)

    store._commit = held  # type: ignore[method-assign]
    try:
        yield
    finally:
        lets_go.set()
        store._commit = commit  # type: ignore[method-assign]


def test_a_disk_that_does_not_answer_lets_nobody_wait_and_is_said(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phone, late = live_server.phone(session), live_server.phone(session)
    console.press("open", question="leak")
    with held_disk(live_server), ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(answer, phone, session, "leak", "A")
        until(lambda: bool(live_server.server._store._in_flight))
        tend(live_server, STUCK_LOOKS - 1)
        assert not waiting.done()
        tend(live_server, 2)
        assert waiting.result(PATIENCE).status == 503
        assert answer(late, session, "leak", "C").status == 503
        assert troubles(console) == ["writer-stuck"]
    until(lambda: not live_server.server._store._in_flight)
    tend(live_server)
    assert troubles(console) == []
    assert answer(phone, session, "leak", "A").status == 200
    assert answer(late, session, "leak", "C").status == 200
    assert len(session.model.answers.of("leak")) == 2


# The disk


def limit_disk(live_server: LiveServer, pages: int) -> None:
    """Let the store's file grow no further than so many pages."""
    engine = live_server.server._store._engine
    engine.dispose()

    @sql.event.listens_for(engine, "connect")
    def limit(connection: Any, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}").close()


def fill(live_server: LiveServer, session: Session, phones: list[Browser]) -> Browser:
    """Write until the disk is full; return the phone whose answer found no room."""
    limit_disk(live_server, 1)
    for revision in range(1, 4):
        for phone in phones:
            if answer(phone, session, "differences", "x" * 190, revision).status == 503:
                return phone
    raise AssertionError("it is not full")


def test_a_full_disk_is_said_where_it_helps_and_goes_on_when_there_is_room(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phones = [live_server.phone(session) for _ in range(40)]
    for question in ("differences", "leak"):
        console.press("open", question=question)
    events = Follower(console, f"/console/{session.id}/events")
    assert events.shown()["alert"] == []
    late = fill(live_server, session, phones)
    refused = late.form(f"/r/{session.id}/answer", {"part": "differences", "answer": "y" * 190})
    assert refused.status == 503
    assert "keep this page open" in refused.body.decode()
    assert "tell the facilitator" not in refused.body.decode()
    tend(live_server)
    while not (shown := events.shown().get("alert")):
        pass
    assert [trouble["trouble"] for trouble in shown] == ["disk-full"]
    live_server.run(live_server.server.try_writing())
    tend(live_server)
    assert troubles(console) == ["disk-full"]
    limit_disk(live_server, 100_000)
    live_server.run(live_server.server.try_writing())
    tend(live_server)
    while events.shown().get("alert"):
        pass
    events.close()
    assert troubles(console) == []
    assert late.form(f"/r/{session.id}/answer", {"part": "differences", "answer": "y" * 190}).status == 303
    assert live_server.server._store.totals("") == {}


def test_the_console_is_told_also_while_something_of_it_cannot_be_kept(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    events = Follower(console, f"/console/{session.id}/events")
    with contextlib.closing(sqlite3.connect(live_server.file, isolation_level=None)) as other:
        other.execute("begin immediate")
        assert console.press("open", question="leak").status == 503
        tend(live_server)
        while not (shown := events.shown().get("alert")):
            pass
        assert [trouble["trouble"] for trouble in shown] == ["not-written"]
        refused = console.get(f"/console/{session.id}/")
        assert (refused.status, "Close other programs" in refused.body.decode()) == (503, True)
        other.execute("rollback")
    assert console.view()["troubles"] == []
    events.close()


# The process that draws


@pytest.mark.skipif(os.name != "posix", reason="a process is ended by a signal")
def test_a_drawing_process_that_was_killed_is_replaced(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    charts = live_server.server.charts

    async def warm() -> int:
        charts.warm_up()
        assert charts.warming
        await charts.warming
        assert charts._process
        return charts._process.pid

    first = live_server.run(warm())
    os.kill(first, signal.SIGKILL)
    console.press("open", question="leak")
    for number in range(10):
        answer(live_server.phone(session), session, "leak", "AC"[number % 2])
    console.press("close", question="leak")
    console.press("reveal", question="leak")
    [result] = console.view("screen")["results"]
    assert console.get(result["chart"]).status == 200
    assert charts._process
    assert charts._process.pid != first
    assert troubles(console) == []


def test_charts_that_cannot_be_drawn_are_said_until_they_can(
    live_server: LiveServer, session: Session, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    console.press("open", question="leak")
    for number in range(10):
        answer(live_server.phone(session), session, "leak", "AC"[number % 2])
    console.press("close", question="leak")
    console.press("reveal", question="leak")
    [result] = console.view("screen")["results"]
    if live_server.server.charts.warming:
        live_server.run(asyncio.wait_for(live_server.server.charts.warming, PATIENCE))
    live_server.run(live_server.server.charts._end_process())
    with monkeypatch.context() as broken:
        broken.setattr("sys.executable", "/bin/false")
        refused = console.get(result["chart"])
    assert refused.status == 503
    assert troubles(console) == ["charts"]
    assert console.get(result["chart"]).status == 200
    assert troubles(console) == []


# The loop


@contextmanager
def stuck_loop(live_server: LiveServer) -> Iterator[None]:
    """Have the server's loop stand still."""
    stands, lets_go = threading.Event(), threading.Event()

    def stand() -> None:
        stands.set()
        lets_go.wait(PATIENCE)

    live_server._loop.call_soon_threadsafe(stand)
    assert stands.wait(PATIENCE)
    try:
        yield
    finally:
        lets_go.set()


def test_while_the_loop_stands_still_phones_are_told_to_try_again(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    watch = live_server.server._loop_watch
    assert watch
    watch.stop()  # this test looks itself
    tend(live_server)
    watch.look()
    with stuck_loop(live_server):
        for _ in range(STILL_LOOKS - 1):
            watch.look()
        assert not watch.is_still
        connection = http.client.HTTPConnection("127.0.0.1", live_server.port, timeout=PATIENCE)
        connection.request("POST", f"/r/{session.id}/answer", b"{}")
        watch.look()
        reply = connection.getresponse()
        assert (reply.status, reply.getheader("Retry-After")) == (503, "5")
        connection.close()
        assert watch.is_still
        assert "The event loop stands still at " in error_log.log_path().read_text(encoding="utf-8")
    tend(live_server)
    assert troubles(console) == ["stood-still"]
    assert not watch.is_still


def test_a_loop_that_turns_is_left_alone() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        watch = LoopWatch(lambda: [(listening, None)])
        for _ in range(3 * STILL_LOOKS):
            watch.sign_of_life()
            watch.look()
        assert not watch.is_still
        for _ in range(STILL_LOOKS - 1):
            watch.look()
        assert watch.sign_of_life() is False
