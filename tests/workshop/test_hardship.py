"""A full disk, a clock that jumps, an end in the middle of the end: nothing is promised that is not kept."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sql

from course.core import error_log
from course.workshop.sessions.session import Session
from course.workshop.store import store
from tests.workshop.live_server import Browser, Console, LiveServer, answer
from tests.workshop.stored_rows import stored_keys

pytestmark = pytest.mark.slow

SECRET = "Sphinx of black quartz"


def limit_disk(live_server: LiveServer, pages: int) -> None:
    """Let the store's file grow no further than so many pages."""
    engine = live_server.server._store._engine
    engine.dispose()

    @sql.event.listens_for(engine, "connect")
    def limit(connection: Any, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}").close()


def fill(phones: list[Browser], session: Session, revision: int) -> list[int]:
    """Have each phone write a long line; return how each is answered."""
    lines = [f"{number} {'x' * 190}" for number in range(len(phones))]
    return [
        answer(phone, session, "differences", line, revision).status for phone, line in zip(phones, lines, strict=True)
    ]


def test_on_a_full_disk_nothing_is_acknowledged_and_nothing_shown(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phones = [live_server.phone(session) for _ in range(40)]
    for question in ("differences", "leak"):
        console.press("open", question=question)
    for number, phone in enumerate(phones[:10]):
        assert answer(phone, session, "leak", "AC"[number % 2]).status == 200
    limit_disk(live_server, 1)
    statuses = fill(phones, session, 1)
    assert set(statuses) == {200, 503}
    for phone, status in zip(phones, statuses, strict=True):
        assert ("differences" in phone.get(f"/r/{session.id}/mine").json["mine"]) is (status == 200)
    log = error_log.log_path().read_text(encoding="utf-8")
    assert (" workshop: OperationalError at " in log, "xxx" in log) == (True, False)
    limit_disk(live_server, 100_000)
    assert set(fill(phones, session, 2)) == {200}
    assert len(live_server.server._store.answers(session.id)) == 50


def test_what_could_not_be_kept_is_not_shown_and_is_kept_later(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("open", question="leak")
    for number in range(10):
        answer(live_server.phone(session), session, "leak", "AC"[number % 2])
    console.press("close", question="leak")
    with contextlib.closing(sqlite3.connect(live_server.file, isolation_level=None)) as other:
        other.execute("begin immediate")
        assert console.press("reveal", question="leak").status == 503
        assert console.get(f"/console/{session.id}/screen").status == 503
        other.execute("rollback")
    assert len(console.view("screen")["results"]) == 1
    live_server.restart()
    assert len(console.view("screen")["results"]) == 1


@pytest.mark.parametrize("hours", [-30, -1, 1, 20])
def test_a_clock_that_jumps_loses_nobody(
    live_server: LiveServer, session: Session, console: Console, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    phone, now = live_server.phone(session), time.time()
    console.press("open", question="leak")
    console.press("timer", minutes="5")
    monkeypatch.setattr(time, "time", lambda: now + 3600 * hours)
    assert console.view("screen")["timer"] == {"left": 0 if hours > 0 else 300, "of": 300}
    assert answer(phone, session, "leak", "A").status == 200
    assert console.press("close", question="leak").status == 200
    monkeypatch.setattr(time, "time", lambda: now + 3600 * 25)
    assert console.get(f"/console/{session.id}/").status == 403
    assert answer(phone, session, "leak", "A", 2).status == 409


def test_an_end_in_the_middle_of_the_close_leaves_no_trace_either(
    live_server: LiveServer, session: Session, console: Console, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    console.press("open", question="attention")
    for number in range(6):
        answer(live_server.phone(session), session, "attention", f"{SECRET} {number}")
    people, key = list(session.model.people), session.phone_tokens.key if session.phone_tokens else b""

    def cut(engine: sql.Engine) -> None:
        raise OSError("The lights go out.")

    ((key_file,), contents_key) = [*tmp_path.glob("keys/*.json")], stored_keys(live_server.file, session.id).contents
    with monkeypatch.context() as patch:
        patch.setattr(store, "scrub", cut)
        assert console.press("close-session", days=1).status == 200
        (kept_key_file,) = tmp_path.glob("keys/*.json")
        assert kept_key_file.name != key_file.name
        assert contents_key.hex() not in kept_key_file.read_text(encoding="utf-8")
    live_server.restart()
    assert console.view()["is_closed"]
    for path in tmp_path.glob("rooms.sqlite*"):
        content = path.read_bytes()
        assert SECRET.encode() not in content
        assert key not in content
        assert not [person for person in people if person.encode() in content]


def test_a_close_that_could_not_be_written_can_be_pressed_again(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("open", question="leak")
    for number in range(10):
        answer(live_server.phone(session), session, "leak", "AC"[number % 2])
    for act in ("close", "reveal"):
        console.press(act, question="leak")
    with contextlib.closing(sqlite3.connect(live_server.file, isolation_level=None)) as other:
        other.execute("begin immediate")
        assert console.press("close-session", days=1).status == 503
        other.execute("rollback")
    assert console.press("close-session", days=1).status == 200
    assert live_server.server._store.answers(session.id) == []
    live_server.restart()
    (chart,) = console.get(f"/console/{session.id}/export.json").json["charts"]
    assert chart["spec"]["parts"][0]["shown"]["counts"] == {"A": 5, "B": 0, "C": 5}
