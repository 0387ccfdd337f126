"""The facilitator's notebook: start a room in a process of its own, open its pages, and show what it took away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from course.content import words
from course.core.errors import RoomNotRunning
from course.workshop import process as running
from course.workshop.notebook_export import charts, in_cell, walls
from course.workshop.process import store_folder

if TYPE_CHECKING:
    from IPython.display import HTML

__all__ = ["charts", "console", "start", "stop", "walls"]
_STARTED: Final[list[subprocess.Popen[bytes]]] = []
PATIENCE: Final = 20.0
"""How many seconds a room's server may take to start."""


def start(script: str = "", demo: int = 0) -> HTML:
    """Start the room's server, or find the one that runs, and show the link that opens its console.

    `script` names a workshop of your own; `demo` fills a room with so many made-up phones.
    """
    kind = "demo" if demo else "rooms"
    if not running.find(kind):
        options = ["--script", script] if script else []
        options += ["--demo", str(demo)] if demo else []
        _start_server(options, kind)
    return console(demo=bool(demo))


def console(*, demo: bool = False) -> HTML:
    """Show a fresh link that opens the console in this computer's browser; it is good once, for a minute."""
    found = running.find("demo" if demo else "rooms")
    if not found:
        raise RoomNotRunning(words("room-desk.not-running"), words("room-desk.not-running-hint"))
    try:
        address = running.fresh_link(found)
    except OSError as error:
        raise RoomNotRunning(words("room-desk.room-gone"), words("room-desk.room-gone-hint")) from error
    said = escape(words("room-desk.open"))
    link = f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{said}</a>'
    return in_cell(f"<p>{link}</p><p>{escape(words('room-desk.once'))}</p>")


def stop(*, demo: bool = False) -> HTML:
    """Stop the room's server; a room that is not closed goes on when it is started again."""
    found = running.find("demo" if demo else "rooms")
    if found:
        os.kill(int(found["process"]), signal.SIGTERM)
        for process in [one for one in _STARTED if one.pid == found["process"]]:
            process.wait(PATIENCE)
            _STARTED.remove(process)
    return in_cell(f"<p>{escape(words('room.stopped'))}</p>")


def _start_server(options: Sequence[str], kind: str) -> None:
    """Start the server apart from this notebook: it goes on when the kernel ends."""
    log = store_folder(kind) / "server.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "course", "workshop", "--no-browser", *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )
    _STARTED.append(process)
    until = time.monotonic() + PATIENCE
    while not running.find(kind):
        if process.poll() is not None or time.monotonic() > until:
            raise RoomNotRunning(log.read_text(encoding="utf-8").strip() or words("room-desk.not-started"),
                                 words("room-desk.not-started-hint"))  # fmt: skip
        time.sleep(0.2)
