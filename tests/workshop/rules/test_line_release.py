"""Lines come to the console in batches: nothing there moves as somebody writes, and a restart changes nothing."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import pytest

from course.privacy.reading_batches import LEAST_DELAY, MOST_DELAY
from course.workshop.rules import line_release
from course.workshop.rules.line_release import unforeseen_delay
from course.workshop.sessions.session import Session
from course.workshop.web import broadcast
from tests.workshop.live_server import Browser, Console, LiveServer, answer

pytestmark = pytest.mark.slow

QUESTION = "attention"


@pytest.fixture(autouse=True)
def batches_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deliver only where a test says so, and then what is due at once."""
    monkeypatch.setattr(broadcast, "TICK", 3600.0)
    monkeypatch.setattr(line_release, "unforeseen_delay", lambda: 0.0)


def tick(live_server: LiveServer) -> None:
    """Do what the server does a few times a second."""
    live_server.run(live_server.server.broadcast.send(time.monotonic()))


def write(live_server: LiveServer, session: Session, numbers: Sequence[int]) -> list[Browser]:
    phones = [live_server.phone(session) for _ in numbers]
    for number, phone in zip(numbers, phones, strict=True):
        assert answer(phone, session, QUESTION, f"draft {number}").status == 200
    return phones


def seen(console: Console) -> Any:
    """Return all that the console shows of lines and their number."""
    view = console.view()
    return view["lines"], view["next"], view["left_open"]


def texts(console: Console) -> set[str]:
    return {line["text"] for line in console.view()["lines"]}


def test_no_line_comes_while_fewer_than_ten_have_written(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("open", question=QUESTION)
    before = seen(console)
    for number in range(9):
        write(live_server, session, [number])
        tick(live_server)
        assert seen(console) == before
    write(live_server, session, [9])
    assert seen(console) == before, "not at the moment at which the tenth writes"
    tick(live_server)
    assert len(texts(console)) == 5
    console.press("close", question=QUESTION)
    assert len(texts(console)) == 10


def test_the_rest_comes_as_the_question_closes_also_where_few_wrote(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("open", question=QUESTION)
    write(live_server, session, range(3))
    tick(live_server)
    assert texts(console) == set()
    console.press("close", question=QUESTION)
    assert texts(console) == {"draft 0", "draft 1", "draft 2"}


def test_a_line_that_is_changed_or_taken_back_stays_as_it_was_until_a_batch_comes(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("open", question=QUESTION)
    phones = write(live_server, session, range(15))
    tick(live_server)
    before = seen(console)
    for number, phone in enumerate(phones):
        assert answer(phone, session, QUESTION, None if number % 2 else f"new {number}", 2).status == 200
        assert seen(console) == before
    live_server.restart()
    assert seen(console) == before
    tick(live_server)
    assert texts(console) != {line["text"] for line in before[0]}
    console.press("close", question=QUESTION)
    assert texts(console) == {f"new {number}" for number in range(0, 15, 2)}
    live_server.restart()
    assert texts(console) == {f"new {number}" for number in range(0, 15, 2)}


def test_a_line_that_was_replaced_is_never_shown_though_it_was_approved_on_the_console(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("open", question=QUESTION)
    phones = write(live_server, session, range(12))
    tick(live_server)
    for number, phone in enumerate(phones):
        assert answer(phone, session, QUESTION, f"new {number}", 2).status == 200
    for line in console.view()["lines"]:
        assert console.press("approve", line=line["line"]).status == 200
    console.press("reveal", question=QUESTION)
    assert "draft" not in str(console.view("screen")["results"])
    console.press("close", question=QUESTION)
    assert {line["status"] for line in console.view()["lines"]} == {"waiting"}
    assert "draft" not in str(console.view("screen")["results"])


def test_after_a_restart_what_had_come_is_there_and_the_rest_waits(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("open", question=QUESTION)
    write(live_server, session, range(10))
    tick(live_server)
    before = seen(console)
    assert len(before[0]) == 5
    live_server.restart()
    tick(live_server)
    assert seen(console) == before
    console.press("close", question=QUESTION)
    assert len(texts(console)) == 10
    assert [line["line"] for line in console.view()["lines"]][:5] == [line["line"] for line in before[0]]


def test_nothing_says_which_line_of_a_batch_was_first(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    """Names are random and lines of a batch are in their order; their time is that of the batch."""
    console.press("open", question=QUESTION)
    write(live_server, session, range(12))
    console.press("close", question=QUESTION)
    lines = session.model.lines.delivered(QUESTION)
    assert [line.name for line in lines] == sorted(line.name for line in lines)
    assert len({(line.batch, line.came) for line in lines}) == 1
    assert lines[0].came % 60 == 0


def test_delays_differ_and_are_longer_than_a_glance() -> None:
    delays = [unforeseen_delay() for _ in range(200)]
    assert 5 <= LEAST_DELAY <= min(delays) < LEAST_DELAY + 2
    assert MOST_DELAY - 2 < max(delays) <= MOST_DELAY
