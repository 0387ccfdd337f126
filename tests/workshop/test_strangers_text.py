"""What strangers write comes back as text: on each page, in each event, in what the session takes away."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from course.workshop.rules.answers import check_answer
from course.workshop.rules.lines import line_key
from course.workshop.script.script import ScriptQuestion
from course.workshop.sessions.session import Session
from course.workshop.views import screen_view
from tests.trainer.injections import INJECTIONS
from tests.workshop.live_server import Browser, Console, LiveServer, answer
from tests.workshop.whole_room import own_console

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "=HYPERLINK(1)", "\uff1d1+1"]
TEXTS = [*{line_key(text): text for text in [*FORMULAS, *INJECTIONS] if len(text) <= 190}.values()]
"""Each text that a line may have, and none that is merged with another on its wall."""
QUESTION = "differences"


RIGHT_TO_LEFT = [
    "\u05e9\u05dc\u05d5\u05dd \u05dc\u05db\u05dd, \u05d0\u05e0\u05d7\u05e0\u05d5 (\u05d4\u05e6\u05d5\u05d5\u05ea).",
    "\u0645\u0631\u062d\u0628\u0627 (\u0641\u0631\u064a\u0642) 123.",
]
VOID = {"meta", "link", "input", "br", "img", "hr"}


class Directions(HTMLParser):
    """The texts of a page, each with whether an element around it takes its direction from it alone."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._open: list[tuple[str, bool]] = []
        self.texts: list[tuple[str, bool]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        own = tag == "bdi" or dict(attributes).get("dir") == "auto"
        self.texts += [(value or "", own) for name, value in attributes if name == "value"]
        if tag not in VOID:
            self._open.append((tag, own))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.texts.append((data, bool(self._open) and self._open[-1][1]))


class Marks(HTMLParser):
    """The elements of a page with the names of their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.marks: Counter[str] = Counter()
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.marks[" ".join([tag, *sorted(name for name, _ in attributes)])] += 1
        self.text += " ".join(value or "" for _, value in attributes)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def live_server(own_edition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    """A server with the course's own pages, all of the screen on one, and a script that lets phones sort every line."""
    monkeypatch.setattr(screen_view, "SHEET_HEIGHT", 1e9)
    script = own_edition / "workshop.toml"
    text = script.read_text(encoding="utf-8")
    script.write_text(text.replace('kind = "sort"', 'kind = "sort"\nmost = 400'), encoding="utf-8")
    live_server = LiveServer(tmp_path, hold=0.0)
    yield live_server
    live_server.close()


def room_of(live_server: LiveServer, texts: list[str]) -> tuple[Session, Console, Browser]:
    """Return a session in which each phone wrote one of the texts, all approved, parked and shown, each by itself."""
    session = live_server.new_session()
    console = own_console(live_server, session)
    phones = [live_server.phone(session) for _ in texts]
    console.press("step", step="agree")
    console.press("open", question=QUESTION)
    for phone, text in zip(phones, texts, strict=True):
        assert answer(phone, session, QUESTION, text).status == 200
    for line in session.model.lines.of(QUESTION):
        console.press("approve", line=line.name)
    console.press("ungroup", lines=[line.name for line in session.model.lines.of(QUESTION)])
    for act in ("close", "reveal"):
        console.press(act, question=QUESTION)
    console.press("open", question="sorted")
    for line in session.model.lines.of(QUESTION):
        console.press("park", line=line.name, owner="", place="", date="")
    return session, console, phones[0]


def pages(session: Session, console: Console, phone: Browser, live_server: LiveServer) -> dict[str, Marks]:
    """Return every page on which lines stand, and the parts that events send."""
    base = f"/console/{session.id}"
    asked = {
        "phone": phone.get(f"/r/{session.id}/"),
        "console": console.get(f"{base}/"),
        "screen": console.get(f"{base}/screen"),
        "export": console.get(f"{base}/export.html"),
        "cards": console.get(f"{base}/cards"),
    }
    marks = {name: Marks(page.body.decode()) for name, page in asked.items()}
    for page in ("phone", "console", "screen"):
        parts = live_server.server._parts(session, page)
        marks |= {f"{page} {name}": Marks(part) for name, part in parts.items()}
    return marks


def cleaned(text: str) -> str:
    return str(check_answer(ScriptQuestion(QUESTION, "lines", "?"), text))


@pytest.mark.slow
def test_no_text_becomes_an_element_of_any_page(live_server: LiveServer) -> None:
    harmless_texts = [f"{number:x>{max(4, len(text))}}" for number, text in enumerate(TEXTS)]  # equal ones are merged
    rooms = [room_of(live_server, texts) for texts in (harmless_texts, TEXTS)]
    harmless, hostile = (pages(*room, live_server) for room in rooms)
    for name, page in hostile.items():
        assert page.marks == harmless[name].marks, name
    for name in ("phone main", "console", "screen", "export"):
        missing = [text for text in TEXTS if cleaned(text) not in hostile[name].text]
        assert not missing, name


def test_what_people_write_has_a_direction_of_its_own_on_every_page(live_server: LiveServer) -> None:
    session, console, phone = room_of(live_server, 5 * RIGHT_TO_LEFT)
    for line in session.model.lines.of(QUESTION):
        console.press("park", line=line.name, owner=RIGHT_TO_LEFT[0], place=RIGHT_TO_LEFT[1], date="")
    base = f"/console/{session.id}"
    seen = {
        "phone": phone.get(f"/r/{session.id}/"), "console": console.get(f"{base}/"),
        "screen": console.get(f"{base}/screen"), "export": console.get(f"{base}/export.html"),
    }  # fmt: skip
    for name, page in seen.items():
        texts = [
            (text, own)
            for text, own in Directions(page.body.decode()).texts
            if any(each in text for each in RIGHT_TO_LEFT)
        ]
        assert texts, name
        assert [text for text, own in texts if not own] == [], name


@pytest.mark.slow
def test_what_a_room_takes_away_runs_in_no_spreadsheet_and_in_no_page(live_server: LiveServer) -> None:
    session, console, phone = room_of(live_server, TEXTS)
    taken = console.get(f"/console/{session.id}/export.csv")
    rows = list(csv.reader(io.StringIO(taken.body.decode("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]
    risky = [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert [cell for cell in risky if not re.fullmatch(r"[+-]\d+", cell)] == [], "a plain number is none"
    assert {cleaned(text).lstrip("'") for text in TEXTS} <= {cell.lstrip("'") for cell in cells}
    assert taken.headers["content-type"].startswith("text/csv")
    for path, browser in ((f"/console/{session.id}/export.json", console), (f"/r/{session.id}/mine", phone)):
        plain = browser.get(path)
        assert plain.headers["content-type"].startswith("application/json")
        assert plain.headers["x-content-type-options"] == "nosniff"
        assert json.loads(plain.body)


def test_what_is_refused_is_not_said_back_as_an_element(live_server: LiveServer) -> None:
    browser = live_server.browser()
    plain = Marks(browser.form("/", {"code": "no such code"}).body.decode()).marks
    for text in INJECTIONS[:15]:
        assert Marks(browser.form("/", {"code": text}).body.decode()).marks == plain
    nowhere = browser.get("/%3Cscript%3E", Accept="text/html").body.decode()
    assert "<script>" not in nowhere.replace(html.escape("<script>"), "")
