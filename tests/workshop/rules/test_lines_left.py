"""No line leaves the console before somebody has dealt with it, and one that tells of harm waits until it is copied."""

from __future__ import annotations

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from course.core import moments
from course.workshop.sessions.session import Session
from tests.waiting import wait_until
from tests.workshop.live_server import Browser, Console, LiveServer, answer

pytestmark = pytest.mark.slow

HARM = "Somebody is hurt on ward 3"
TEXTS = (HARM, "Slow lifts", "Late notes", "Good soup", "Kind porters", "Cold rooms")


def begin(live_server: LiveServer, session: Session, console: Console) -> list[Browser]:
    """Let six people write in the step “agree”, and close the question."""
    console.press("step", step="agree")
    console.press("open", question="differences")
    phones = [live_server.phone(session) for _ in TEXTS]
    for phone, text in zip(phones, TEXTS, strict=True):
        assert answer(phone, session, "differences", text).status == 200
    console.press("close", question="differences")
    return phones


def card(console: Console, text: str) -> Any:
    return next((line for line in console.view()["lines"] if line["text"] == text), None)


def keep_aside(console: Console, text: str = HARM) -> None:
    assert console.press("aside-lines", lines=card(console, text)["names"]).status == 200


def screens(console: Console, session: Session) -> str:
    """Return all that the room could see or take away."""
    pages = [console.view("screen")] + [
        console.get(f"/console/{session.id}/export.{kind}").body.decode() for kind in ("json", "csv", "html")
    ]
    return str(pages)


def test_lines_that_nobody_has_read_stay_in_every_step_with_their_question(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    begin(live_server, session, console)
    console.press("approve", line=card(console, "Slow lifts")["line"])
    console.press("hide", line=card(console, "Late notes")["line"])
    assert {line["asked"] for line in console.view()["lines"]} == {""}
    for step in ("close", "check-in"):
        console.press("step", step=step)
        lines = console.view()["lines"]
        assert {line["text"] for line in lines} == set(TEXTS) - {"Slow lifts", "Late notes"}
        assert {line["asked"] for line in lines} == {"Something we see differently"}
    live_server.restart()
    console.press("approve-lines", lines=[name for line in console.view()["lines"] for name in line["names"]])
    assert console.view()["lines"] == []


def test_a_line_that_is_kept_aside_stays_in_every_step_and_after_a_restart(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    begin(live_server, session, console)
    keep_aside(console)
    console.press("step", step="close")
    before = card(console, HARM)
    assert (before["status"], before["asked"]) == ("aside", "Something we see differently")
    live_server.restart()
    assert card(console, HARM) == before


def test_its_time_is_when_it_came_to_the_console_and_not_when_it_was_written(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    """Else the time would tell who was typing then."""
    console.press("step", step="agree")
    console.press("open", question="differences")
    for number in range(6):
        answer(live_server.phone(session), session, "differences", f"line {number}")
    before = moments.now()
    console.press("close", question="differences")
    expected = {moments.local(moment).strftime("%H:%M") for moment in (before, before + datetime.timedelta(seconds=59))}
    assert {line["came"] for line in console.view()["lines"]} <= expected
    assert len({line.came for line in session.model.lines.every()}) == 1


def test_it_is_on_no_screen_and_in_no_file_though_it_was_approved_before_or_is_approved_by_mistake(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    begin(live_server, session, console)
    names = [name for line in console.view()["lines"] for name in line["names"]]
    console.press("approve-lines", lines=names)
    console.press("reveal", question="differences")
    assert HARM in screens(console, session)
    keep_aside(console)
    assert HARM not in screens(console, session)
    own = card(console, HARM)["line"]
    assert console.press("approve", line=own).status == 409
    assert console.press("hide", line=own).status == 409
    assert console.press("approve-lines", lines=names).status == 200
    console.press("park", line=own, owner="", place="", date="")
    assert HARM not in screens(console, session)
    assert card(console, HARM)["status"] == "aside"


def test_it_stays_though_its_writer_changes_it_or_takes_it_back(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phones = begin(live_server, session, console)
    keep_aside(console)
    for revision, value in ((2, "Never mind"), (3, None)):
        console.press("open", question="differences")
        assert answer(phones[0], session, "differences", value, revision).status == 200
        console.press("close", question="differences")
        assert card(console, HARM)["status"] == "aside"
        live_server.restart()
        assert card(console, HARM)["status"] == "aside"
    assert card(console, "Never mind") is None


def test_closing_and_deleting_wait_until_it_is_copied_and_then_it_is_gone(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    begin(live_server, session, console)
    keep_aside(console)
    for name, fields in (
        ("close-session", {"days": "7"}),
        ("close-session", {"days": "0"}),
        ("delete-session", {"sure": "yes"}),
    ):
        refusal = console.press(name, **fields)
        assert (refusal.status, "not copied" in refusal.json["error"]) == (409, True)
        assert card(console, HARM)["status"] == "aside"
    assert console.press("copied-lines", lines=card(console, HARM)["names"]).status == 200
    assert card(console, HARM)["status"] == "hidden"
    assert console.press("close-session", days="7").status == 200
    live_server.restart()
    again = live_server.server.sessions.find(session.id)
    assert again.model.lines.every() == []
    assert HARM not in screens(console, session)


@pytest.mark.parametrize(("end", "fields"), [("close-session", {"days": "7"}), ("delete-session", {"sure": "yes"})])
def test_closing_waits_also_where_another_console_is_just_keeping_a_line_aside(
    live_server: LiveServer,
    session: Session,
    console: Console,
    monkeypatch: pytest.MonkeyPatch,
    end: str,
    fields: dict[str, str],
) -> None:
    begin(live_server, session, console)
    names, other = card(console, HARM)["names"], live_server.console(session)
    store, is_writing, goes_on = live_server.server._store, threading.Event(), threading.Event()
    write = store._write

    def held(jobs: Any) -> Any:
        is_writing.set()
        goes_on.wait()
        return write(jobs)

    monkeypatch.setattr(store, "_write", held)
    with ThreadPoolExecutor() as consoles:
        keeping = consoles.submit(other.press, "aside-lines", lines=names)
        is_writing.wait()
        ending = consoles.submit(console.press, end, **fields)
        wait_until(lambda: bool(session._busy._waiters))
        goes_on.set()
        assert (keeping.result().status, ending.result().status) == (200, 409)
    assert card(console, HARM)["status"] == "aside"


def test_only_what_is_kept_aside_can_be_said_to_be_copied(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    begin(live_server, session, console)
    assert console.press("copied-lines", lines=card(console, "Slow lifts")["names"]).status == 409
    keep_aside(console)
    assert console.press("wait-lines", lines=card(console, HARM)["names"]).status == 200
    assert card(console, HARM)["status"] == "waiting"


def test_a_room_that_nobody_closes_ends_all_the_same(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    """People were told that everything which was not shown is destroyed about a day after the last answer."""
    begin(live_server, session, console)
    keep_aside(console)
    for days in (0, 2):
        live_server.run(live_server.server.sweep(moments.now() + datetime.timedelta(days=days)))
    assert not session.is_open
    assert session.model.lines.every() == []
