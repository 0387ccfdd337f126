"""The Python of the web edition: it runs a page, keeps what is given, and takes back what a database refuses."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from course.content import words
from course.core.web_edition import VARIABLE, page_channel
from course.core.web_widget import WebWidget
from course.records import watching
from course.web.browser import BrowserPage

WITH_WIDGETS = (
    "course.core.widget",
    "course.activities.widget",
    "course.charts.widgets",
    "course.learner.journal.panel",
    "course.learner.record.panel",
)
"""The modules whose widgets are others in the web edition."""
PATH = "notebooks/repair.ipynb"
FILE = "data/journal/repair.json"


class Tab:
    """A page as the worker has it: what Python told it, and a database of its own."""

    def __init__(self, folder: Path, database: dict[str, bytes]) -> None:
        folder.mkdir()
        self.told: list[dict[str, Any]] = []
        self.database = database
        self.page = BrowserPage(str(folder), lambda text: self.told.append(json.loads(text)))
        for name, data in database.items():
            self.page.load(name, data)

    def keep(self) -> None:
        """Let the database take what changed."""
        changes = self.page.changed()
        self.database.update({name: data for name, data in changes if data is not None})
        self.page.confirm(changes)

    def refuse(self) -> list[dict[str, Any]]:
        """Let the database refuse it, and return what the page hears of the messages so far."""
        return json.loads(self.page.refuse(self.page.changed(), json.dumps(self.told)))

    def kinds(self) -> list[str]:
        return [message.get("event", message["kind"]) for message in self.told]


def card(label: str) -> Any:
    return next(widget for widget in WebWidget.opened.values() if getattr(widget, "label", "") == label)


def give(tab: Tab, label: str, control: str, value: object, turn: int = 1) -> None:
    message = {"event": "set", "control": control, "value": value, "seen": None, "turn": turn}
    tab.page.take(card(label).model_id, json.dumps({"method": "custom", "content": message}))


def replies(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    data = [message["content"]["data"] for message in messages if message["kind"] == "comm_msg"]
    return [one["content"] for one in data if one["method"] == "custom"]


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, bytes]]:
    """Have this process behave as the Python in the browser, and return a database that is empty at first."""
    for name in (VARIABLE, "BUILDING_TRUST_DATA", "BUILDING_TRUST_WORK"):
        monkeypatch.setenv(name, "1")
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


CODE = json.dumps(
    {
        "first": 'from course import lesson\nask, show = lesson("repair")',
        "second": 'ask.write("text", "What now?")',
        "third": "1 / 0",
        "fourth": "ask.write('more', 'What else?')\n'<b>'",
    }
)


def test_cells_run_in_order_and_one_that_fails_does_not_stop_the_others(
    tmp_path: Path, database: dict[str, bytes]
) -> None:
    tab = Tab(tmp_path / "tab", database)
    tab.page.open(PATH, CODE)
    assert tab.kinds() == [
        *("begin", "end"),
        *("begin", "comm_open", "show", "end"),
        *("begin", "fail", "end"),
        *("begin", "comm_open", "show", "show", "end"),
    ]
    failed = next(message for message in tab.told if message.get("event") == "fail")
    assert failed["cell"] == "third"
    assert failed["content"] == {"ename": "ZeroDivisionError", "evalue": "division by zero"}
    last = [message["content"]["data"] for message in tab.told if message.get("event") == "show"][-1]
    assert last == {"text/html": "<pre>&#x27;&lt;b&gt;&#x27;</pre>"}


def test_an_answer_is_kept_and_is_there_on_the_next_visit(tmp_path: Path, database: dict[str, bytes]) -> None:
    tab = Tab(tmp_path / "tab", database)
    tab.page.open(PATH, CODE)
    give(tab, "text", "text", "Say sorry first")
    assert replies(tab.told) == [{"turn": 1, "outcome": "saved", "error": ""}]
    tab.keep()
    assert json.loads(database[FILE])["answers"] == {"text": "Say sorry first"}
    for widget in list(WebWidget.opened.values()):
        widget.close()
    Tab(tmp_path / "again", database).page.open(PATH, CODE)
    assert card("text").card.value == "Say sorry first"


def test_what_another_tab_kept_is_shown(tmp_path: Path, database: dict[str, bytes]) -> None:
    tab = Tab(tmp_path / "tab", database)
    tab.page.open(PATH, CODE)
    give(tab, "text", "text", "Mine")
    tab.keep()
    other = json.loads(database[FILE])
    other["answers"]["more"] = "From the other tab"
    tab.page.load(FILE, json.dumps(other).encode())
    tab.page.look_anew()
    assert card("more").card.value == "From the other tab"
    assert "From the other tab" in json.dumps(card("more").controls)
    assert tab.page.changed() == []


def test_what_the_database_refuses_is_not_called_saved_and_is_saved_with_the_next_change(
    tmp_path: Path, database: dict[str, bytes]
) -> None:
    tab = Tab(tmp_path / "tab", database)
    tab.page.open(PATH, CODE)
    give(tab, "text", "text", "Before")
    tab.keep()
    tab.told.clear()
    give(tab, "text", "text", "Refused", turn=2)
    heard = tab.refuse()
    assert replies(heard) == [{"turn": 2, "outcome": "failed", "error": words("web.not-kept")}]
    assert json.loads(database[FILE])["answers"]["text"] == "Before"
    assert tab.page.changed() == []
    assert card("text").card.value == "Refused", "it waits in Python too"
    tab.told.clear()
    give(tab, "more", "text", "Something else", turn=3)
    tab.keep()
    assert json.loads(database[FILE])["answers"] == {"text": "Refused", "more": "Something else"}


def test_a_first_answer_that_is_refused_is_saved_when_it_is_sent_again(
    tmp_path: Path, database: dict[str, bytes]
) -> None:
    tab = Tab(tmp_path / "tab", database)
    tab.page.open(PATH, CODE)
    tab.keep()
    for turn in (1, 2):
        give(tab, "text", "text", "First", turn=turn)
        assert replies(tab.refuse())[-1]["outcome"] == "failed"
        tab.told.clear()
        assert FILE not in database
    give(tab, "text", "text", "First", turn=3)
    tab.keep()
    assert replies(tab.told)[-1]["outcome"] == "saved"
    assert json.loads(database[FILE])["answers"] == {"text": "First"}


def test_an_erasure_that_is_refused_is_not_called_done(tmp_path: Path, database: dict[str, bytes]) -> None:
    tab = Tab(tmp_path / "tab", database)
    tab.page.open(PATH, CODE)
    give(tab, "text", "text", "Still here")
    tab.keep()
    tab.page.open("notebooks/journal.ipynb", json.dumps({"one": "from course import my_journal\nmy_journal()"}))
    tab.told.clear()
    panel = next(widget for widget in WebWidget.opened.values() if type(widget).__name__ == "JournalPanel")
    tab.page.take(panel.model_id, json.dumps({"method": "custom", "content": {"erase": "*"}}))
    assert (FILE, None) in tab.page.changed()
    heard = tab.refuse()
    assert [reply["said"] for reply in replies(heard)] == [words("web.not-kept")]
    tab.page.look_anew()
    assert [page["key"] for page in panel.pages] == ["repair"]
