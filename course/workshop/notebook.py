"""The facilitator's notebook: start a session in a process of its own, open its console, and show what it exported.

`for-facilitators.ipynb` calls `start`, `console`, `stop`, `charts`, `walls` and `save`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from course.content import all_of, words
from course.core.errors import ServerNotRunning
from course.core.storage import write_whole
from course.workshop.export_files import drawn_charts, export_page, heading_of, sections, to_calendar, to_csv, to_word
from course.workshop.record_file import read_record_file
from course.workshop.running_server import find_running, fresh_link, store_folder
from course.workshop.sessions.overdue import DEMO, REAL
from course.workshop.templates import PageTemplates, words_in
from course.workshop.view_parts import SessionRecord, next_days
from course.workshop.views.page_views import PageView

if TYPE_CHECKING:
    from IPython.display import HTML

__all__ = ["charts", "console", "save", "start", "stop", "walls"]
EXPORT_FILE: Final = "trust-in-this-room.json"
START_SECONDS: Final = 20.0
"""How many seconds a session's server may take to start or to stop."""
_STARTED: Final[list[subprocess.Popen[bytes]]] = []


def start(script: str = "", demo: int = 0, *, long: bool = False, follow_up: str | Sequence[str] = ()) -> HTML:
    """Start the session's server, or find the one that runs, and show the link that opens its console.

    `script` names a workshop of your own; `demo` is a number of made-up phones for a rehearsal; `long`
    takes 120 minutes in place of 90; `follow_up` names the file of an earlier session, to see what became of it,
    or those of all earlier ones, the first one first.
    """
    kind = DEMO if demo else REAL
    if not find_running(kind):
        options = ["--script", script] if script else []
        options += ["--long"] if long else []
        for file in (follow_up,) if isinstance(follow_up, str) else follow_up:
            options += ["--follow-up", file] if file else []
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
    """Draw the charts of a session, from the file in which the console saves its data."""
    from course.workshop.session_charts import charts_of

    record = read_export(file)
    if record is None:
        return _no_file_yet()
    label = f"<p><strong>{escape(words('synthetic.label'))}</strong></p>" if record["is_synthetic"] else ""
    pictures = "".join(chart.to_html() for exported in drawn_charts(record) for chart in charts_of(exported["spec"]))
    return in_cell(label + (pictures or f"<p>{escape(words('session-notebook.no-charts'))}</p>"))


def walls(file: str = EXPORT_FILE) -> HTML:
    """Show the boundaries, the lists and the thanks of a session, from the file in which the console saves its data."""
    from course.charts.room import Parked, parked_html, wall_html

    record = read_export(file)
    if record is None:
        return _no_file_yet()
    label, page_words = words("synthetic.label") if record["is_synthetic"] else "", words_in(record["language"])
    parts = []
    for section in sections(record):
        heading, rows = heading_of(section, page_words), section["rows"]
        if section["key"] == "parked":
            lines = [Parked(row["text"], row["owner"], row["place"], row["date"]) for row in rows]
            parts.append(parked_html(heading, lines, label))
        else:
            texts = [" ".join(filter(None, (row["text"], row["said"]))) for row in rows]
            parts.append(wall_html(heading, texts, label))
    return in_cell("".join(parts))


def save(file: str = EXPORT_FILE) -> HTML:
    """Put a page, a document for Word, a table and a day for the calendar beside that file, with the same in them.

    Files of these names are replaced.
    """
    record = read_export(file)
    if record is None:
        return _no_file_yet()
    written = []
    for ending, data in files_of(record).items():
        path = Path(file).expanduser().with_suffix(f".{ending}")
        write_whole(path, data)
        written.append(path.name)
    return in_cell(f"<p>{escape(words('session-notebook.saved', names=all_of(written)))}</p>")


def files_of(record: SessionRecord) -> dict[str, bytes]:
    """Return the files that a record can be taken away in, by the end of their names; not its data once more."""
    from course.workshop.chart_renderer import draw_page, word_charts

    page_words, specs = words_in(record["language"]), [chart["spec"] for chart in drawn_charts(record)]
    page: PageView = {
        "title": record["title"],
        "language": record["language"],
        "direction": page_words.direction,
    }
    view = export_page(record, page, [draw_page(spec) for spec in specs])
    files = {
        "html": PageTemplates().render("export.html", page_words, view).encode(),
        "docx": to_word(record, page_words, [chart for spec in specs for chart in word_charts(spec)]),
        "csv": to_csv(record),
    }
    return {**files, "ics": to_calendar(record, page_words)} if record["made"] and next_days(record) else files


def _no_file_yet() -> HTML:
    """Say how to get the file, before there is one: the whole notebook can be run at any time."""
    keys = ("session-notebook.no-file-yet", "session-notebook.no-file-hint")
    return in_cell(f"<p>{' '.join(escape(words(key)) for key in keys)}</p>")


def read_export(file: str) -> SessionRecord | None:
    """Return what a session exported, or None where there is no such file; raises BadSessionFile for another file."""
    path = Path(file).expanduser()
    return read_record_file(path) if path.exists() else None


def in_cell(text: str) -> HTML:
    """Return HTML as an object that a cell shows."""
    from IPython.display import HTML

    return HTML(text)
