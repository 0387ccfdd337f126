"""What pages show before Python is there: recorded by the build, as far as it is so for everybody and every day."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from course.core.errors import SiteNotBuilt
from course.core.web_edition import VARIABLE
from course.web.pages import Bundle, FirstSight, State
from course.web.recording import WIDGET, Recordings

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
            [sys.executable, "-m", "course.web.recording", day],
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
