"""What pages show before Python is there: recorded by the build, as far as it is so for everybody and every day.

The build runs this as a program with an empty folder of data, in a Python that behaves as the one in a browser; what it
prints is read by `first_states`.
"""

from __future__ import annotations

import datetime
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypedDict

from course.core import moments
from course.core.errors import SiteNotBuilt
from course.core.notebooks import read_notebook
from course.core.pages.web_edition import VARIABLE
from course.core.pages.web_widget import widget_files
from course.frame.page import page_of
from course.web.browser import BrowserPage
from course.web.pages import Bundle, FirstSight, State, learner_pages

WIDGET: Final = "application/vnd.jupyter.widget-view+json"
_UNKNOWN_YET: Final[Mapping[str, object]] = {"drafts": None}
"""Traits that only the browser's own Python can say: until it has, no draft is kept or dropped."""

_DAYS: Final = ("2026-02-03", "2027-11-29")
"""Two days on which the pages are recorded: what differs between them depends on the day."""
_KEPT: Final = ("BUILDING_TRUST_WORDS",)
"""The settings of the person who builds that count for the site."""
_LONGEST: Final = 300
"""Seconds for one recording."""


def first_states() -> Recordings:
    """Return what each page shows to somebody who begins, and the files of its widgets. Raises SiteNotBuilt.

    A widget that says what day it is, or what follows from that, is left out with whatever else differs: Python
    shows it as soon as it is there.
    """
    one, other = (_recorded(day) for day in _DAYS)
    pages = {name: _same(page, other["pages"][name]) for name, page in one["pages"].items()}
    return {"pages": pages, "files": one["files"]}


def _same(one: FirstSight, other: FirstSight) -> FirstSight:
    """Return what two recordings of a page have in common."""
    models = {id: state for id, state in one["models"].items() if other["models"].get(id) == state}
    cells = {
        cell: shown
        for cell, shown in one["cells"].items()
        if shown == other["cells"].get(cell) and all(_is_whole(bundle, models) for bundle in shown)
    }
    used = {bundle[WIDGET]["model_id"] for shown in cells.values() for bundle in shown if WIDGET in bundle}
    return {"models": {id: state for id, state in models.items() if id in used}, "cells": cells}


def _is_whole(bundle: Bundle, models: dict[str, State]) -> bool:
    return WIDGET not in bundle or bundle[WIDGET]["model_id"] in models


def _recorded(day: str) -> Recordings:
    settings = {name: value for name, value in os.environ.items() if not name.startswith("BUILDING_TRUST_")}
    settings |= {name: os.environ[name] for name in _KEPT if name in os.environ}
    settings.pop("NBGRADER_EXECUTION", None)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "data")
        ours = {VARIABLE: "1", "BUILDING_TRUST_DATA": str(data), "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}
        done = subprocess.run(
            [sys.executable, "-m", "course.web.first_states", day],
            cwd=folder,
            env={**settings, **ours, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=_LONGEST,
        )
    if done.returncode:
        raise SiteNotBuilt(
            f"A page could not be run to see what it shows at first: {_last_line(done.stderr)}",
            "Open the page with make learn, and see which of its cells does not run.",
        )
    recordings: Recordings = json.loads(done.stdout)
    return recordings


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1]


class Recordings(TypedDict):
    """What all pages show at first, and the files of their widgets."""

    pages: dict[str, FirstSight]
    files: dict[str, str]
    """The scripts and style sheets of widgets, by name."""


class CellFailed(Exception):
    """A cell of the course's own did not run; it says which, and why."""


class _Recorder:
    """Takes down what Python tells a page while its cells run."""

    def __init__(self, page: str) -> None:
        self.models: dict[str, State] = {}
        self.cells: dict[str, list[Bundle]] = {}
        self._page = page
        self._ids: dict[str, str] = {}

    def take(self, text: str) -> None:
        message = json.loads(text)
        content = message["content"]
        match message["kind"]:
            case "cell":
                self._take_of_cell(message["cell"], message["event"], content)
            case "comm_open":
                self._ids[content["comm_id"]] = id = f"first-{len(self._ids) + 1}"
                self.models[id] = content["data"]["state"]
            case "comm_msg" if content["data"]["method"] == "update":
                self.models[self._ids[content["comm_id"]]].update(content["data"]["state"])
            case "comm_close":
                del self.models[self._ids.pop(content["comm_id"])]

    def _take_of_cell(self, cell: str, event: str, content: Mapping[str, Any]) -> None:
        shown = self.cells.setdefault(cell, [])
        if event == "fail":
            raise CellFailed(f"{self._page}, cell {cell}: {content['ename']}: {content['evalue']}")
        if event == "show":
            shown.append(self._with_own_ids(content["data"]))

    def _with_own_ids(self, data: Bundle) -> Bundle:
        """Return what is shown with the ids of this page: a page is the same whatever ran before it."""
        widget = data.get(WIDGET)
        return data if widget is None else {**data, WIDGET: {**widget, "model_id": self._ids[widget["model_id"]]}}


def record(page: str, code: Mapping[str, str], folder: Path) -> FirstSight:
    """Run the cells of a page in an empty folder, and return what it shows then; raises CellFailed."""
    recorder = _Recorder(page)
    BrowserPage(str(folder), recorder.take).open(page, json.dumps(code))
    for state in recorder.models.values():
        state.update({name: value for name, value in _UNKNOWN_YET.items() if name in state})
    return {"models": recorder.models, "cells": recorder.cells}


def record_all(folder: Path) -> Recordings:
    """Record every page, each in a folder of its own below this one."""
    pages = {
        name: record(name, page_of(read_notebook(path)).code, folder / str(place))
        for place, (name, path) in enumerate(learner_pages().items())
    }
    return {"pages": pages, "files": widget_files()}


def main(day: str) -> None:
    """Print what pages show on a day, such as 2026-11-29, as JSON."""
    moment = datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(12), datetime.UTC)
    output, sys.stdout = sys.stdout, io.StringIO()  # what a cell prints is no part of it
    with moments.clock_at(moment):
        recordings = record_all(Path.cwd())
    json.dump(recordings, output, allow_nan=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
