"""The facilitator's notebook: start a session in a process of its own, open its console, and show what it exported.

`for-facilitators.ipynb` calls `start`, `console`, `stop`, `charts` and `walls`.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from course.content import words
from course.core.errors import ServerNotRunning, StoreUnusable
from course.workshop.commands import DEMO, REAL, find_running, fresh_link, store_folder
from course.workshop.page_views import SessionExport

if TYPE_CHECKING:
    from IPython.display import HTML

__all__ = ["charts", "console", "start", "stop", "walls"]
EXPORT_FILE: Final = "trust-in-this-room.json"
START_SECONDS: Final = 20.0
"""How many seconds a session's server may take to start or to stop."""
_STARTED: Final[list[subprocess.Popen[bytes]]] = []


def start(script: str = "", demo: int = 0, *, long: bool = False) -> HTML:
    """Start the session's server, or find the one that runs, and show the link that opens its console.

    `script` names a workshop of your own; `demo` is a number of made-up phones for a rehearsal; `long`
    takes 120 minutes in place of 90.
    """
    kind = DEMO if demo else REAL
    if not find_running(kind):
        options = ["--script", script] if script else []
        options += ["--long"] if long else []
        options += ["--demo", str(demo)] if demo else []
        _start_server(options, kind)
    return console(demo=bool(demo))


def console(*, demo: bool = False) -> HTML:
    """Show a new link that opens the console in this computer's browser; it works once, within a minute.

    Raises ServerNotRunning where no server runs, or its session is deleted.
    """
    running = find_running(DEMO if demo else REAL)
    if not running:
        raise ServerNotRunning(words("session-notebook.not-running"), words("session-notebook.not-running-hint"))
    try:
        address = fresh_link(running)
    except OSError as error:
        message, hint = words("session-notebook.session-gone"), words("session-notebook.session-gone-hint")
        raise ServerNotRunning(message, hint) from error
    text = escape(words("session-notebook.open"))
    link = f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{text}</a>'
    return in_cell(f"<p>{link}</p><p>{escape(words('session-notebook.once'))}</p>")


def stop(*, demo: bool = False) -> HTML:
    """Stop the session's server; a session that is not closed goes on when it is started again."""
    running = find_running(DEMO if demo else REAL)
    if running:
        os.kill(running.process, signal.SIGTERM)
        for process in [process for process in _STARTED if process.pid == running.process]:
            process.wait(START_SECONDS)
            _STARTED.remove(process)
    return in_cell(f"<p>{escape(words('session.stopped'))}</p>")


def _start_server(options: Sequence[str], kind: str) -> None:
    """Start the server in a process that goes on when the kernel ends; return once it answers.

    Raises ServerNotRunning with what the process wrote, if it ended or took too long.
    """
    log = store_folder(kind) / "server.log"
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "course", "workshop", "--no-browser", *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},  # the log is read again, whatever the machine's code page
            start_new_session=True,
        )
    _STARTED.append(process)
    deadline = time.monotonic() + START_SECONDS
    while not find_running(kind):
        if process.poll() is not None or time.monotonic() > deadline:
            reason = log.read_text(encoding="utf-8", errors="replace").strip() or words("session-notebook.not-started")
            raise ServerNotRunning(reason, words("session-notebook.not-started-hint"))
        time.sleep(0.2)


# What a session exported


def charts(file: str = EXPORT_FILE) -> HTML:
    """Draw the charts of a session, from the file that the console saves for the notebook."""
    from course.workshop.chart_renderer import charts_of

    record = read_export(file)
    if record is None:
        return _no_file_yet()
    label = f"<p><strong>{escape(words('synthetic.label'))}</strong></p>" if record.get("is_synthetic") else ""
    pictures = "".join(chart.to_html() for exported in record["charts"] for chart in charts_of(exported["spec"]))
    return in_cell(label + (pictures or f"<p>{escape(words('session-notebook.no-charts'))}</p>"))


def walls(file: str = EXPORT_FILE) -> HTML:
    """Show the boundaries, the parked list and the thanks of a session, from the file that the console saves."""
    from course.charts.room import Parked, parked_html, wall_html

    record = read_export(file)
    if record is None:
        return _no_file_yet()
    label = words("synthetic.label") if record.get("is_synthetic") else ""
    boundaries = [line["text"] for line in record["boundaries"]]
    parts = [wall_html(words("session-notebook.boundaries"), boundaries, label)]
    parts.append(parked_html(words("session-notebook.parked"), [Parked(**line) for line in record["parked"]], label))
    parts += [wall_html(wall["prompt"], wall["lines"], label) for wall in record["thanks"] if wall["lines"]]
    return in_cell("".join(parts))


def _no_file_yet() -> HTML:
    """Say how to get the file, before there is one: the whole notebook can be run at any time."""
    keys = ("session-notebook.no-file-yet", "session-notebook.no-file-hint")
    return in_cell(f"<p>{' '.join(escape(words(key)) for key in keys)}</p>")


def read_export(file: str) -> SessionExport | None:
    """Return what a session exported, or None where there is no such file; raises StoreUnusable for another file."""
    path = Path(file).expanduser()
    if not path.exists():
        return None
    try:
        record: SessionExport = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(record, dict) or not {"charts", "boundaries", "parked"} <= set(record):
            raise ValueError
    except (OSError, ValueError) as error:
        message, hint = words("session-notebook.no-file", name=path.name), words("session-notebook.no-file-hint")
        raise StoreUnusable(message, hint) from error
    return record


def in_cell(text: str) -> HTML:
    """Return HTML as an object that a cell shows."""
    from IPython.display import HTML

    return HTML(text)
