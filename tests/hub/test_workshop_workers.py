"""Two sessions on two workers, with 150 phones each: a worker dies, loses its database or is stopped, and all go on.

The longest silence is printed for each. It is asserted only that everybody carries on, and that nothing is lost.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest

from course.workshop.store.encryption import Unreadable
from course.workshop.store.session_rows import SessionRows
from tests.hub.crowd import Crowd, CrowdPhone
from tests.hub.workers import Facilitator, Workers, running_workers
from tests.workshop.live_server import Browser

pytestmark = pytest.mark.hub
PHONES: Final = 150
PAUSE: Final = 2.0
"""Seconds from one answer of a phone to its next, about."""
STEP: Final = "our-group"
QUESTION: Final = "group"
MARKER: Final = b"Zwiebelrostbraten"
_Result = TypeVar("_Result")


class Rehearsal:
    """Two sessions with their phones, which answer in a thread of their own."""

    def __init__(self, workers: Workers, say: Callable[[str], object]) -> None:
        self.workers, self._say = workers, say
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.facilitators = {name: workers.new_session(name) for name in ("1", "2")}
        self.crowds = {name: self._crowd(one) for name, one in self.facilitators.items()}

    def _crowd(self, facilitator: Facilitator) -> Crowd:
        session = facilitator.session
        facilitator.press("step", step=STEP)
        facilitator.press("open", question=QUESTION)
        link = self.workers.link(session)
        names = [f"synthetic-{session}-{number}" for number in range(PHONES)]
        crowd = Crowd([CrowdPhone(self.workers.port, link, name, PAUSE) for name in names])
        self.run(crowd.begin())
        return crowd

    def session(self, name: str) -> str:
        return self.facilitators[name].session

    def run(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(120)

    def befall(self, what: str, cut: tuple[str, ...], happen: Callable[[], None]) -> None:
        """Have something happen, wait until all phones carry on, and print what those whose worker it was saw."""
        for crowd in self.crowds.values():
            self._loop.call_soon_threadsafe(crowd.forget_silence)
        since = time.monotonic()
        happen()
        for name, crowd in self.crowds.items():
            self.run(crowd.carried_on(since, name in cut))
        silences = [self.crowds[name].longest for name in cut or self.crowds]
        events, answers = max(one.events for one in silences), max(one.answers for one in silences)
        self._say(f"{what}: longest silence {events:.1f} s, longest wait for an acknowledgement {answers:.1f} s")

    def lost(self) -> list[str]:
        return [line for crowd in self.crowds.values() for line in self.run(crowd.lost())]

    def close(self) -> None:
        try:
            for crowd in self.crowds.values():
                self.run(crowd.end())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    folder = Path(tempfile.mkdtemp(prefix="bt-workers-"))
    try:
        with running_workers(folder) as workers:
            yield workers
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def rehearsal(workers: Workers, request: pytest.FixtureRequest) -> Iterator[Rehearsal]:
    reporter: Any = request.config.pluginmanager.get_plugin("terminalreporter")
    capture: Any = request.config.pluginmanager.get_plugin("capturemanager")

    def say(line: str) -> None:
        with capture.global_and_fixture_disabled():
            reporter.write_line(f"\n{line}")

    rehearsal = Rehearsal(workers, say)
    yield rehearsal
    rehearsal.close()


def test_a_killed_worker_s_sessions_go_on_at_the_other(workers: Workers, rehearsal: Rehearsal) -> None:
    session = rehearsal.session("1")
    assert (workers.owner(session), workers.owner(rehearsal.session("2"))) == ("1", "2")
    rehearsal.befall("kill -9", ("1",), lambda: workers.end("1", signal.SIGKILL))
    assert workers.owner(session) == "2"
    assert rehearsal.lost() == []


def test_a_worker_that_is_started_again_leaves_sessions_where_they_are(workers: Workers, rehearsal: Rehearsal) -> None:
    """Its phones' cookies are led on, so the proxy goes to the right worker at once from then on."""
    rehearsal.befall("a worker is started again", (), lambda: workers.start("1"))
    assert workers.owner(rehearsal.session("1")) == "2"
    assert rehearsal.lost() == []


def test_a_cut_database_session_is_no_end(workers: Workers, rehearsal: Rehearsal) -> None:
    rehearsal.befall("the database session is cut", ("1", "2"), lambda: workers.cut("2"))
    assert {workers.owner(rehearsal.session(name)) for name in ("1", "2")} <= {"1", "2"}
    assert rehearsal.lost() == []


def test_a_worker_that_is_stopped_hands_over(workers: Workers, rehearsal: Rehearsal) -> None:
    name = workers.owner(rehearsal.session("2"))
    other = {"1": "2", "2": "1"}[name]
    cut = tuple(each for each in ("1", "2") if workers.owner(rehearsal.session(each)) == name)
    rehearsal.befall("SIGTERM", cut, lambda: workers.end(name, signal.SIGTERM))
    assert workers.owner(rehearsal.session("2")) == other
    assert rehearsal.lost() == []
    workers.start(name)


def test_a_frozen_worker_does_not_answer_and_once_killed_holds_nothing(workers: Workers, rehearsal: Rehearsal) -> None:
    session = rehearsal.session("1")
    name = workers.owner(session)
    cut = tuple(each for each in ("1", "2") if workers.owner(rehearsal.session(each)) == name)

    def freeze_and_kill() -> None:
        workers.processes[name].send_signal(signal.SIGSTOP)
        assert not workers.is_alive(name)
        assert workers.owner(session) == name, "it keeps its sessions: that is why it has to be killed"
        workers.end(name, signal.SIGKILL)

    rehearsal.befall("frozen for a second, then killed", cut, freeze_and_kill)
    assert rehearsal.lost() == []
    workers.start(name)


def test_the_command_opens_a_new_session_at_a_worker_that_runs(workers: Workers, rehearsal: Rehearsal) -> None:
    command = [sys.executable, "-m", "course", "workshop", "--no-browser"]
    done = subprocess.run(command, env=workers.environment, capture_output=True, text=True, check=True)
    (address,) = re.findall(r"http://127\.0\.0\.1:(\d+)(/facilitator/\w+)", done.stdout)
    entered = Browser(int(address[0])).get(address[1])
    session = entered.headers["location"].strip("/").rpartition("/")[2]
    assert workers.owner(session) in ("1", "2")
    assert session not in {one.session for one in rehearsal.facilitators.values()}


def test_what_was_written_is_gone_from_database_log_and_dump_after_the_close(
    workers: Workers, rehearsal: Rehearsal
) -> None:
    """Before the close it is nowhere in clear; after it, what opens it is gone too."""
    facilitator = workers.new_session("1")
    facilitator.press("step", step="check-in")
    facilitator.press("open", question="attention")
    link = workers.link(facilitator.session)
    rehearsal.run(_write_marker(CrowdPhone(workers.port, link, "synthetic-writer", PAUSE)))
    keys = workers.contents_keys(facilitator.session)
    assert len(keys) == 1
    assert _readable(workers, facilitator.session), "the one with the key can read it"
    for place in (_database_files(workers), _dump(workers)):
        assert not any(secret in place for secret in (MARKER, *_forms(keys[0])))
    facilitator.press("close-session", days="1")
    assert not set(workers.contents_keys(facilitator.session)) & set(keys)
    for place in (_database_files(workers), _dump(workers), _key_files(workers)):
        assert not any(secret in place for secret in (MARKER, *_forms(keys[0])))
    assert not _readable(workers, facilitator.session)


async def _write_marker(phone: CrowdPhone) -> None:
    await phone.join()
    body = json.dumps({"part": "attention", "revision": 1, "answer": MARKER.decode()})
    assert (await phone.ask("POST", f"/r/{phone.session}/answer", body)).status == 200


def _forms(key: bytes) -> tuple[bytes, ...]:
    """Return a key as it would be found in a file."""
    return key, key.hex().encode(), base64.b64encode(key)


def _database_files(workers: Workers) -> bytes:
    """Return all bytes that PostgreSQL has on disk, its write-ahead log and its own log too."""
    workers.postgresql.execute("CHECKPOINT")
    return b"".join(path.read_bytes() for path in workers.postgresql.folder.rglob("*") if path.is_file())


def _key_files(workers: Workers) -> bytes:
    return b"".join(path.read_bytes() for path in workers.keys.rglob("*") if path.is_file())


def _dump(workers: Workers) -> bytes:
    command = [workers.postgresql.commands / "pg_dump", "-h", workers.postgresql.folder, "-U", "tests", "sessions"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def _readable(workers: Workers, session: str) -> bool:
    """Say whether somebody with the database and all keys that are there can read the marker."""
    answers = workers.postgresql.execute(
        f"SELECT part, person, answer FROM answers WHERE room = '{session}'", "sessions"
    )
    for keys in workers.all_keys(session):
        rows = SessionRows(session, keys)
        for part, person, answer in answers:
            with contextlib.suppress(Unreadable):
                if MARKER.decode() in rows.read_answer(str(part), str(person), str(answer))[1]:
                    return True
    return False
