"""The process that draws charts: it is ready before the first chart of a session is wanted."""

from __future__ import annotations

import psutil
import pytest

from course.core import error_log
from course.workshop import chart_renderer
from course.workshop.sessions.session import Session
from tests.workshop.live_server import Console, LiveServer, answer

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def nothing_warm() -> None:
    """Start the process that draws when the server does."""


def drawing_processes() -> list[psutil.Process]:
    """Return the processes that draw charts for the servers of this test."""
    return [child for child in psutil.Process().children() if "course.workshop.chart_renderer" in child.cmdline()]


async def finish_warming(live_server: LiveServer) -> None:
    """Wait until the drawing process has drawn for nobody."""
    warming = live_server.server.charts.warming
    assert warming, "opening a question has begun it"
    await warming


def has_loaded_matplotlib(process: psutil.Process) -> bool:
    """Say whether a process has the drawing library in its memory."""
    return any("matplotlib" in place.path for place in process.memory_maps())


def show_a_vote(live_server: LiveServer, session: Session, console: Console) -> str:
    """Let nine phones answer, show their vote, and return its chart."""
    phones = [live_server.phone(session) for _ in range(9)]
    for phone, choice in zip(phones, "AAAACCCCC", strict=True):
        assert answer(phone, session, "leak", choice).status == 200
    console.press("close", question="leak")
    console.press("reveal", question="leak")
    (result,) = console.view("screen")["results"]
    return console.get(result["chart"]).body.decode()


def test_a_chart_is_drawn_by_a_process_that_was_warm_before_anything_was_shown(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("step", step="check-in")
    assert drawing_processes() == [], "where nothing has been asked, none is needed"
    assert console.press("open", question="leak").status == 200
    live_server.run(finish_warming(live_server))
    (drawing,) = drawing_processes()
    if hasattr(drawing, "memory_maps"):
        assert has_loaded_matplotlib(drawing)
    assert "<figure" in show_a_vote(live_server, session, console)
    assert drawing_processes() == [drawing]


def test_a_server_that_goes_on_with_a_session_warms_it_too(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    live_server.restart()
    assert drawing_processes() == [], "nothing has been asked in that session"
    console.press("open", question="leak")
    live_server.restart()
    live_server.run(finish_warming(live_server))
    assert len(drawing_processes()) == 1


def test_a_drawing_process_that_fails_at_first_is_in_the_log_and_the_chart_is_drawn(
    live_server: LiveServer, session: Session, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chart_renderer, "_example", lambda: {"kind": "vote", "parts": [{"text": "of nobody"}]})
    console.press("open", question="leak")
    live_server.run(finish_warming(live_server))
    log = error_log.log_path().read_text(encoding="utf-8")
    assert " workshop: KeyError at " in log
    assert "nobody" not in log
    assert "<figure" in show_a_vote(live_server, session, console)
