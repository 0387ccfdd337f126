"""After the workshop: who said what is destroyed, the rest stays for some days, and erased is erased."""

from __future__ import annotations

import asyncio
import datetime
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sql

from course.core import moments
from course.core.moments import clock_at
from course.workshop.sessions.session import Session
from course.workshop.store.tables import ANSWERS, PEOPLE
from course.workshop.web import server
from tests.workshop.follower import Follower
from tests.workshop.live_server import Console, LiveServer, answer

pytestmark = pytest.mark.slow

SECRET = "Sphinx of black quartz"


def left_in(folder: Path, text: str) -> list[str]:
    """Return the files of the store that hold a text."""
    return [path.name for path in folder.glob("rooms.sqlite*") if text.encode() in path.read_bytes()]


@pytest.fixture
def busy(live_server: LiveServer, session: Session, console: Console) -> Session:
    """A session in which ten phones have said much."""
    for question in ("leak", "attention", "thanks"):
        console.press("open", question=question)
    for number in range(10):
        phone = live_server.phone(session)
        answer(phone, session, "leak", "AC"[number % 2])
        answer(phone, session, "attention", f"{SECRET} {number}")
    for line in console.view()["lines"][:6]:
        console.press("approve", line=line["line"])
    for question in ("leak", "attention"):
        console.press("close", question=question)
        console.press("reveal", question=question)
    return session


def test_closing_destroys_who_said_what(
    live_server: LiveServer, busy: Session, console: Console, tmp_path: Path
) -> None:
    phone = live_server.phone(busy)
    people, key = list(busy.model.people), busy.phone_tokens.key if busy.phone_tokens else b""
    approved = {line["text"] for line in console.view()["lines"] if line["status"] == "approved"}
    other = {f"{SECRET} {number}" for number in range(10)} - approved
    shown = console.view("screen")["results"]
    assert console.press("close-session", days=7).status == 200
    assert live_server.server._store.answers(busy.id) == []
    assert not [person for person in people if left_in(tmp_path, person)]
    assert not [text for text in other if left_in(tmp_path, text)]
    assert all(key not in path.read_bytes() for path in tmp_path.glob("rooms.sqlite*"))
    assert [result["lines"] for result in console.view("screen")["results"]] == [result["lines"] for result in shown]
    assert console.get(f"/console/{busy.id}/export.csv").status == 200
    assert answer(phone, busy, "leak", "A", 9).status == 410
    assert console.press("open", question="leak").status == 410


def test_what_comes_while_a_room_closes_is_refused_and_leaves_nothing_behind(
    live_server: LiveServer, session: Session, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    for question in ("leak", "attention"):
        console.press("open", question=question)
    assert session.phone_tokens
    tokens = [phone.cookies[f"phone-{session.id}"] for phone in (live_server.phone(session) for _ in range(2))]
    early, late = (session.person(token) for token in tokens)
    store, is_writing, goes_on = live_server.server._store, threading.Event(), threading.Event()
    write = store._write

    def held(jobs: Any) -> Any:
        is_writing.set()
        goes_on.wait()
        return write(jobs)

    async def close_meanwhile() -> list[Any]:
        def send(person: str) -> list[Any]:
            said = {"leak": "A", "attention": SECRET}
            return [session.answer(person, {"part": part, "revision": 1, "answer": said[part]}, 0.0) for part in said]

        newcomer = session.person(session.join())
        first = [*send(early), session.close(1, moments.local(moments.now()).date())]
        tasks = [asyncio.ensure_future(each) for each in first]
        await asyncio.get_running_loop().run_in_executor(None, is_writing.wait)
        tasks += [asyncio.ensure_future(each) for each in (*send(late), session.arrive(newcomer))]
        await asyncio.sleep(0)  # all of them have begun
        goes_on.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    monkeypatch.setattr(store, "_write", held)
    done = live_server.run(close_meanwhile())
    assert [reply["saved"] for reply in done[:2]] == [True, True]
    assert [refusal.status for refusal in done[3:]] == [410, 410, 410]
    assert (session.model.people, session.model.answers.parts(), session.model.lines.every()) == (set(), set(), [])


def test_what_stays_after_closing_is_there_after_a_restart(
    live_server: LiveServer, busy: Session, console: Console
) -> None:
    console.press("close-session", days=7)
    taken = console.get(f"/console/{busy.id}/export.json").json
    assert taken["charts"][0]["spec"]["parts"][0]["shown"]["counts"] == {"A": 5, "B": 0, "C": 5}
    joined = console.view("screen")["joined"]
    live_server.restart()
    assert console.get(f"/console/{busy.id}/export.json").json == taken
    assert console.view("screen")["joined"] == joined == 10


def test_deleting_leaves_no_byte_of_any_answer(
    live_server: LiveServer, busy: Session, console: Console, tmp_path: Path
) -> None:
    people, keys = list(busy.model.people), [busy.access.key, busy.phone_tokens.key if busy.phone_tokens else b""]
    other = live_server.new_session()
    assert [*tmp_path.glob(f"keys/{busy.id}-*")]
    assert console.press("delete-session", sure="").status == 400
    assert "erased" in console.press("delete-session", sure="yes").json["deleted"]
    for path in tmp_path.glob("rooms.sqlite*"):
        data = path.read_bytes()
        assert SECRET.encode() not in data
        assert not [person for person in people if person.encode() in data]
        assert not [key for key in keys if key in data]
    assert [path.name[:8] for path in tmp_path.glob("keys/*")] == [other.id]
    assert other.id.encode() in (tmp_path / "rooms.sqlite").read_bytes()
    assert console.get(f"/console/{busy.id}/").status == 404


def test_with_the_last_room_the_file_goes(
    live_server: LiveServer, busy: Session, console: Console, tmp_path: Path
) -> None:
    console.press("delete-session", sure="yes")
    assert [path.name for path in tmp_path.glob("rooms.sqlite*") if path.suffix != ".lock"] == []
    again = live_server.new_session()
    assert answer(live_server.phone(again), again, "leak", "A").status == 409


def test_with_no_days_nothing_stays(live_server: LiveServer, busy: Session, console: Console, tmp_path: Path) -> None:
    assert console.press("close-session", days=0).status == 200
    assert not left_in(tmp_path, SECRET)
    assert live_server.server.sessions.by_id == {}


def test_days_are_at_most_seven_and_then_over(live_server: LiveServer, busy: Session, console: Console) -> None:
    for days in (8, -1, "x", 3.5):
        assert console.press("close-session", days=days).status == 400
    assert busy.phone_tokens
    today = moments.start_of_day(datetime.date(2026, 11, 22))
    with clock_at(datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)):
        console.press("close-session", days=2)
    live_server.run(live_server.server.sweep(today + datetime.timedelta(days=1)))
    assert busy.id in live_server.server.sessions.by_id
    live_server.run(live_server.server.sweep(today + datetime.timedelta(days=2)))
    assert live_server.server.sessions.by_id == {}


def test_no_file_tells_who_was_first_or_when(live_server: LiveServer, busy: Session, console: Console) -> None:
    rows = live_server.server._store.answers(busy.id)
    assert [row[:2] for row in rows] == sorted(row[:2] for row in rows)
    for table in (ANSWERS, PEOPLE):
        assert not [column.name for column in table.columns if isinstance(column.type, sql.DateTime | sql.Float)]
        with live_server.server._store._engine.connect() as connection, pytest.raises(sql.exc.OperationalError):
            connection.exec_driver_sql(f"select rowid from {table.name}")


def test_a_server_that_goes_on_running_erases_what_is_over_and_lets_its_pages_go(
    live_server: LiveServer, busy: Session, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    console.press("close-session", days=1)
    monkeypatch.setattr(server, "SWEEP", 0.01)
    live_server.restart()
    follower = Follower(console, f"/console/{busy.id}/events")
    assert follower.next().startswith(b"event: session")
    live_server.server.sessions.by_id[busy.id].gone_after = "2000-01-01"
    assert follower.next().startswith(b"event: gone")
    follower.close()
    assert live_server.server.sessions.by_id == {}
