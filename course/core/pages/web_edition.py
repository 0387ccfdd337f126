"""Whether this Python runs in a learner's browser, and what it tells the page there.

The build of the web edition records what a page shows at first in a Python of its own, with BUILDING_TRUST_WEB set.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Final, Literal, TypeAlias

VARIABLE: Final = "BUILDING_TRUST_WEB"
"""The environment variable that makes any Python behave as the one in the browser."""
PageEvent: TypeAlias = Literal["comm_open", "comm_msg", "comm_close", "show"]
"""A widget is there, has news or is gone; something is shown where the cell stands."""
Tell: TypeAlias = Callable[[PageEvent, Mapping[str, object]], None]


def is_web_edition() -> bool:
    """Say whether this is the Python of the web edition."""
    return sys.platform == "emscripten" or bool(os.environ.get(VARIABLE))


@contextlib.contextmanager
def as_web_edition() -> Iterator[None]:
    """Do what is inside with the words of the web edition, as the build of its pages needs."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before


class PageChannel:
    """What Python says to the page that it stands behind. Whoever runs the page sets `tell`."""

    def __init__(self) -> None:
        self.tell: Tell = _say_nothing


def _say_nothing(event: PageEvent, content: Mapping[str, object]) -> None:
    """Say nothing: no page is open."""


page_channel: Final = PageChannel()
"""The page of this process: it has one at a time."""
