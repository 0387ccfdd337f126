"""How long what was shown is kept: chosen before the first question, said in those words, and done so."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from course.core import moments, storage
from course.core.errors import SessionRefused
from course.workshop import commands
from course.workshop.rules.actions import perform
from course.workshop.rules.session_model import SessionModel
from course.workshop.script.script import find_script
from course.workshop.sessions.session import Session
from course.workshop.views.page_parts import privacy_words
from tests.cases import every
from tests.workshop.live_server import Console, LiveServer, answer
from tests.workshop.sessions.test_stored_sessions import change_store
from tests.workshop.stored_rows import stored_keys

pytestmark = pytest.mark.slow

NOON = datetime.datetime(2026, 11, 22, 12, 20, tzinfo=datetime.UTC)
SAID = {
    0: "Nothing stays on the facilitator’s computer after the close",
    1: "stay on the facilitator’s computer for a day after the close, and are then erased.",
    3: "stay on the facilitator’s computer for 3 days after the close, and are then erased.",
    7: "stay on the facilitator’s computer for 7 days after the close, and are then erased.",
}


@pytest.fixture
def edition(own_edition: Path) -> Path:
    """The words of this test alone, which it changes."""
    return own_edition


@pytest.fixture
def script_with_blank(edition: Path) -> None:
    script = edition / "workshop.toml"
    text = script.read_text(encoding="utf-8")
    own = 'privacy = ["No names. {kept} {Other braces} stay.", "{kept}"]\nprivacy-first = ["Short. {kept}"]'
    script.write_text(text.replace('privacy = ["No names, no log-in."]', own), encoding="utf-8")


@pytest.mark.parametrize("days", SAID)
def test_phones_console_and_page_say_the_days_that_were_chosen(
    script_with_blank: None, live_server: LiveServer, days: int
) -> None:
    session = live_server.new_session()
    console = live_server.console(session)
    assert SAID[7] in console.view()["privacy"][1], "seven, where nobody chooses"
    assert console.press("keep-days", days=str(days)).status == 200
    live_server.restart()
    session = live_server.server.sessions.find(session.id)
    first, second = privacy_words(session.model)
    assert SAID[days] in second
    assert first == f"No names. {second} {{Other braces}} stay."
    assert console.view()["privacy"] == [first, second]
    page = live_server.browser().get(f"/j/{session.access.link}").json
    assert (page["privacy"], page["first"]) == ([first, second], [f"Short. {second}"])
    assert console.get(f"/console/{session.id}/export.json").json["keep_days"] == days


def test_the_courses_own_words_have_the_blank() -> None:
    assert "{kept}" in find_script(is_long=True).privacy


SAID_ON_PAGE = {0: "erased when the room is closed", 1: "erased a day after", 4: "erased 4 days after"}


@pytest.mark.parametrize("days", SAID_ON_PAGE)
def test_the_page_that_is_sent_round_says_so_too(edition: Path, tmp_path: Path, days: int) -> None:
    live_server = LiveServer(tmp_path)
    try:
        session = live_server.new_session()
        console = live_server.console(session)
        console.press("keep-days", days=str(days))
        assert SAID_ON_PAGE[days] in console.get(f"/console/{session.id}/export.html").body.decode()
    finally:
        live_server.close()


def test_once_the_first_question_opens_the_number_stays(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    """Before that nobody can have answered; whether somebody has is told to nobody."""
    live_server.phone(session)
    assert console.press("keep-days", days="2").status == 200
    console.press("open", question="leak")
    assert console.press("keep-days", days="1").status == 409
    console.press("close", question="leak")
    assert console.press("keep-days", days="7").status == 409
    assert session.model.state.keep_days == 2


@every("days", [("8",), ("-1",), ("x",), ("",), ("1.5",), ("07",), (3.5,), (None,), ([],)])
def test_only_whole_numbers_up_to_seven_are_taken(days: object) -> None:
    model = SessionModel(find_script(is_long=True), b"key")
    with pytest.raises(SessionRefused):
        perform(model, "keep-days", {"days": days}, 0.0)
    assert model.state.keep_days == 7


def test_nothing_is_kept_for_longer_than_was_said(live_server: LiveServer, session: Session, console: Console) -> None:
    console.press("keep-days", days="2")
    assert console.press("close-session", days="3").status == 400
    assert session.is_open
    today = moments.start_of_day(NOON.date())
    with moments.clock_at(NOON):
        assert console.press("close-session", days="2").status == 200
    live_server.run(live_server.server.sweep(today + datetime.timedelta(days=1)))
    assert session.id in live_server.server.sessions.by_id
    live_server.run(live_server.server.sweep(today + datetime.timedelta(days=2)))
    assert live_server.server.sessions.by_id == {}


@pytest.mark.parametrize("days", [0, 2])
def test_a_session_that_nobody_closes_keeps_its_own_number(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    monkeypatch.setattr("course.workshop.web.server.SWEEP", 3600)  # by the real clock, which is another one
    with moments.clock_at(NOON):
        session = live_server.new_session()
        console = live_server.console(session)
        console.press("keep-days", days=str(days))
        console.press("open", question="leak")
        answer(live_server.phone(session), session, "leak", "A")
        live_server.restart()
    live_server.run(live_server.server.sweep(NOON + datetime.timedelta(hours=26)))
    sessions = live_server.server.sessions.by_id
    if days:
        assert sessions[session.id].gone_after == "2026-11-25"
    else:
        assert (sessions, live_server.file.exists()) == ({}, False)


@pytest.mark.parametrize("days,erased", [(0, 0), (2, 2), (None, 7)])
def test_a_session_that_cannot_be_read_is_erased_after_the_days_that_were_chosen(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, days: int | None, erased: int
) -> None:
    monkeypatch.setattr("course.workshop.web.server.SWEEP", 3600)  # by the real clock, which is another one
    with moments.clock_at(NOON):
        session = live_server.new_session()
        console = live_server.console(session)
        if days is not None:
            console.press("keep-days", days=str(days))
        console.press("open", question="leak")
        answer(live_server.phone(session), session, "leak", "A")
        live_server.restart(change_store(live_server, "update rooms set state = '[]'"))
    assert set(live_server.server.sessions.unread) == {session.id}
    closes = NOON + datetime.timedelta(hours=26)
    live_server.run(live_server.server.sweep(closes - datetime.timedelta(hours=2)))
    assert set(live_server.server.sessions.unread) == {session.id}, "somebody may still answer"
    live_server.run(live_server.server.sweep(closes))
    if erased:
        live_server.run(live_server.server.sweep(closes + datetime.timedelta(days=erased - 1)))
        assert set(live_server.server.sessions.unread) == {session.id}
        live_server.run(live_server.server.sweep(closes + datetime.timedelta(days=erased)))
    assert (live_server.server.sessions.unread, live_server.file.exists()) == ({}, False)


def test_the_days_that_were_chosen_change_nothing_of_when_a_session_ends(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    def due() -> datetime.datetime | None:
        return session._store.due()

    before = due()
    for days in ("0", "3", "3"):
        assert console.press("keep-days", days=days).status == 200
        assert due() == before
    assert stored_keys(live_server.file, session.id).keep_days == 3


def test_days_that_cannot_be_noted_outside_the_store_are_not_called_chosen(
    live_server: LiveServer, session: Session, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path, content: bytes) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(storage, "write_whole", fail)
        assert console.press("keep-days", days="1").status == 503
    assert console.view()["days"] == 1, "it is written before anything is shown"
    assert stored_keys(live_server.file, session.id).keep_days == 1


def test_another_session_on_this_computer_begins_with_the_same_number(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("keep-days", days="1")
    assert console.press("new-session").status == 200
    (other,) = (each for each in live_server.server.sessions.by_id.values() if each.id != session.id)
    assert other.model.state.keep_days == 1


def test_the_command_chooses_for_a_session_that_has_not_begun_and_says_so_of_another(
    live_server: LiveServer, session: Session, console: Console, capsys: pytest.CaptureFixture[str]
) -> None:
    def start(is_new: bool, days: int | None) -> Session:
        script = session.model.script
        started: Session = live_server.run(commands._session(live_server.server, script, False, is_new, days))
        return started

    assert start(False, 3).model.state.keep_days == 3
    assert start(False, None).model.state.keep_days == 3
    console.press("open", question="leak")
    assert start(False, 1).model.state.keep_days == 3
    assert "3 days" in capsys.readouterr().out
    assert (start(True, 0).model.state.keep_days, start(True, None).model.state.keep_days) == (0, 7)
