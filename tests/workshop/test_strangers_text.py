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

from course.workshop.answers import check_answer
from course.workshop.script import ScriptQuestion
from course.workshop.session import Session
from tests.trainer.injections import INJECTIONS
from tests.workshop.live_server import Browser, Console, LiveServer, answer

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "=HYPERLINK(1)", "\uff1d1+1"]
TEXTS = [text for text in [*INJECTIONS, *FORMULAS] if len(text) <= 190]
QUESTION = "differences"


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
def live_server(edition: Path, tmp_path: Path) -> Iterator[LiveServer]:
    """A server with the course's own pages, and a script that lets phones sort every line."""
    script = edition / "workshop.toml"
    text = script.read_text(encoding="utf-8")
    script.write_text(text.replace('kind = "sort"', 'kind = "sort"\nmost = 400'), encoding="utf-8")
    live_server = LiveServer(tmp_path, hold=0.0)
    yield live_server
    live_server.close()


def room_of(live_server: LiveServer, texts: list[str]) -> tuple[Session, Console, Browser]:
    """Return a session in which each phone wrote one of the texts, all of them approved, parked and shown."""
    session = live_server.new_session()
    console = Console(live_server.port, session=session.id)
    console.get(live_server.server.new_console_link(session.id))
    console.token = session.access.form_token(console.cookies[f"console-{session.id}"])
    phones = [live_server.phone(session) for _ in texts]
    console.press("step", step="agree")
    console.press("open", question=QUESTION)
    for phone, text in zip(phones, texts, strict=True):
        assert answer(phone, session, QUESTION, text).status == 200
    for line in session.model.lines.of(QUESTION):
        console.press("approve", line=line.name)
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
    harmless = pages(*room_of(live_server, ["x" * len(text) for text in TEXTS]), live_server)
    hostile = pages(*room_of(live_server, TEXTS), live_server)
    for name, page in hostile.items():
        assert page.marks == harmless[name].marks, name
    for name in ("phone main", "console", "screen", "export"):
        missing = [text for text in TEXTS if cleaned(text) not in hostile[name].text]
        assert not missing, name


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
