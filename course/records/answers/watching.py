"""Watch the files of answers that are on the page, so that what another window or process saves is shown soon.

One timer a process, on the loop that runs the notebook's cells: about once a second it looks at the state of each
file. There is no thread, and no timer while nothing is watched. In the web edition there is no timer at all: the page
says when another one has saved something.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final, Protocol, runtime_checkable

from course.core.pages.web_edition import is_web_edition
from course.records.answers.answers import Answers

EVERY: Final = 1.0
"""How many seconds lie between two looks."""
one_at_a_time: Final = threading.RLock()
"""Held while answers are changed or read anew: Jupyter may hand the messages of two cards to two threads at once."""

_watched: Counter[Answers] = Counter()
_timers: list[asyncio.TimerHandle] = []


@runtime_checkable
class _Comm(Protocol):
    def on_close(self, callback: Callable[[object], None]) -> None: ...


class Closable(Protocol):
    """A widget as far as it is needed here: closed by its browser or by Python, it has no `comm` any more."""

    comm: object

    def observe(self, handler: Callable[[object], None], names: str) -> None:
        """Call the handler when one of these traits changes."""

    def close(self) -> None:
        """Close it on both sides."""


def watch_while_open(widget: Closable, pages: Iterable[Answers], at_close: Callable[[], None]) -> None:
    """Watch pages of answers until a widget is closed, and then call `at_close`.

    What changes in a file is read, and told to the page's listeners.
    """
    in_files = [page for page in pages if page.path is not None] if is_web_edition() or _has_loop() else []
    if in_files:
        _watched.update(in_files)
        if not _timers and not is_web_edition():
            _look_later()

    def let_go(_change: object) -> None:
        if widget.comm is None:
            _stop_watching(in_files)
            in_files.clear()
            at_close()

    widget.observe(let_go, "comm")
    if isinstance(widget.comm, _Comm):
        widget.comm.on_close(lambda message: widget.close())


def watched() -> list[Answers]:
    """Return the pages that are watched."""
    return list(_watched)


def look() -> None:
    """Read what has changed in the files that are watched; not while a card is dealing with a message just now."""
    if not one_at_a_time.acquire(blocking=False):
        return
    try:
        for page in watched():
            page.refresh()
    finally:
        one_at_a_time.release()


def _has_loop() -> bool:
    """Say whether there is a loop: outside of a notebook there is none, and nobody looks."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _stop_watching(pages: Iterable[Answers]) -> None:
    for page in pages:
        _watched[page] -= 1
        if _watched[page] <= 0:
            del _watched[page]
    if not _watched:
        _stop()


def _stop() -> None:
    while _timers:
        _timers.pop().cancel()


def _look_later() -> None:
    _timers.append(asyncio.get_running_loop().call_later(EVERY, _look))


def _look() -> None:
    """Look, and look again a second later."""
    _stop()
    _look_later()
    look()
