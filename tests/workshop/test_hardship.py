"""A full disk, a clock that jumps, an end in the middle of the end: nothing is promised that is not kept."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sql

from course.workshop import store
from course.workshop.session import OpenRoom
from tests.workshop.stage import Browser, Host, Stage, answer

SECRET = "Sphinx of black quartz"


def limit_disk(stage: Stage, pages: int) -> None:
    """Let the store's file grow no further than so many pages."""
    engine = stage.server._store._engine
    engine.dispose()

    @sql.event.listens_for(engine, "connect")
    def limit(connection: Any, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}").close()


def fill(phones: list[Browser], room: OpenRoom, revision: int) -> list[int]:
    """Have each phone write a long line; return how each is answered."""
    lines = [f"{number} {'x' * 190}" for number in range(len(phones))]
    return [
        answer(phone, room, "differences", line, revision).status for phone, line in zip(phones, lines, strict=True)
    ]


def test_on_a_full_disk_nothing_is_acknowledged_and_nothing_shown(stage: Stage, room: OpenRoom, host: Host) -> None:
    phones = [stage.phone(room) for _ in range(40)]
    for question in ("differences", "leak"):
        host.press("open", question=question)
    for number, phone in enumerate(phones[:10]):
        assert answer(phone, room, "leak", "AC"[number % 2]).status == 200
    limit_disk(stage, 1)
    statuses = fill(phones, room, 1)
    assert set(statuses) == {200, 503}
    for phone, status in zip(phones, statuses, strict=True):
        assert ("differences" in phone.get(f"/r/{room.room}/mine").json["mine"]) is (status == 200)
    limit_disk(stage, 100_000)
    assert set(fill(phones, room, 2)) == {200}
    assert len(stage.server._store.answers(room.room)) == 50


def test_what_could_not_be_kept_is_not_shown_and_is_kept_later(stage: Stage, room: OpenRoom, host: Host) -> None:
    host.press("open", question="leak")
    for number in range(10):
        answer(stage.phone(room), room, "leak", "AC"[number % 2])
    host.press("close", question="leak")
    with contextlib.closing(sqlite3.connect(stage.file, isolation_level=None)) as other:
        other.execute("begin immediate")
        assert host.press("reveal", question="leak").status == 503
        assert host.get(f"/console/{room.room}/screen").status == 503
        other.execute("rollback")
    assert len(host.view("screen")["results"]) == 1
    stage.restart()
    assert len(host.view("screen")["results"]) == 1


@pytest.mark.parametrize("hours", [-30, -1, 1, 20])
def test_a_clock_that_jumps_loses_nobody(
    stage: Stage, room: OpenRoom, host: Host, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    phone, now = stage.phone(room), time.time()
    host.press("open", question="leak")
    host.press("timer", minutes="5")
    monkeypatch.setattr(time, "time", lambda: now + 3600 * hours)
    assert host.view("screen")["timer"] == {"left": 0 if hours > 0 else 300, "of": 300}
    assert answer(phone, room, "leak", "A").status == 200
    assert host.press("close", question="leak").status == 200
    monkeypatch.setattr(time, "time", lambda: now + 3600 * 25)
    assert host.get(f"/console/{room.room}/").status == 403
    assert answer(phone, room, "leak", "A", 2).status == 409


def test_an_end_in_the_middle_of_the_close_leaves_no_trace_either(
    stage: Stage, room: OpenRoom, host: Host, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    host.press("open", question="attention")
    for number in range(6):
        answer(stage.phone(room), room, "attention", f"{SECRET} {number}")
    people, key = list(room.live.people), room.people.key if room.people else b""

    def cut(engine: sql.Engine) -> None:
        raise OSError("The lights go out.")

    with monkeypatch.context() as patch:
        patch.setattr(store, "scrub", cut)
        assert host.press("close-room", days=1).status == 503
    stage.restart()
    assert host.view()["is_closed"]
    for path in tmp_path.glob("rooms.sqlite*"):
        found = path.read_bytes()
        assert SECRET.encode() not in found
        assert key not in found
        assert not [person for person in people if person.encode() in found]


def test_a_close_that_could_not_be_written_can_be_pressed_again(stage: Stage, room: OpenRoom, host: Host) -> None:
    host.press("open", question="leak")
    for number in range(10):
        answer(stage.phone(room), room, "leak", "AC"[number % 2])
    for act in ("close", "reveal"):
        host.press(act, question="leak")
    with contextlib.closing(sqlite3.connect(stage.file, isolation_level=None)) as other:
        other.execute("begin immediate")
        assert host.press("close-room", days=1).status == 503
        other.execute("rollback")
    assert host.press("close-room", days=1).status == 200
    assert stage.server._store.answers(room.room) == []
    stage.restart()
    (chart,) = host.get(f"/console/{room.room}/export.json").json["charts"]
    assert chart["spec"]["parts"][0]["shown"]["counts"] == {"A": 5, "B": 0, "C": 5}
