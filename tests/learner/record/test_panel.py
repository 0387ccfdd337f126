"""My record on its page: what the browser is sent, and what it may ask for."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from course.charts.chart import Chart, Table
from course.content import words
from course.learner.record.panel import RecordPanel
from course.records.journal import SYNTHETIC, Journal


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    journal = Journal(tmp_path / "journal")
    journal.page("starting-point").save("start", {"COMP7": 5, "version": 2})
    journal.page("trust-plan").save("one-sentence", "I ring back.")
    return journal


def ask(panel: Any, **message: Any) -> dict[str, Any]:
    """Send what the browser sends, and return the reply."""
    replies: list[dict[str, Any]] = []
    panel.send = lambda content, buffers=None: replies.append(content)
    panel._take(panel, message, [])
    return replies[0] if replies else {}


def said(panel: Any) -> str:
    return str(panel.sections)


def test_it_offers_the_learners_words_and_shows_a_record_without_them(journal: Journal) -> None:
    panel: Any = RecordPanel(journal)
    assert [piece["name"] for piece in panel.pieces] == ["trust-plan/one-sentence", "charts"]
    assert panel.opening == [words("record.course"), words("record.unchecked")]
    assert "I ring back." not in said(panel)
    assert ask(panel, choices={"pieces": ["trust-plan/one-sentence"]}) == {"said": ""}
    assert "I ring back." in said(panel)
    ask(panel, choices={})
    assert "I ring back." not in said(panel)


def test_charts_are_made_only_for_a_record_that_has_them(journal: Journal) -> None:
    made = []

    def charts() -> Sequence[Chart]:
        made.append(1)
        return [Chart("How?", "It rose.", Table("", ("a",), (("1",),))), Chart("Empty?", "Nothing yet.")]

    panel: Any = RecordPanel(journal, charts)
    ask(panel, choices={})
    assert not made
    for _ in range(2):
        ask(panel, choices={"pieces": ["charts"]})
    assert made == [1]
    assert "How? It rose." in said(panel)
    assert "Nothing yet." not in said(panel)


def test_it_makes_each_file_from_what_was_chosen_and_stores_nothing(journal: Journal) -> None:
    before = {path.name: path.read_bytes() for path in journal.folder.iterdir()}
    panel: Any = RecordPanel(journal)
    choices = {"name": "Ann", "hours": "4", "pieces": ["trust-plan/one-sentence"]}
    word, text = (ask(panel, choices=choices, want=kind) for kind in ("word", "txt"))
    assert [part["name"] for part in (word, text)] == ["my-record.docx", "my-record.txt"]
    paragraphs = [part.text for part in Document(io.BytesIO(base64.b64decode(word["data"]))).paragraphs]
    plain = base64.b64decode(text["data"]).decode("utf-8-sig")
    for line in ("Ann", "4", "I ring back.", words("record.unchecked")):
        assert line in paragraphs
        assert line in plain
    assert ask(panel, choices=choices, want="print") == {"said": "", "print": True}
    assert {path.name: path.read_bytes() for path in journal.folder.iterdir()} == before


def test_a_file_is_not_made_while_a_figure_cannot_be_right(journal: Journal) -> None:
    panel: Any = RecordPanel(journal)
    for want in ("word", "txt", "print"):
        reply = ask(panel, choices={"hours": "many"}, want=want)
        assert reply == {"said": words("record.bad-hours"), "wrong": "hours"}


@pytest.mark.parametrize("message", [{"want": "word"}, {"erase": "*"}, {}])
def test_nothing_else_can_be_asked_for(journal: Journal, message: dict[str, Any]) -> None:
    assert ask(RecordPanel(journal), **message) == {}


def test_an_unknown_kind_of_file_is_not_made(journal: Journal) -> None:
    assert ask(RecordPanel(journal), choices={}, want="exe") == {"said": ""}


def test_where_nothing_was_answered_nothing_stands_above_the_record(tmp_path: Path) -> None:
    assert RecordPanel(Journal(tmp_path / "none")).opening == []


def test_made_up_data_is_labelled_and_nothing_written_is_in_a_text_about_the_panel(journal: Journal) -> None:
    (journal.folder / SYNTHETIC).write_text("made up")
    panel: Any = RecordPanel(journal)
    assert panel.opening[0] == words("synthetic.label")
    assert "I ring back." not in repr(panel)
