"""Sessions whose time is over end with the next command of the course, whichever it is."""

from __future__ import annotations

import contextlib
import datetime
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from course.core import error_log, moments
from course.workshop.sessions import overdue
from course.workshop.sessions.overdue import REAL, end_overdue_sessions, key_folder, store_place
from course.workshop.sessions.session import Session
from tests.laptop import DAY, HOUR, Laptop, running_until
from tests.workshop.live_server import LiveServer

pytestmark = pytest.mark.slow

NOON = datetime.datetime(2026, 11, 22, 12, 20, tzinfo=datetime.UTC)


@pytest.fixture
def stopped(edition: Path, json_pages: None) -> Session:
    """A session of NOON, in the place of real ones, whose server was stopped that day."""
    folder = store_place(REAL)
    folder.mkdir(parents=True)
    with moments.clock_at(NOON):
        live_server = LiveServer(folder)
        session = live_server.new_session()
        live_server.phone(session)
        live_server.close()
    return session


def key_files() -> list[Path]:
    return sorted((store_place(REAL) / "keys").glob("*"))


def test_any_command_ends_what_nobody_closed_and_erases_it_days_later(stopped: Session) -> None:
    before = key_files()
    with running_until(NOON + datetime.timedelta(hours=23)):
        end_overdue_sessions()
    assert key_files() == before
    with running_until(NOON + datetime.timedelta(hours=26)):
        end_overdue_sessions()
    assert len(key_files()) == 1
    assert key_files() != before
    with running_until(NOON + datetime.timedelta(days=9)):
        end_overdue_sessions()
    assert (key_files(), list(store_place(REAL).glob("*.sqlite*"))) == ([], [store_place(REAL) / "rooms.sqlite.lock"])


def test_a_clock_that_is_set_forward_ends_nothing_before_an_hour_is_over(stopped: Session) -> None:
    before, laptop = key_files(), Laptop(clock=NOON)
    with laptop.running():
        end_overdue_sessions()
        laptop.set_clock(400 * DAY)
        end_overdue_sessions()
        laptop.pass_by(HOUR - 1)
        end_overdue_sessions()
        assert key_files() == before
        laptop.set_clock(-400 * DAY)
        end_overdue_sessions()
        laptop.pass_by(2 * HOUR)
        end_overdue_sessions()
        assert key_files() == before
        laptop.set_clock(400 * DAY)
        end_overdue_sessions()
        laptop.pass_by(HOUR)
        end_overdue_sessions()
        assert key_files() != before


def test_after_a_start_of_the_computer_its_clock_is_believed(stopped: Session) -> None:
    before, laptop = key_files(), Laptop(clock=NOON)
    with laptop.running():
        end_overdue_sessions()
        laptop.start_again()
        laptop.set_clock(2 * DAY)
        end_overdue_sessions()
        assert key_files() != before


def test_a_command_in_a_process_of_its_own_does_so(stopped: Session) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "course", "journal", "show"],
        capture_output=True,
        text=True,
        env={**os.environ},
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    (key_file,) = key_files()
    assert '"people": null' in key_file.read_text(encoding="utf-8")


def test_a_server_that_runs_is_left_to_do_it(edition: Path, json_pages: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("course.workshop.web.server.SWEEP", 3600)
    folder = store_place(REAL)
    folder.mkdir(parents=True)
    live_server = LiveServer(folder)
    try:
        session = live_server.new_session()
        before = key_files()
        with moments.clock_at(moments.now() + datetime.timedelta(hours=26)):
            end_overdue_sessions()
        assert (key_files(), session.is_open) == (before, True)
    finally:
        live_server.close()


def test_what_goes_wrong_stops_no_command_and_is_logged(stopped: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    (store_place(REAL) / "rooms.sqlite").write_bytes(b"no store")

    def cut(folder: Path, now: datetime.datetime) -> None:
        raise RuntimeError("Sphinx of black quartz")

    end_overdue_sessions()
    monkeypatch.setattr(overdue, "_end_sessions", cut)
    end_overdue_sessions()
    log = error_log.log_path().read_text(encoding="utf-8")
    assert "RuntimeError" in log
    assert "Sphinx" not in log
    assert key_folder(store_place(REAL)).is_lost(stopped.id) is False


def test_a_session_that_cannot_be_read_is_looked_at_once_and_erased_days_later(stopped: Session) -> None:
    file = store_place(REAL) / "rooms.sqlite"
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("update rooms set state = 'damaged'")
    with running_until(NOON + datetime.timedelta(hours=26)):
        end_overdue_sessions()
    (key_file,) = key_files()
    noted = key_file.stat().st_mtime
    assert noted == moments.start_of_day(datetime.date(2026, 11, 30)).timestamp(), "no command before opens the store"
    with running_until(NOON + datetime.timedelta(days=9)):
        end_overdue_sessions()
    assert (key_files(), file.exists()) == ([], False)
