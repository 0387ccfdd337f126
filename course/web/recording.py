"""Record what each page shows at first, in a Python of its own that behaves as the one in the browser.

The build runs it as a program with an empty folder of data; what it prints is read by `course.web.first_states`.
"""

from __future__ import annotations

import datetime
import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypedDict

from course.core import moments
from course.core.notebooks import read_notebook
from course.core.web_widget import widget_files
from course.frame.page import page_of
from course.web.browser import BrowserPage
from course.web.pages import Bundle, FirstSight, State, learner_pages

WIDGET: Final = "application/vnd.jupyter.widget-view+json"
_UNKNOWN_YET: Final[Mapping[str, object]] = {"drafts": None}
"""Traits that only the browser's own Python can say: until it has, no draft is kept or dropped."""


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
