"""What the tests of the live room start from.

`edition`: the course's words with a small script; `stage_pages`: pages that show their data as JSON.
`stage`: the real server with a temporary store; `room`: one room in it; `host`: the facilitator's browser.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from course import content
from course.workshop import store_file, templates
from course.workshop.session import OpenRoom
from tests.workshop.stage import Host, Stage

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
    monkeypatch.setattr(store_file, "BUSY", 0.1)


@pytest.fixture
def stage(edition: Path, stage_pages: None, tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    stage.close()


@pytest.fixture
def room(stage: Stage) -> OpenRoom:
    return stage.new_room()


@pytest.fixture
def host(stage: Stage, room: OpenRoom) -> Host:
    return stage.host(room)
