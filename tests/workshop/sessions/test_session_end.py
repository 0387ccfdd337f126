"""How a session ends: by the facilitator, by itself, or killed in the middle. What was not shown is gone for good."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from course.core import moments
from course.workshop.sessions.session import Session
from course.workshop.sessions.sessions import Sessions
from course.workshop.store.encryption import Unreadable
from course.workshop.store.session_keys import KeyFolder, SessionKeys
from course.workshop.store.session_rows import SessionRows
from tests.workshop.live_server import Browser, Console, LiveServer, answer
from tests.workshop.stored_rows import stored_answers, stored_keys

pytestmark = pytest.mark.slow

SECRET = "Sphinx of black quartz"
NOON = datetime.datetime(2026, 11, 22, 12, 20, tzinfo=datetime.UTC)


def hours(number: float) -> datetime.datetime:
    return NOON + datetime.timedelta(hours=number)


def files(folder: Path) -> list[Path]:
    """Return the files of the store and of its keys."""
    return [*folder.glob("rooms.sqlite*"), *folder.glob("keys/*")]


def fill(live_server: LiveServer, session: Session, console: Console, people: int = 10) -> list[Browser]:
    """Let phones answer a vote and write a line each."""
    for question in ("leak", "attention"):
        console.press("open", question=question)
    phones = [live_server.phone(session) for _ in range(people)]
    for number, phone in enumerate(phones):
        answer(phone, session, "leak", "AC"[number % 2])
        answer(phone, session, "attention", f"{SECRET} {number}")
    return phones


# Encrypted


def test_nothing_that_people_gave_stands_in_the_store_as_it_is(
    live_server: LiveServer, session: Session, console: Console, tmp_path: Path
) -> None:
    fill(live_server, session, console)
    tokens = [session.access.link, session.access.code, session.access.key.hex()]
    secrets = [SECRET, *session.model.people, *tokens, session.model.script.title]
    for path in tmp_path.glob("rooms.sqlite*"):
        assert not [text for text in secrets if text.encode() in path.read_bytes()]


def test_the_same_phone_has_another_name_in_each_question(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    fill(live_server, session, console, people=1)
    names = {row[1] for row in live_server.server._store.answers(session.id)} | live_server.server._store.people(
        session.id
    )
    assert len(names) == 3
    assert {row[1] for row in stored_answers(live_server.file, session.id)} == session.model.people


def test_what_is_stored_of_a_vote_has_one_length(live_server: LiveServer, session: Session, console: Console) -> None:
    console.press("open", question="boundaries")
    for value in ("keep", "change", "unsure", None):
        answer(live_server.phone(session), session, "boundaries.sources", value)
    lengths = {len(row[3]) for row in live_server.server._store.answers(session.id)}
    assert len(lengths) == 1


def test_an_answer_that_is_moved_to_another_person_cannot_be_read(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    fill(live_server, session, console, people=2)
    (first, second), keys = live_server.server._store.answers(session.id)[:2], stored_keys(live_server.file, session.id)
    with pytest.raises(Unreadable):
        SessionRows(session.id, keys).read_answer(first[0], second[1], first[3])
    with pytest.raises(Unreadable):
        SessionRows("another1", keys).read_answer(first[0], first[1], first[3])


# Closed


def test_a_copy_of_the_store_from_before_the_close_tells_nothing_after_it(
    live_server: LiveServer, session: Session, console: Console, tmp_path: Path
) -> None:
    fill(live_server, session, console)
    copied = tmp_path / "a backup"
    copied.mkdir()
    for path in tmp_path.glob("rooms.sqlite*"):
        shutil.copy(path, copied)
    before = len(stored_answers(live_server.file, session.id))
    assert console.press("close-session", days=7).status == 200
    shutil.copytree(tmp_path / "keys", copied / "keys")
    (key_file,) = copied.glob("keys/*.json")
    keys = KeyFolder(copied / "keys").read(session.id, key_file.stem.partition("-")[2])
    assert keys
    with contextlib.closing(sqlite3.connect(copied / "rooms.sqlite")) as backup:
        rows = backup.execute("select part, person, answer from answers").fetchall()
    assert len(rows) == before == 20
    for row in rows:
        with pytest.raises(Unreadable):
            SessionRows(session.id, keys).read_answer(*row)


def test_a_program_that_reads_the_file_keeps_nothing_readable_and_is_waited_for(
    live_server: LiveServer, session: Session, console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course.workshop.store.store.CALM", 0.01)
    fill(live_server, session, console)
    keys = stored_keys(live_server.file, session.id)
    with contextlib.closing(sqlite3.connect(live_server.file, isolation_level=None)) as reader:
        reader.execute("begin")
        ((held, *_),) = reader.execute("select answer from answers limit 1").fetchall()
        assert console.press("close-session", days=7).status == 200
        assert held.encode() in live_server.file.read_bytes() + Path(f"{live_server.file}-wal").read_bytes()
        assert not [path for path in files(tmp_path) if keys.contents.hex().encode() in path.read_bytes()]
    for _ in range(1000):
        if not any(held.encode() in path.read_bytes() for path in tmp_path.glob("rooms.sqlite*")):
            break
        live_server.run(_a_moment())
    else:
        pytest.fail("The rows of the closed session are still there.")


async def _a_moment() -> None:
    import asyncio

    await asyncio.sleep(0.01)


def test_what_was_not_shown_is_gone(live_server: LiveServer, session: Session, console: Console) -> None:
    fill(live_server, session, console)
    console.press("paper", csv="part,answer,count\nleak,A,7")
    console.press("close", question="attention")
    for line in console.view()["lines"]:
        console.press("approve", line=line["line"])
    console.press("close-session", days=7)
    assert session.model.lines.every() == []
    assert session.model.state.paper == {}
    live_server.restart()
    again = live_server.server.sessions.find(session.id)
    assert (again.model.lines.every(), again.model.state.paper) == ([], {})
    assert live_server.server._store.totals(session.id) == {}


def test_a_line_that_was_shown_and_taken_off_is_gone(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    fill(live_server, session, console)
    console.press("close", question="attention")
    for line in console.view()["lines"]:
        console.press("approve", line=line["line"])
    console.press("reveal", question="attention")
    taken_off, *stays = (line["text"] for line in console.view("screen")["results"][0]["lines"])
    name = next(line["line"] for line in console.view()["lines"] if line["text"] == taken_off)
    console.press("hide", line=name)
    console.press("close-session", days=7)
    live_server.restart()
    lines = live_server.server.sessions.find(session.id).model.lines
    assert sorted(str(lines.words(line)) for line in lines.every()) == sorted(stays)


@pytest.mark.parametrize("moment", ["before the rest is written", "before the key is destroyed"])
def test_a_close_that_is_cut_off_is_whole_or_not_at_all(
    live_server: LiveServer,
    session: Session,
    console: Console,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:
    fill(live_server, session, console)
    open_keys = stored_keys(live_server.file, session.id)

    def cut(*_: object, **__: object) -> None:
        raise OSError("The lights go out.")

    with monkeypatch.context() as patch:
        if moment == "before the rest is written":
            patch.setattr("course.workshop.store.store.Store.forget_people", lambda *job: job[-1](OSError()))
        else:
            patch.setattr(KeyFolder, "destroy", cut)
        assert console.press("close-session", days=7).status == 503
        assert len([*tmp_path.glob("keys/*")]) == 2
        live_server.restart(lambda: patch.undo())
    again = live_server.server.sessions.find(session.id)
    assert again.is_open == (moment == "before the rest is written")
    (key_file,) = tmp_path.glob("keys/*")
    assert (open_keys.contents.hex() in key_file.read_text(encoding="utf-8")) == again.is_open
    assert len(again.model.people) == (10 if again.is_open else 0)


# By itself


def test_a_session_that_nobody_closes_ends_a_day_after_the_last_answer(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course.workshop.web.server.SWEEP", 3600)  # by the real clock, which is another one
    with moments.clock_at(NOON):
        session = live_server.new_session()
        console = live_server.console(session)
        phone = live_server.phone(session)
        console.press("open", question="leak")
        answer(phone, session, "leak", "A")
    live_server.run(live_server.server.sweep(hours(20)))
    live_server.run(live_server.server.sweep(hours(30)))
    assert session.is_open
    answer(phone, session, "leak", "B", 2)
    live_server.run(live_server.server.sweep(hours(44)))
    with moments.clock_at(hours(45)):
        live_server.restart()
    session = live_server.server.sessions.find(session.id)
    live_server.run(live_server.server.sweep(hours(44 + 24)))
    assert session.is_open
    live_server.run(live_server.server.sweep(hours(44 + 25)))
    assert not session.is_open
    assert answer(phone, session, "leak", "C", 3).status == 410
    assert session.gone_after == "2026-12-02"


def test_a_server_that_starts_ends_what_nobody_closed(live_server: LiveServer) -> None:
    with moments.clock_at(NOON):
        session = live_server.new_session()
    with moments.clock_at(hours(26)):
        live_server.restart()
    assert not live_server.server.sessions.find(session.id).is_open
    with moments.clock_at(hours(24 * 9)):
        live_server.restart()
    assert live_server.server.sessions.by_id == {}


# Erased


def test_what_cannot_be_erased_yet_is_said_so_and_tried_again(
    live_server: LiveServer, session: Session, console: Console, tmp_path: Path
) -> None:
    fill(live_server, session, console)
    with contextlib.closing(sqlite3.connect(live_server.file, isolation_level=None)) as other:
        other.execute("begin immediate")
        reply = console.press("delete-session", sure="yes")
        assert (reply.status, "tried again" in reply.json["error"]) == (503, True)
        assert not [*tmp_path.glob("keys/*")], "nobody can read it already"
        assert console.get(f"/console/{session.id}/").status == 404
        live_server.run(live_server.server.sweep(hours(0)))
        other.execute("rollback")
    assert live_server.server._store.sessions()
    live_server.run(live_server.server.sweep(hours(0)))
    assert not live_server.file.exists()


def test_erased_is_said_only_once_no_byte_is_left(
    live_server: LiveServer, session: Session, console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program has begun to read the file before: what it may still look up stays in the log."""
    monkeypatch.setattr("course.workshop.web.server.SWEEP", 3600)
    fill(live_server, session, console)
    with contextlib.closing(sqlite3.connect(live_server.file, isolation_level=None)) as reader:
        reader.execute("begin")
        ((held, *_),) = reader.execute("select answer from answers limit 1").fetchall()
        reply = console.press("delete-session", sure="yes")
        assert (reply.status, "Not everything is erased yet" in reply.json["error"]) == (503, True)
        assert not [*tmp_path.glob("keys/*")], "nobody can read it already"
        live_server.run(live_server.server.sweep(hours(0)))
        assert [path for path in tmp_path.glob("rooms.sqlite*") if held.encode() in path.read_bytes()]
    live_server.run(live_server.server.sweep(hours(0)))
    assert not live_server.file.exists()


def test_rows_whose_key_is_gone_are_erased_at_the_next_start(
    live_server: LiveServer, session: Session, console: Console, tmp_path: Path
) -> None:
    fill(live_server, session, console, people=1)
    live_server.restart(lambda: [path.unlink() for path in tmp_path.glob("keys/*")])
    assert (live_server.server.sessions.by_id, live_server.server.sessions.unread) == ({}, {})
    assert not live_server.file.exists()


def test_rows_are_left_alone_while_the_folder_of_keys_is_away(
    live_server: LiveServer, session: Session, console: Console, tmp_path: Path
) -> None:
    fill(live_server, session, console, people=1)
    live_server.restart(lambda: (tmp_path / "keys").rename(tmp_path / "not mounted"))
    assert "key is gone" in live_server.server.sessions.unread[session.id].why
    live_server.restart(lambda: (tmp_path / "not mounted").rename(tmp_path / "keys"))
    assert live_server.server.sessions.find(session.id).is_open


def test_what_somebody_closes_or_deletes_during_a_sweep_is_left_as_they_want_it(live_server: LiveServer) -> None:
    with moments.clock_at(NOON):
        first, closed, deleted = (live_server.new_session() for _ in range(3))

    async def sweep() -> None:
        sessions = live_server.server.sessions
        await first._busy.acquire()
        sweeping = asyncio.create_task(sessions.sweep(hours(26)))
        await asyncio.sleep(0)
        await closed.close(7, NOON.date() + datetime.timedelta(days=1))
        await deleted.close(1, NOON.date())
        await sessions.erase(deleted.id)
        first._busy.release()
        await sweeping

    live_server.run(sweep())
    assert {*live_server.server.sessions.by_id} == {first.id, closed.id}
    assert closed.gone_after == "2026-11-30"


def test_a_session_that_is_made_during_a_sweep_stops_no_sweep(live_server: LiveServer) -> None:
    first = live_server.new_session()

    async def sweep() -> None:
        sessions = live_server.server.sessions
        await first._busy.acquire()
        sweeping = asyncio.create_task(sessions.sweep(moments.now()))
        await asyncio.sleep(0)
        await sessions.new_session(first.model.script)
        first._busy.release()
        await sweeping

    live_server.run(sweep())
    assert len(live_server.server.sessions.by_id) == 2


def test_a_folder_that_was_copied_keeps_its_session_open(live_server: LiveServer, tmp_path: Path) -> None:
    with moments.clock_at(NOON):
        session = live_server.new_session()
    (key_file,) = tmp_path.glob("keys/*.json")
    copied_at = hours(1.01).timestamp()
    os.utime(key_file, (copied_at, copied_at))
    with moments.clock_at(hours(2)):
        live_server.restart()
    session = live_server.server.sessions.find(session.id)
    assert session.is_open
    live_server.run(live_server.server.sweep(hours(28)))
    assert not session.is_open


def test_keys_of_a_session_that_was_never_stored_are_destroyed_once_they_are_due(
    live_server: LiveServer, session: Session, tmp_path: Path
) -> None:
    keys = KeyFolder(tmp_path / "keys")
    keys.write("0123abcd", SessionKeys.new(), hours(25))
    live_server.run(live_server.server.sweep(hours(24)))
    assert len([*tmp_path.glob("keys/*.json")]) == 2
    live_server.run(live_server.server.sweep(hours(26)))
    assert [path.name.partition("-")[0] for path in tmp_path.glob("keys/*.json")] == [session.id]


def test_a_fault_while_looking_for_what_is_due_is_logged_and_it_is_looked_for_again(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    session = live_server.new_session()
    sweep, calls = Sessions.sweep, []

    async def sweep_after_a_fault(sessions: Sessions, now: datetime.datetime) -> list[Session]:
        calls.append(now)
        if len(calls) == 2:  # the first is that of the start
            raise RuntimeError(SECRET)
        return await sweep(sessions, now)

    monkeypatch.setattr(Sessions, "sweep", sweep_after_a_fault)
    monkeypatch.setattr("course.workshop.web.server.SWEEP", 0.01)
    live_server.restart()
    session = live_server.server.sessions.find(session.id)
    live_server.run(session.close(1, datetime.date(2000, 1, 1)))
    for _ in range(1000):
        if not live_server.server.sessions.by_id:
            break
        live_server.run(_a_moment())
    assert live_server.server.sessions.by_id == {}
    assert "RuntimeError" in caplog.text
    assert SECRET not in caplog.text
