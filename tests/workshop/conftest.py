"""What the tests of the live session start from.

`edition`: the course's words with a small script; `stage_pages`: pages that show their data as JSON.
`stage`: the real server with a temporary store; `session`: one session in it; `console`: the facilitator's browser.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from course import content
from course.workshop import store_tables, templates
from course.workshop.session import Session
from tests.workshop.stage import Console, Stage

HERE = Path(__file__).parent


@pytest.fixture
def edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "words"
    shutil.copytree(content.HERE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    shutil.copy(HERE / "script.toml", folder / "workshop.toml")
    monkeypatch.setenv("BUILDING_TRUST_WORDS", str(folder))
    return folder


@pytest.fixture
def stage_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "PAGES", HERE / "pages")
    monkeypatch.setattr(store_tables, "BUSY_SECONDS", 0.1)


@pytest.fixture
def stage(edition: Path, stage_pages: None, tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    stage.close()


@pytest.fixture
def session(stage: Stage) -> Session:
    return stage.new_session()


@pytest.fixture
def console(stage: Stage, session: Session) -> Console:
    return stage.console(session)
