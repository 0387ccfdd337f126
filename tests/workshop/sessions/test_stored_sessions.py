"""What the store has is read as it is: today's words change nothing in it, and one bad record stops nothing else."""

from __future__ import annotations

import contextlib
import datetime
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from course.content import texts
from course.core import error_log, moments
from course.workshop.script.script import parse_script
from course.workshop.sessions.session import Session
from course.workshop.store.tables import FORMAT
from tests.paths import ROOT
from tests.workshop.live_server import Console, LiveServer, answer

pytestmark = pytest.mark.slow


@pytest.fixture
def edition(own_edition: Path) -> Path:
    """The words of this test alone, which it changes."""
    return own_edition


def change_words(edition: Path, old: str, new: str, file: str = "workshop.toml") -> None:
    """Change the course's words, as an author does between two workshops."""
    text = (edition / file).read_text(encoding="utf-8")
    assert old in text
    (edition / file).write_text(text.replace(old, new), encoding="utf-8")
    texts._texts.cache_clear()  # as in the new process that a real restart begins


def change_store(live_server: LiveServer, *statements: str) -> Callable[[], None]:
    """Return what changes the store while no server runs."""

    def change() -> None:
        with sqlite3.connect(live_server.file) as file:
            for statement in statements:
                file.execute(statement)
        file.close()

    return change


def test_a_session_goes_on_after_the_limits_line_has_changed(
    live_server: LiveServer, session: Session, console: Console, edition: Path
) -> None:
    limits = "Nothing we agree stops anyone raising a concern."
    change_words(edition, limits, "Nothing that we agree ever stops anyone raising a concern.")
    live_server.restart()
    console.press("step", step="agree")
    assert next(line["text"] for line in console.view()["boundaries"]) == limits
    console.press("open", question="boundaries")
    assert answer(live_server.phone(session), session, "boundaries.sources", "keep").status == 200


def test_a_session_goes_on_after_its_own_words_have_left_the_pages(
    live_server: LiveServer, session: Session, console: Console, edition: Path
) -> None:
    change_words(edition, '\nskip = "Skip"', '\nleave-out = "Leave it out"', "workshop-pages.toml")
    change_words(edition, '[words.phone]\nskip = "Not now"\n', "")
    live_server.restart()
    words = live_server.server.sessions.find(session.id).model.script.words
    assert "phone.skip" not in words
    assert words["phone.leave-out"] == "Leave it out"
    assert console.view()["title"] == "A room to test"


def test_a_session_goes_on_after_an_item_has_left_its_scale(
    live_server: LiveServer, session: Session, console: Console, edition: Path
) -> None:
    console.press("open", question="group")
    phone = live_server.phone(session)
    assert answer(phone, session, "group.G1", 4).status == 200
    change_words(edition, 'code = "G2"', 'code = "G20"', "scales.toml")
    live_server.restart()
    assert answer(phone, session, "group.G1", 5, 2).status == 200


def test_a_session_that_begins_is_still_held_against_todays_words(edition: Path) -> None:
    text = (edition / "workshop.toml").read_text(encoding="utf-8")
    change_words(edition, "stops anyone raising", "ever stops anyone raising")
    with pytest.raises(ValueError, match="other words"):
        parse_script(text)


@pytest.mark.parametrize(
    "damage, word",
    [
        ("update rooms set script = 'title = ' where room = '{}'", "damaged"),
        ("update rooms set key = cast('0123456789abcdef' as blob) where room = '{}'", "key is gone"),
        ("update rooms set state = '[]' where room = '{}'", "damaged"),
        ("update rooms set state = 'not json' where room = '{}'", "damaged"),
        (f"update rooms set format = {FORMAT + 1} where room = '{{}}'", "newer"),
        ("update rooms set format = 0 where room = '{}'", "older"),
        ("insert into totals values ('{}', 'leak', 'not json')", "damaged"),
    ],
)
def test_a_session_that_cannot_be_read_is_unread_and_named_and_the_others_go_on(
    live_server: LiveServer, session: Session, damage: str, word: str
) -> None:
    other = live_server.new_session()
    phone = live_server.phone(other)
    live_server.restart(change_store(live_server, damage.format(session.id)))
    assert set(live_server.server.sessions.by_id) == {other.id}
    assert word in live_server.server.sessions.unread[session.id].why
    assert phone.get(f"/r/{other.id}/").status == 200
    live_server.restart()
    assert set(live_server.server.sessions.unread) == {session.id}, "it stays in the store as it is"


def test_a_damaged_session_of_version_0_1_0_stays_as_it_is_and_the_others_go_on(
    live_server: LiveServer, session: Session
) -> None:
    def put_damaged() -> None:
        with contextlib.closing(sqlite3.connect(live_server.file)) as connection, connection:
            row = ("0123abcd", 1, b"k" * 32, b"p" * 32, "title = ''", "{}", None)
            connection.execute("insert into rooms values (?, ?, ?, ?, ?, ?, ?)", row)
            connection.execute("insert into people values ('0123abcd', 'no pseudonym')")

    live_server.restart(put_damaged)
    live_server.run(live_server.server.sweep(moments.now()))
    assert set(live_server.server.sessions.by_id) == {session.id}
    assert "older" in live_server.server.sessions.unread["0123abcd"].why
    assert live_server.server._store.people("0123abcd") == {"no pseudonym"}


def test_a_session_that_is_unread_is_erased_when_its_days_are_over(live_server: LiveServer, session: Session) -> None:
    live_server.restart(change_store(live_server, "update rooms set state = '[]', gone_after = '2031-05-04'"))
    live_server.run(live_server.server.sweep(moments.start_of_day(datetime.date(2031, 5, 3))))
    assert len(live_server.server._store.sessions()) == 1
    live_server.run(live_server.server.sweep(moments.start_of_day(datetime.date(2031, 5, 4))))
    assert (live_server.file.exists(), live_server.server.sessions.unread) == (False, {})


def test_an_answer_or_a_line_that_cannot_be_read_is_left_out_and_counted(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phones = [live_server.phone(session) for _ in range(3)]
    for question in ("attention", "leak"):
        console.press("open", question=question)
    for number, phone in enumerate(phones):
        answer(phone, session, "attention", f"word {number}")
        answer(phone, session, "leak", "A")
    console.press("close", question="attention")
    console.press("approve", line=console.view()["lines"][0]["line"])
    live_server.restart(
        change_store(
            live_server,
            "update answers set answer = '[1, 2' where part = 'leak' and person = "
            "(select min(person) from answers where part = 'leak')",
            'update lines set about = \'{"colour": "blue"}\'',
        )
    )
    again = live_server.server.sessions.find(session.id)
    console.press("timer", minutes="0")  # lines of which nothing can be read come to the console once more
    assert (again.unread, len(again.model.answers.of("leak")), len(console.view()["lines"])) == (4, 2, 3)
    assert {line["status"] for line in console.view()["lines"]} == {"waiting"}
    assert [answer(phone, session, "leak", "B", 2).status for phone in phones] == [200] * 3
    live_server.restart()
    assert len(live_server.server.sessions.find(session.id).model.answers.of("leak")) == 3


def test_nothing_of_what_people_wrote_is_in_the_log_of_a_bad_record(
    live_server: LiveServer, session: Session, console: Console, caplog: pytest.LogCaptureFixture
) -> None:
    console.press("open", question="attention")
    answer(live_server.phone(session), session, "attention", "Sphinx of black quartz")
    state = json.dumps({"step": "Sphinx of black quartz"})
    live_server.restart(change_store(live_server, f"update rooms set state = '{state}'"))
    assert live_server.server.sessions.unread
    assert caplog.records
    log = error_log.log_path().read_text(encoding="utf-8")
    assert " workshop: " in log
    assert "Sphinx" not in caplog.text + log


def test_sessions_that_version_0_1_0_stored_go_on(
    json_pages: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dump = (ROOT / "tests/fixtures/version_0_1_0/sessions.sql").read_text(encoding="utf-8")
    with sqlite3.connect(tmp_path / "rooms.sqlite") as file:
        file.executescript(dump)
    file.close()
    live_server = LiveServer(tmp_path)
    try:
        assert live_server.server.sessions.unread == {}
        opened, closed = sorted(live_server.server.sessions.by_id.values(), key=lambda session: not session.is_open)
        assert (opened.unread, opened.is_open, closed.is_open, closed.gone_after) == (0, True, False, "2999-12-27")
        assert len(opened.model.people) == 12
        for session in (opened, closed):
            console = live_server.console(session)
            screen = console.view("screen")
            assert sorted(line["text"] for line in screen["results"][0]["lines"]) == sorted(
                f"word {number}" for number in range(12)
            )
            exported = console.get(f"/console/{session.id}/export.json").json
            (chart,) = exported["charts"]
            assert chart["spec"]["parts"][0]["shown"]["counts"] == {"A": 6, "B": 0, "C": 6, "D": 0, "E": 0}
            assert "We keep names out of it." in [line["text"] for line in exported["boundaries"]]
        assert answer(live_server.phone(opened), opened, "group.G1", 4).status == 200
        live_server.restart()
        assert len(live_server.server.sessions.find(opened.id).model.people) == 13
    finally:
        live_server.close()
