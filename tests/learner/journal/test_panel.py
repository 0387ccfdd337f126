"""My journal on its page: what the browser is sent, and what it may ask for."""

from __future__ import annotations

import base64
import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from course.content import words
from course.core import storage
from course.learner.journal.panel import JournalPanel
from course.records.answers.file import lock_of
from course.records.journal import SYNTHETIC, Journal
from course.records.journal_file import LARGEST, journal_bytes


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    journal = Journal(tmp_path / "journal")
    journal.page("starting-point").save("how-long", "B")
    journal.page("repair").save("an-older-question", "line one\nline two")
    return journal


@pytest.fixture
def panel(journal: Journal) -> Any:
    return JournalPanel(journal)


def ask(panel: Any, **message: str) -> dict[str, Any]:
    """Send what the browser sends, and return the reply."""
    replies: list[dict[str, Any]] = []
    panel.send = lambda content, buffers=None: replies.append(content)
    panel._take(panel, message, [])
    return replies[0] if replies else {}


def content(reply: dict[str, Any]) -> bytes:
    return base64.b64decode(reply["data"])


def test_it_shows_each_lesson_with_what_was_asked_and_answered(panel: Any) -> None:
    first, second = panel.pages
    assert (first["key"], first["title"], first["href"]) == (
        "starting-point",
        "Where you are starting from",
        "starting-point.ipynb",
    )
    assert first["entries"][0]["lines"] == [["How long have you worked together?", "B. Under a year"]]
    assert second["entries"] == [{"question": "", "lines": [["an-older-question", "line one\nline two"]]}]


def test_it_makes_each_file_when_it_is_asked_for(panel: Any, journal: Journal) -> None:
    word, table, data = (ask(panel, want=kind) for kind in ("word", "csv", "json"))
    assert [part["name"] for part in (word, table, data)] == ["my-journal.docx", "my-journal.csv", "my-journal.json"]
    assert "B. Under a year" in [part.text for part in Document(io.BytesIO(content(word))).paragraphs]
    rows = list(csv.reader(io.StringIO(content(table).decode("utf-8-sig"), newline="")))
    assert ["starting-point", "how-long", "", "B"] in rows
    assert json.loads(content(data))["journal"]["starting-point"]["answers"] == {"how-long": "B"}
    assert word["said"] == words("journal.file-made", name="my-journal.docx")


@pytest.mark.parametrize("message", [{"want": "exe"}, {"want": "_take"}, {"other": "word"}, {"erase": ["repair"]}])
def test_nothing_else_can_be_asked_for(panel: Any, message: dict[str, Any]) -> None:
    assert ask(panel, **message) == {}


def test_a_lesson_or_all_can_be_erased(panel: Any, journal: Journal) -> None:
    assert ask(panel, erase="repair") == {"said": words("journal.erased")}
    assert [page["key"] for page in panel.pages] == ["starting-point"]
    assert not (journal.folder / "repair.json").exists()
    assert ask(panel, erase="*") == {"said": words("journal.erased")}
    assert panel.pages == []
    assert list(journal.folder.glob("*.json")) == []


def test_a_journal_file_is_loaded_and_it_says_of_each_lesson_what_became_of_it(panel: Any, tmp_path: Path) -> None:
    elsewhere = Journal(tmp_path / "elsewhere")
    elsewhere.page("starting-point").save("how-long", "B")
    elsewhere.page("thanks").save("a-line", "<b>thank you</b>")
    reply = ask(panel, load=base64.b64encode(journal_bytes(elsewhere)).decode())
    assert reply["said"] == words("journal-file.done")
    assert reply["lessons"] == [
        {"title": "Where you are starting from", "lines": [words("journal-file.nothing")]},
        {"title": "Thanks, and trust freely given", "lines": ["1 answer was added."]},
    ]
    assert panel.pages[-1]["entries"][0]["lines"] == [["a-line", "<b>thank you</b>"]]


@pytest.mark.parametrize("answer", ["keep", "take", "cancel"])
def test_it_asks_before_an_answer_is_replaced(panel: Any, journal: Journal, tmp_path: Path, answer: str) -> None:
    elsewhere = Journal(tmp_path / "elsewhere")
    elsewhere.page("starting-point").save("how-long", "C")
    elsewhere.page("thanks").save("a-line", "new")
    reply = ask(panel, load=base64.b64encode(journal_bytes(elsewhere)).decode())
    assert (reply["said"], reply["asks"]) == (words("journal-file.ask"), True)
    assert reply["lessons"][0]["lines"] == ["1 answer is different: “How long have you worked together?”."]
    assert journal.written() == ["starting-point", "repair"]
    said = ask(panel, answer=answer)["said"]
    assert said == words("journal-file.cancelled" if answer == "cancel" else "journal-file.done")
    assert Journal(journal.folder).page("starting-point").get("how-long") == ("C" if answer == "take" else "B")
    assert ("thanks" in journal.written()) == (answer != "cancel")
    assert ask(panel, answer=answer) == {"said": words("journal-file.cancelled")}


def test_what_is_no_journal_file_is_refused_in_words(panel: Any, journal: Journal) -> None:
    before = journal_bytes(journal)
    assert ask(panel, load="***")["said"] == words("status.unexpected")
    assert words("journal-file.damaged") in ask(panel, load=base64.b64encode(b"PK").decode())["said"]
    assert ask(panel, load=base64.b64encode(b" " * (LARGEST + 1)).decode())["said"] == panel.too_large
    assert journal_bytes(journal) == before


def test_it_says_which_lesson_is_not_in_the_file_because_it_cannot_be_read(journal: Journal) -> None:
    (journal.folder / "repair.json").write_text("{")
    said = ask(JournalPanel(Journal(journal.folder)), want="json")["said"]
    assert words("journal.left-out", lessons="“When trust is broken”") in said


@pytest.mark.parametrize("name", ["../secret", "thanks", ""])
def test_what_is_no_page_of_the_journal_is_not_erased(panel: Any, name: str, journal: Journal) -> None:
    (journal.folder.parent / "secret.json").write_text("{}")
    assert ask(panel, erase=name) == {"said": words("journal.nothing-to-erase")}
    assert len(panel.pages) == 2
    assert (journal.folder.parent / "secret.json").exists()


def test_a_page_that_cannot_be_read_is_told_and_left_out_of_the_file(journal: Journal) -> None:
    (journal.folder / "repair.json").write_text("{")
    reopened = Journal(journal.folder)
    damaged = next(page for page in JournalPanel(reopened).pages if page["key"] == "repair")
    assert damaged["problem"]
    assert list(json.loads(journal_bytes(reopened))["journal"]) == ["starting-point"]


def test_a_made_up_journal_is_labelled_and_nothing_written_is_in_a_text_about_it(journal: Journal) -> None:
    (journal.folder / SYNTHETIC).write_text("made up")
    panel = JournalPanel(journal)
    assert panel.label == words("synthetic.label")
    assert "line one" not in repr(panel)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_page_that_a_text_editor_saved_is_in_the_file_too(encoding: str, journal: Journal) -> None:
    page = journal.page("two-questions")
    page.save("one-line", "Zoë")
    assert page.path
    page.path.write_bytes(page.path.read_text(encoding="utf-8").encode(encoding))
    assert json.loads(journal_bytes(journal))["journal"]["two-questions"]["answers"]["one-line"] == "Zoë"


@pytest.mark.parametrize("erased", ["*", "repair"])
def test_while_another_window_writes_nothing_is_erased_and_all_is_still_shown(
    erased: str, panel: Any, journal: Journal
) -> None:
    before, held = list(panel.pages), journal.page("repair")
    held.wait = 0.01
    assert held.path
    with storage.locked(lock_of(held.path), 1):
        said = ask(panel, erase=erased)["said"]
    assert said == f"{words('answers.not-erased-locked')} {words('answers.not-erased-locked-hint')}"
    assert panel.pages == before
    assert len(journal.files()) == 2
    assert ask(panel, erase=erased)["said"] == words("journal.erased")
