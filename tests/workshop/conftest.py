"""What the tests of the live session start from.

`edition`: the course's words with a small script, read once for all tests; `own_edition`: a copy of it, to change.
`json_pages`: pages that show their data as JSON.
`live_server`: the real server with a temporary store; `session`: one session in it; `console`: the facilitator's
browser.
`played_room`: a session of the course's own script that is over, and what its facilitator saved; played once.
`nothing_warm` (always): no process is started for charts that nobody asks for.
"""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from course import content
from course.workshop import templates
from course.workshop.chart_renderer import ChartRenderer
from course.workshop.sessions.session import Session
from course.workshop.store import tables
from tests.workshop.live_server import Console, LiveServer
from tests.workshop.quick_store import no_wait_for_the_store  # noqa: F401  # a fixture
from tests.workshop.whole_room import PlayedRoom, play

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def words_for_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("edition") / "words"
    shutil.copytree(content.HERE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    shutil.copy(HERE / "script.toml", folder / "workshop.toml")
    return folder


@pytest.fixture
def edition(words_for_all: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("BUILDING_TRUST_WORDS", str(words_for_all))
    before = _versions(words_for_all)
    yield words_for_all
    assert _versions(words_for_all) == before, "a test that changes the words takes own_edition"


@pytest.fixture
def own_edition(words_for_all: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = Path(shutil.copytree(words_for_all, tmp_path / "words"))
    monkeypatch.setenv("BUILDING_TRUST_WORDS", str(folder))
    return folder


def _versions(folder: Path) -> dict[str, int]:
    return {entry.name: entry.stat().st_mtime_ns for entry in os.scandir(folder)}


@pytest.fixture
def json_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "PAGES", HERE / "pages")
    monkeypatch.setattr(tables, "BUSY_SECONDS", 0.1)


@pytest.fixture
def live_server(edition: Path, json_pages: None, tmp_path: Path) -> Iterator[LiveServer]:
    live_server = LiveServer(tmp_path)
    yield live_server
    live_server.close()


@pytest.fixture
def session(live_server: LiveServer) -> Session:
    return live_server.new_session()


@pytest.fixture
def console(live_server: LiveServer, session: Session) -> Console:
    return live_server.console(session)


@pytest.fixture(autouse=True)
def nothing_warm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start the process that draws with the first chart that is asked for: it takes a second, and most tests ask none.

    Tests of that process have a fixture of this name that does nothing.
    """
    monkeypatch.setattr(ChartRenderer, "warm_up", lambda charts: None)


@pytest.fixture(scope="session")
def play_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], PlayedRoom]:
    """Play a session the first time that it is wanted, in the empty home of that test."""
    return functools.cache(lambda: play(tmp_path_factory.mktemp("played")))


@pytest.fixture
def played_room(play_once: Callable[[], PlayedRoom]) -> PlayedRoom:
    return play_once()
