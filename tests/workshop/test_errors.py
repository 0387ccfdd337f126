"""What goes to the log where many people meet one error."""

from __future__ import annotations

import pytest

from course.workshop.errors import OutageLog


def test_an_outage_is_logged_once_for_each_kind_of_error_until_it_is_over(caplog: pytest.LogCaptureFixture) -> None:
    log = OutageLog()
    for error in (OSError("one"), OSError("another"), TimeoutError(), OSError("one")):
        log.note(error)
    assert [record.getMessage().partition(" ")[0] for record in caplog.records] == ["OSError", "TimeoutError"]
    log.note_over()
    log.note(OSError("the next outage"))
    assert len(caplog.records) == 3
    assert "one" not in caplog.text
