"""What the tests of the live session start from.

`edition`: the course's words with a small script; `json_pages`: pages that show their data as JSON.
`live_server`: the real server with a temporary store; `session`: one session in it; `console`: the facilitator's
browser.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from course import content
from course.workshop import templates
from course.workshop.sessions.session import Session
from course.workshop.store import tables
from tests.workshop.live_server import Console, LiveServer

HERE = Path(__file__).parent


@pytest.fixture
def edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "words"
    shutil.copytree(content.HERE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    shutil.copy(HERE / "script.toml", folder / "workshop.toml")
    monkeypatch.setenv("BUILDING_TRUST_WORDS", str(folder))
    return folder


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
