"""What goes to the log where many people meet one error."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from course.workshop.errors import OutageLog, repeat


def test_an_outage_is_logged_once_for_each_kind_of_error_until_it_is_over(caplog: pytest.LogCaptureFixture) -> None:
    log = OutageLog()
    for error in (OSError("one"), OSError("another"), TimeoutError(), OSError("one")):
        log.note(error)
    assert [record.getMessage().partition(" ")[0] for record in caplog.records] == ["OSError", "TimeoutError"]
    log.note_over()
    log.note(OSError("the next outage"))
    assert len(caplog.records) == 3
    assert "one" not in caplog.text


def test_what_the_server_does_again_and_again_outlives_an_error(caplog: pytest.LogCaptureFixture) -> None:
    """Such as looking whether facilitators still may run their rooms: a task that has died does so no more."""
    times = 0

    async def work() -> None:
        nonlocal times
        times += 1
        if times in (1, 2, 4):
            raise LookupError("private")

    async def story() -> None:
        task = asyncio.create_task(repeat(0.0, work))
        while times < 5 and not task.done():
            await asyncio.sleep(0)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    asyncio.run(story())
    assert times >= 5
    assert [record.getMessage().partition(" ")[0] for record in caplog.records] == ["LookupError"] * 2
    assert "private" not in caplog.text
