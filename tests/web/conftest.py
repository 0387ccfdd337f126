"""What tests of the Python in a browser share: a database that is empty, and a process that behaves as in a browser."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.core.pages.web_edition import VARIABLE, page_channel
from course.core.pages.web_widget import WebWidget
from course.records.answers import watching

WITH_WIDGETS = (
    "course.core.pages.widget",
    "course.activities.widget",
    "course.charts.widgets",
    "course.learner.journal.panel",
    "course.learner.record.panel",
)
"""The modules whose widgets are others in the web edition."""


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, bytes]]:
    """Have this process behave as the Python in the browser, and return a database that is empty at first."""
    monkeypatch.setenv(VARIABLE, "1")
    for name in ("DATA", "WORK"):  # the page sets its own
        monkeypatch.setenv(f"BUILDING_TRUST_{name}", str(tmp_path / name))
    monkeypatch.setattr(page_channel, "tell", page_channel.tell)
    monkeypatch.setattr(WebWidget, "opened", {})
    here, jupyters = Path.cwd(), {name: sys.modules.pop(name, None) for name in WITH_WIDGETS}
    yield {}
    os.chdir(here)
    for widget in list(WebWidget.opened.values()):
        widget.close()
    for name, module in jupyters.items():
        sys.modules.pop(name, None)
        if module:
            sys.modules[name] = module
    assert watching.watched() == []
