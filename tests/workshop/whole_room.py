"""A session of the course's own script in which people made something of every kind that can be taken away."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.workshop.record_file import read_record
from course.workshop.sessions.session import Session
from course.workshop.view_parts import SessionRecord
from tests.workshop.live_server import Browser, Console, LiveServer, Reply, answer

PEOPLE = 12
WRITTEN = ("attention", "missing", "different", "thank-you", "commitment", "taking-away")
SHOWN = {
    "missing": "We say when we are late",
    "different": "who decides on the budget",
    "thank-you": "the night team",
    "taking-away": "ask before I answer",
}
"""How the lines begin that are shown, by question; each phone adds its number."""


def text_of(question: str, number: int) -> Any:
    """Return what a phone writes."""
    words = f"{SHOWN.get(question, f'written for {question}')} ({number})"
    if question == "thank-you":
        return {"to": words, "for": "staying", "meant": "a lot"}
    if question == "commitment":
        return {"if": words, "then": "say so", "show": True}
    return words


def fill(live_server: LiveServer, session: Session) -> list[Browser]:
    """Let people answer and write, and the facilitator approve, settle and show; return the phones."""
    phones = [live_server.phone(session) for _ in range(PEOPLE)]

    def act(name: str, **fields: Any) -> None:
        live_server.run(session.perform(name, fields, 0.0))

    def say(part: str, value: Any, phone: Browser) -> None:
        assert answer(phone, session, part, value).status == 200

    for question in ("group", "drafts", "first-act", *WRITTEN):
        act("open", question=question)
        for number, phone in enumerate(phones):
            if question == "group":
                for item in range(1, 7):
                    say(f"group.G{item}", 2 + (number + item) % 5, phone)
            elif question == "drafts":
                for line in ("sources", "some-stays", "if-broken"):
                    say(f"drafts.{line}", ("keep", "change", "not-sure")[number % 3], phone)
            elif question == "first-act":
                say("first-act", "AC"[number % 2], phone)
            else:
                say(question, text_of(question, number), phone)
        act("close", question=question)
    judge(live_server, session)
    return phones


def judge(live_server: LiveServer, session: Session) -> None:
    """Approve most lines, hide one and leave one of each question; settle three, and show all but the check-in."""

    def act(name: str, **fields: Any) -> None:
        live_server.run(session.perform(name, fields, 0.0))

    act("boundary", question="drafts", line="sources", text="We name nobody, here or elsewhere.")
    for question in WRITTEN:
        for line in session.model.lines.of(question):
            words = str(session.model.lines.words(line))
            if "(10)" in words:
                act("hide", line=line.name)
            elif "(11)" not in words:
                act("approve", line=line.name)
        if question != "attention":
            act("reveal", question=question)
    for question in ("group", "drafts", "first-act"):
        act("reveal", question=question)
    first, second, third = session.model.walls.shown(session.model.script.question("different"))[:3]  # type: ignore[arg-type]
    act("settle", line=first.name, to="ours")
    act("settle", line=second.name, to="now")
    act("park", line=third.name, owner="Sam", place="the board", date="12 January")


SAVED = ("html", "docx", "csv", "ics", "json")
"""The kinds of file that a facilitator can save."""


@dataclass(frozen=True)
class PlayedRoom:
    """A session that was played, on a server that has stopped, and what its facilitator had saved."""

    folder: Path
    session_id: str
    replies: Mapping[str, Reply]
    """What came back for each kind of file."""
    pseudonyms: frozenset[str]
    """Of people and of lines: what no file says."""

    def saved(self, kind: str) -> bytes:
        """Return a file that was saved."""
        return self.replies[kind].body

    def record(self) -> SessionRecord:
        """Return what was saved as data."""
        return read_record(self.saved("json"), "export.json")

    def copy(self, folder: Path) -> Path:
        """Copy the session for a server of one's own, and return its folder."""
        return Path(shutil.copytree(self.folder, folder))

    def saved_file(self, folder: Path) -> Path:
        """Write what was saved as data into a folder, and return the file."""
        file = folder / "saved.json"
        file.write_bytes(self.saved("json"))
        return file


def play(folder: Path, kinds: Sequence[str] = SAVED) -> PlayedRoom:
    """Hold a session, and save what its facilitator can save of it."""
    live_server = LiveServer(folder)
    try:
        session = live_server.new_session()
        fill(live_server, session)
        console = own_console(live_server, session)
        replies = {kind: console.get(f"/console/{session.id}/export.{kind}") for kind in kinds}
        pseudonyms = frozenset([*session.model.people, *(line.name for line in session.model.lines.every())])
    finally:
        live_server.close()
    assert {reply.status for reply in replies.values()} == {200}
    return PlayedRoom(folder, session.id, replies, pseudonyms)


def own_console(live_server: LiveServer, session: Session) -> Console:
    """Return the facilitator's browser without loading the console's page."""
    console = Console(live_server.port, session=session.id)
    console.get(live_server.server.new_console_link(session.id))
    console.token = session.access.form_token(console.cookies[f"console-{session.id}"])
    return console


def saved_file(folder: Path) -> Path:
    """Hold a session, and return the file as which the facilitator's browser saves it as data."""
    return play(folder, ["json"]).saved_file(folder)
