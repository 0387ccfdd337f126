"""The facilitator's notebook: it starts a session of its own, opens it, and draws what the session took away."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from course.core.errors import BadSessionFile, ServerNotRunning
from course.workshop import notebook
from tests.workshop.live_server import Browser


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("BUILDING_TRUST_DATA", str(tmp_path))
    yield tmp_path
    notebook.stop()


def link(shown: Any) -> tuple[int, str]:
    link = re.search(r"http://127\.0\.0\.1:(\d+)(/facilitator/\w{32})", html.unescape(shown.data))
    assert link
    return int(link[1]), link[2]


@pytest.mark.slow
def test_a_notebook_starts_a_room_once_and_opens_it_anew_each_time(own_home: Path) -> None:
    port, first = link(notebook.start())
    again, second = link(notebook.start())
    assert (again, second != first) == (port, True)
    browser = Browser(port)
    session = browser.get(second).headers["location"]
    assert browser.get(session).status == 200
    assert browser.get(second).status == 403
    logged = (own_home / "workshop" / "rooms" / "server.log").read_text(encoding="utf-8")
    assert logged == ""
    notebook.stop()
    with pytest.raises(ServerNotRunning, match="No room is running"):
        notebook.console()


@pytest.mark.slow
def test_a_script_with_a_mistake_is_answered_with_its_line(own_home: Path) -> None:
    script = own_home / "mine.toml"
    script.write_text('title = "Mine"\nprivacy = ["None."]\nstep = []\n', encoding="utf-8")
    with pytest.raises(ServerNotRunning, match=r"mine.toml, line \d+: there is no step"):
        notebook.start(str(script))


TAKEN = {
    "title": "Trust in this room",
    "is_synthetic": True,
    "boundaries": [{"text": "Nothing we agree stops anyone.", "question": "drafts", "line": "limits", "fixed": True}],
    "parked": [{"text": "Who decides", "owner": "", "place": "Board", "date": "Friday"}],
    "thanks": [{"prompt": "Thank you", "lines": ["Thank you to <b>the night team</b>."]}],
    "charts": [
        {
            "question": "leak",
            "prompt": "What first?",
            "spec": {
                "kind": "vote",
                "title": "What first?",
                "earlier": None,
                "parts": [
                    {
                        "part": "leak",
                        "text": "What first?",
                        "options": {"A": "Ask", "B": "Wait"},
                        "fixed": False,
                        "shown": {"counts": {"A": 12, "B": 8}, "people": 20, "in_bands": False},
                    }
                ],
            },
        }
    ],
}


def test_the_charts_of_the_export_are_those_of_the_screen(tmp_path: Path) -> None:
    file = tmp_path / "trust-in-this-room.json"
    file.write_text(json.dumps(TAKEN), encoding="utf-8")
    shown = notebook.charts(str(file)).data
    assert "20 answers. Chosen most often: “Ask”, 60%." in html.unescape(shown)
    assert "Synthetic data. Not real people." in shown
    walls = notebook.walls(str(file)).data
    assert "Owner needed" in walls
    assert "<b>" not in walls
    file.write_text(json.dumps({**TAKEN, "charts": []}), encoding="utf-8")
    assert "No chart was shown in this room." in notebook.charts(str(file)).data


@pytest.mark.parametrize("text", ["", "[]", '{"charts": []}', "\x00"])
def test_another_file_is_not_taken_for_a_rooms(tmp_path: Path, text: str) -> None:
    file = tmp_path / "other.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadSessionFile, match=r"other\.json"):
        notebook.charts(str(file))
    for show in (notebook.charts, notebook.walls):
        assert "There is no saved file of a room yet." in show(str(tmp_path / "missing.json")).data
