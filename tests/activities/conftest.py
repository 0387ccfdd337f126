"""What the tests of exercises start from.

`open_page`: a page of answers on disk; `open_page()` opens it as a new window does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from course.activities.controls import Control
from course.records.answers.answers import Answers

OpenPage = Callable[[], Answers]


@pytest.fixture
def open_page(tmp_path: Path) -> OpenPage:
    """Open the same page of answers, each time as a new window does."""
    return lambda: Answers(tmp_path / "journal" / "page.json", "lesson", "page", wait=0)


def every(controls: list[Control]) -> Iterator[Control]:
    """Yield all controls of a card, with what is inside groups, and its buttons."""
    for control in controls:
        yield control
        yield from every([*control.get("controls", []), *control.get("buttons", [])])


@pytest.fixture
def control() -> Callable[[Any, str], Control]:
    """Find a control of a card by its id."""

    def find(card: Any, id: str) -> Control:
        (found,) = (control for control in every(card.controls()) if control["id"] == id)
        return found

    return find


@pytest.fixture
def ids() -> Callable[[Any], list[str]]:
    """List the ids of all that is on a card."""
    return lambda card: [control["id"] for control in every(card.controls())]
