"""What the tests of exercises start from.

`desk`: a page of answers on disk; `desk()` opens it as a new window does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from course.activities.controls import Part
from course.records.answers import Answers

Desk = Callable[[], Answers]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Open the same page of answers, each time as a new window does."""
    return lambda: Answers(tmp_path / "journal" / "page.json", "lesson", "page", wait=0)


def every(parts: list[Part]) -> Iterator[Part]:
    """Yield all parts of a card, with what is inside groups, and its buttons."""
    for part in parts:
        yield part
        yield from every([*part.get("parts", []), *part.get("buttons", [])])


@pytest.fixture
def part() -> Callable[[Any, str], Part]:
    """Find a part of a card by its id."""

    def find(card: Any, id: str) -> Part:
        (found,) = (part for part in every(card.parts()) if part["id"] == id)
        return found

    return find


@pytest.fixture
def ids() -> Callable[[Any], list[str]]:
    """List the ids of all that is on a card."""
    return lambda card: [part["id"] for part in every(card.parts())]
