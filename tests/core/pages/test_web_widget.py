"""A widget of the web edition tells its page what anywidget tells Jupyter's, and takes the same messages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping

import pytest
import traitlets

from course.core.pages import output
from course.core.pages.html import element
from course.core.pages.web_edition import VARIABLE, page_channel
from course.core.pages.web_widget import WebWidget, widget_files
from tests.paths import ROOT


class Lamp(WebWidget):
    """A widget with a synced trait, and one of Python's own."""

    _esm = "export default {};"
    _css = ".lamp {}"
    is_on = traitlets.Bool(False).tag(sync=True)
    colours = traitlets.List(["red"]).tag(sync=True)
    secret = traitlets.Unicode("kept here")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Mapping[str, object]]]:
    told: list[tuple[str, Mapping[str, object]]] = []
    monkeypatch.setattr(page_channel, "tell", lambda event, content: told.append((event, content)))
    return told


def test_the_page_gets_the_synced_traits_and_where_the_script_is(told: list[tuple[str, Mapping[str, object]]]) -> None:
    lamp = Lamp(is_on=True)
    state = {"_anywidget_id": "Lamp", "_esm": "./Lamp.js", "_css": "./Lamp.css", "is_on": True, "colours": ["red"]}
    assert told == [("comm_open", {"comm_id": lamp.model_id, "data": {"state": state}})]
    files = widget_files()
    assert (files["Lamp.js"], files["Lamp.css"]) == (Lamp._esm, Lamp._css)


def test_the_page_is_told_what_changes_and_nothing_that_it_says_itself(
    told: list[tuple[str, Mapping[str, object]]],
) -> None:
    lamp = Lamp()
    seen: list[object] = []
    lamp.observe(lambda change: seen.append(change["new"]), "is_on")
    told.clear()
    lamp.secret = "changed"
    lamp.colours = ["red"]
    lamp.take({"method": "update", "state": {"is_on": True, "secret": "from the page", "no-trait": 1}})
    assert (seen, told, lamp.secret) == ([True], [], "changed")
    lamp.colours = ["blue"]
    lamp.send({"said": "hello"})
    assert [content["data"] for _, content in told] == [
        {"method": "update", "state": {"colours": ["blue"]}, "buffer_paths": []},
        {"method": "custom", "content": {"said": "hello"}},
    ]


def test_what_python_makes_of_a_value_from_the_page_goes_back_to_it(
    told: list[tuple[str, Mapping[str, object]]],
) -> None:
    lamp = Lamp()
    lamp.observe(lambda change: setattr(lamp, "is_on", False), "is_on")
    told.clear()
    lamp.take({"method": "update", "state": {"is_on": True}})
    assert not lamp.is_on
    assert [content["data"] for _, content in told] == [
        {"method": "update", "state": {"is_on": False}, "buffer_paths": []}
    ]


def test_a_message_reaches_the_handlers_until_the_widget_is_closed(
    told: list[tuple[str, Mapping[str, object]]],
) -> None:
    lamp = Lamp()
    got: list[object] = []
    closed: list[object] = []
    lamp.on_msg(lambda widget, content, buffers: got.append((widget, content)))
    lamp.observe(closed.append, "comm")
    lamp.take({"method": "custom", "content": {"event": "press"}})
    assert got == [(lamp, {"event": "press"})]
    told.clear()
    lamp.close()
    lamp.close()
    lamp.is_on = True
    assert told == [("comm_close", {"comm_id": lamp.model_id})]
    assert lamp.model_id not in WebWidget.opened
    assert len(closed) == 1


def test_html_and_widgets_are_shown_where_the_cell_stands(
    told: list[tuple[str, Mapping[str, object]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "1")
    lamp = Lamp()
    told.clear()
    output.show_html(element("p", "<b>"), plain="b")
    output.show_widget(lamp)
    assert [event for event, _ in told] == ["show", "show"]
    first, second = (content["data"] for _, content in told)
    assert first == {"text/html": "<p>&lt;b&gt;</p>"}
    assert second == {
        "application/vnd.jupyter.widget-view+json": {
            "version_major": 2,
            "version_minor": 0,
            "model_id": lamp.model_id,
        }
    }


def test_a_page_runs_without_jupyter_where_the_web_edition_is_asked_for() -> None:
    """Another Python, with the edition set: its widgets are our own, and neither IPython nor ipywidgets is there."""
    code = """
import json, sys
for name in ("IPython", "ipywidgets", "anywidget", "numpy", "pandas"): sys.modules[name] = None
from course.core.pages.web_edition import page_channel
told = []
page_channel.tell = lambda event, content: told.append(event)
from course import lesson
ask, show = lesson("two-questions")
ask.write("text", "What now?")
show.pulse()
print(json.dumps(told))
"""
    environ = {**os.environ, VARIABLE: "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.stderr == ""
    assert json.loads(done.stdout) == ["comm_open", "show"] * 2
