"""The facilitator's notebook: start a room in a process of its own, open its pages, and show what it took away."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

from course.content import words
from course.errors import RoomNotRunning
from course.room.commands import store_folder
from course.room.taken import charts, in_cell, walls

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
    if not _running(kind):
        options = ["--script", script] if script else []
        options += ["--demo", str(demo)] if demo else []
        _start_server(options, kind)
    return console(demo=bool(demo))


def console(*, demo: bool = False) -> HTML:
    """Show a fresh link that opens the console in this computer's browser; it is good once, for a minute."""
    running = _running("demo" if demo else "rooms")
    if not running:
        raise RoomNotRunning(words("room-desk.not-running"), words("room-desk.not-running-hint"))
    address = f"{_base(running)}{_ask(running)['open']}"
    said = escape(words("room-desk.open"))
    link = f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{said}</a>'
    return in_cell(f"<p>{link}</p><p>{escape(words('room-desk.once'))}</p>")


def stop(*, demo: bool = False) -> HTML:
    """Stop the room's server; a room that is not closed goes on when it is started again."""
    running = _running("demo" if demo else "rooms")
    if running:
        os.kill(int(running["process"]), signal.SIGTERM)
        for process in [one for one in _STARTED if one.pid == running["process"]]:
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
    while not _running(kind):
        if process.poll() is not None or time.monotonic() > until:
            raise RoomNotRunning(log.read_text(encoding="utf-8").strip() or words("room-desk.not-started"),
                                 words("room-desk.not-started-hint"))  # fmt: skip
        time.sleep(0.2)


def _running(kind: str) -> dict[str, Any] | None:
    """Return where the server of that kind of room is, if it answers."""
    try:
        running: dict[str, Any] = json.loads((store_folder(kind) / "running.json").read_text(encoding="utf-8"))
        _ask(running)
    except (OSError, ValueError, KeyError):
        return None
    return running


def _base(running: dict[str, Any]) -> str:
    return f"{'https' if running['secure'] else 'http'}://127.0.0.1:{running['port']}"


def _ask(running: dict[str, Any]) -> dict[str, Any]:
    """Return a fresh link that opens the console."""
    import ssl

    request = urllib.request.Request(
        f"{_base(running)}/facilitator/once",
        json.dumps({"room": running["room"]}).encode(),
        {"Authorization": f"Bearer {running['key']}", "Content-Type": "application/json"},
    )
    # The certificate names the machine for phones; this asks the machine itself, by its own loopback address.
    context = ssl._create_unverified_context() if running["secure"] else None
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), *(
        [urllib.request.HTTPSHandler(context=context)] if context else []
    ))  # fmt: skip
    with opener.open(request, timeout=5) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found
