"""Fixtures for the charts. All ratings are made up for these tests.

`journal`: an empty journal in a folder of its own
`shown`: the widgets that a chart method put on the page, in order
`rated`: makes the answers of a full rating
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import IPython.display
import pytest

from course.content.scales import find_scale
from course.core import error_log
from course.records.journal import Journal

Answered = dict[str, Any]


@pytest.fixture(autouse=True)
def no_drawing_fails(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test in which a picture could not be drawn: for a person the chart goes on without it."""
    yield
    log = error_log.log_path()
    assert not log.exists(), log.read_text(encoding="utf-8")


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Journal:
    monkeypatch.setenv("BUILDING_TRUST_DATA", str(tmp_path / "data"))
    return Journal(tmp_path / "journal")


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    page: list[Any] = []
    monkeypatch.setattr(IPython.display, "display", page.append)
    return page


@pytest.fixture
def rated() -> Callable[..., Answered]:
    def answers(competence: int, caring: int, **other: Any) -> Answered:
        points = {"competence": competence, "caring": caring}
        given: Answered = {item.code: points[item.side] for item in find_scale("habits").items}
        return {**given, "P1": competence, "P2": caring, "version": 2, **other}

    return answers
