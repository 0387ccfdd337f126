"""The Python of the web edition: it runs a page, keeps what is given, and takes back what a database refuses."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from course.content import words
from course.content.scales import find_scale
from course.core.pages.web_widget import WebWidget
from course.records.journal import Journal
from course.records.journal_file import journal_bytes
from tests.web.tabs import Tab, card, give, replies

PATH = "notebooks/repair.ipynb"
FILE = "data/journal/repair.json"

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


JOURNAL = json.dumps(
    {"first": "from course import my_charts, my_journal\nmy_journal()", "second": "my_charts()"},
)


def opened(kind: str) -> list[Any]:
    return [widget for widget in WebWidget.opened.values() if type(widget).__name__ == kind]


def test_charts_follow_what_is_loaded_into_my_journal_once_the_browser_keeps_it(
    tmp_path: Path, database: dict[str, bytes]
) -> None:
    elsewhere = Journal(tmp_path / "elsewhere")
    codes = [item.code for item in find_scale("habits").items]
    elsewhere.page("starting-point").save("start", dict.fromkeys(codes, 5) | {"version": 2})
    tab = Tab(tmp_path / "tab", database)
    tab.page.open("notebooks/journal.ipynb", JOURNAL)
    (panel,), charts = opened("JournalPanel"), opened("ChartWidget")
    data = base64.b64encode(journal_bytes(elsewhere)).decode()
    tab.page.take(panel.model_id, json.dumps({"method": "custom", "content": {"load": data}}))
    assert [chart.chart["svg"] for chart in charts] == [""] * 4
    tab.keep()
    has_picture = [chart.chart["svg"].startswith("<svg") for chart in charts]
    assert has_picture == [True, True, False, False], "the map and the habits, not the pulse and the look back"
    assert charts[0].chart["alt"].startswith("Map of two self-ratings")


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
    assert panel.pages == []
    heard = tab.refuse()
    assert [reply["said"] for reply in replies(heard)] == [words("web.not-kept")]
    tab.page.look_anew()
    assert [(page["key"], page["href"]) for page in panel.pages] == [("repair", "repair.html")]
