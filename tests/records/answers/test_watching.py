"""What another window or process saves is shown on open cards and charts, and nothing is watched for nobody."""

from __future__ import annotations

import asyncio
import contextlib
import json
import queue
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import run_kernel

from course.activities.kinds.choose import Choose
from course.activities.widget import CardWidget
from course.charts import Show
from course.core.settings import settings
from course.learner.journal.panel import JournalPanel
from course.records.answers import watching
from course.records.answers.answers import Answers
from course.records.answers.watching import one_at_a_time, watched
from course.records.journal import Journal

WORDS = "Which?\n\nA. This -> Yes.\nB. That"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Look again at each turn of the loop, and leave nothing watched to other tests."""
    monkeypatch.setattr(watching, "EVERY", 0)
    yield
    watching._watched.clear()
    watching._stop()


def in_a_loop(act: Callable[[], Awaitable[None]]) -> None:
    async def run() -> None:
        await act()

    asyncio.run(run())


async def some_turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def page(folder: Path) -> Answers:
    return Answers(folder / "page.json", "lesson", "page", wait=0)


def test_a_card_shows_what_another_window_saved(tmp_path: Path) -> None:
    async def act() -> None:
        widget = CardWidget(Choose("q", page(tmp_path), WORDS))
        Choose("q", page(tmp_path), WORDS).set("pick", "B")
        await some_turns()
        assert widget.controls[0]["value"] == "B"
        assert widget.done == "answered"
        widget.close()

    in_a_loop(act)


def test_a_chart_is_drawn_again_when_another_window_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    monkeypatch.setattr("IPython.display.display", shown.append)

    async def act() -> None:
        Show(Journal()).map()
        (widget,) = shown
        before = widget.chart
        Journal().page("two-questions").save("group-view", [3.0, 5.0])
        await some_turns()
        assert widget.chart != before
        widget.close()
        assert watched() == []

    in_a_loop(act)


def test_my_journal_shows_what_another_window_saved(tmp_path: Path) -> None:
    async def act() -> None:
        panel = JournalPanel(Journal(tmp_path))
        assert panel.pages == []
        Journal(tmp_path).page("repair").save("an-older-question", "from another window")
        await some_turns()
        assert panel.pages[0]["entries"][0]["lines"] == [["an-older-question", "from another window"]]
        panel.close()
        assert watched() == []

    in_a_loop(act)


def test_widgets_that_are_closed_are_let_go_and_the_timer_stops(tmp_path: Path) -> None:
    async def act() -> None:
        answers = page(tmp_path)
        widgets = [CardWidget(Choose(key, answers, WORDS)) for key in ("q", "r")]
        assert watched() == [answers]
        widgets[0].close()
        assert watched() == [answers]
        assert widgets[1].comm
        widgets[1].comm.handle_close({})  # as when a browser closes it
        assert watched() == []
        assert watching._timers == []
        assert answers._listeners == []

    in_a_loop(act)


def test_nothing_is_looked_at_while_a_card_deals_with_a_message(tmp_path: Path) -> None:
    async def act() -> None:
        widget = CardWidget(Choose("q", page(tmp_path), WORDS))
        Choose("q", page(tmp_path), WORDS).set("pick", "B")
        taken, let_go = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def hold() -> None:
            with one_at_a_time:
                loop.call_soon_threadsafe(taken.set)
                asyncio.run_coroutine_threadsafe(let_go.wait(), loop).result()

        holding = loop.run_in_executor(None, hold)
        await taken.wait()
        await some_turns()
        assert widget.controls[0]["value"] is None
        let_go.set()
        await holding
        await some_turns()
        assert widget.controls[0]["value"] == "B"
        widget.close()

    in_a_loop(act)


def test_outside_of_a_notebook_nothing_is_watched(tmp_path: Path) -> None:
    widget = CardWidget(Choose("q", page(tmp_path), WORDS))
    assert watched() == []
    assert watching._timers == []
    widget.close()


SHOW_A_CARD = """
from course import lesson
ask, show = lesson("two-questions")
ask.choose("q", "Which?\\n\\nA. This\\nB. That")
"""
LEAVE = """
from ipywidgets import Widget
from course.learner.journal.panel import JournalPanel
from course.records.answers import watching
Widget.close_all()
print(len(watching.watched()), len(watching._timers))
"""


@pytest.mark.kernel
def test_in_jupyter_a_card_shows_what_another_process_saved_and_lets_go_when_the_page_is_left() -> None:
    with run_kernel() as client:
        assert client.execute(SHOW_A_CARD, reply=True, timeout=60)["content"]["status"] == "ok"
        Choose("q", Journal(settings().journal).page("two-questions"), WORDS).set("pick", "B")
        assert next_message(client, '"value": "B"')
        client.execute(LEAVE)
        assert next_message(client, '"text": "0 0\\n"')


def next_message(client: Any, wanted: str) -> bool:
    """Say whether a message with this in it comes from the kernel; how long that takes is not measured."""
    with contextlib.suppress(queue.Empty):
        while True:
            if wanted in json.dumps(client.get_iopub_msg(timeout=30)["content"], default=str):
                return True
    return False
