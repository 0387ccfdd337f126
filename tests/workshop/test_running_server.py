"""The server that runs already: found by what it left, and by nothing else that answers at its port."""

from __future__ import annotations

import json
import urllib.error
from pathlib import Path

import pytest

from course.workshop.running_server import RunningServer, find_running, fresh_link, store_folder, write_running
from course.workshop.sessions.overdue import DEMO, REAL
from course.workshop.sessions.session import Session
from tests.another_program import NO_ANSWERS, answering
from tests.workshop.live_server import Console, LiveServer


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUILDING_TRUST_DATA", str(tmp_path / "home"))


def as_running(live_server: LiveServer, session: Session) -> RunningServer:
    return RunningServer(live_server.port, live_server.server.key, session.id, process=1)


def test_a_server_that_runs_gives_a_fresh_link_each_time(live_server: LiveServer, session: Session) -> None:
    file = write_running(REAL, as_running(live_server, session))
    assert file.stat().st_mode & 0o077 == 0
    running = find_running(REAL)
    assert running
    assert fresh_link(running) != fresh_link(running)
    assert find_running(DEMO) is None


def test_a_server_whose_room_was_deleted_is_found_and_has_no_link(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    write_running(REAL, as_running(live_server, session))
    console.press("delete-session", sure="yes")
    running = find_running(REAL)
    assert running
    with pytest.raises(urllib.error.HTTPError):
        fresh_link(running)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"port": "x", "key": 1, "session": 2}'])
def test_a_file_that_says_nothing_is_no_server(text: str) -> None:
    (store_folder(REAL) / "running.json").write_text(text, encoding="utf-8")
    assert find_running(REAL) is None


@pytest.mark.parametrize("text", NO_ANSWERS)
def test_another_program_at_the_port_is_no_server(text: bytes) -> None:
    with answering(text) as port:
        record = {"port": port, "key": "k", "session": "r", "process": 1}
        (store_folder(REAL) / "running.json").write_text(json.dumps(record), encoding="utf-8")
        assert find_running(REAL) is None
