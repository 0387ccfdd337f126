"""A record on a page: what goes into it to choose and fill in, and the record as it will be saved."""

from __future__ import annotations

import base64
import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar, Final, TypedDict

import traitlets

from course.charts.chart import Chart
from course.content import edition_language, words
from course.core.pages.design_tokens import PANEL, stylesheet
from course.core.pages.widget import DOM, Widget, joined
from course.core.word_file import word_media_type, word_name
from course.learner.journal.panel import FileReply
from course.learner.record.completion import completion
from course.learner.record.contents import (
    CHARTS,
    CODE,
    Part,
    RecordChoices,
    RecordPiece,
    RecordSection,
    chart_text,
    read_choices,
    record_pieces,
    record_sections,
)
from course.learner.record.document import opening_sentences, record_document, record_text
from course.records.journal import Journal

_HERE: Final = Path(__file__).parent
_WORDS: Final = (
    "title", "empty", "choose", "details", "details-hint", "name", "first", "last", "hours", "hours-hint",
    "with-others", "with-others-hint", "learned", "changed", "pieces-hint", "no-pieces", "own-learned", "own-changed",
    "own-hint", "practice", "fits-work", "code", "code-hint", "preview", "gap", "files", "word", "text", "print",
    "no-reply",
)  # fmt: skip


class PieceMessage(TypedDict):
    """A piece to choose, as the browser gets it."""

    name: str
    part: Part
    label: str
    beginning: str


class SectionMessage(TypedDict):
    """A section of the record as the browser gets it."""

    heading: str
    facts: list[list[str]]
    rows: list[list[str]]


class RecordPanel(Widget):
    """My record of completion in the browser. Nothing is stored of what is chosen and filled in there.

    The browser sends {"choices": …}, with {"want": "word" | "txt" | "print"} where it wants to save or print the
    record, and is answered with a FileReply, or with {"print": True} when the record is ready to be printed.
    """

    _esm: ClassVar = joined(DOM, _HERE / "panel.js")
    _css: ClassVar = stylesheet(PANEL, _HERE.parent / "journal" / "panel.css", _HERE / "panel.css")

    opening: traitlets.List[str] = traitlets.List().tag(sync=True)
    """The sentences above the record; none where nothing was answered yet."""
    hours = traitlets.Unicode().tag(sync=True)
    """The hours as they were reckoned."""
    pieces: traitlets.List[PieceMessage] = traitlets.List().tag(sync=True)
    """A list of PieceMessage."""
    sections: traitlets.List[SectionMessage] = traitlets.List().tag(sync=True)
    """A list of SectionMessage: the record with the latest choices."""
    code: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)
    """The parts of the Code by name."""
    words = traitlets.Dict().tag(sync=True)
    language: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)

    def __init__(self, journal: Journal, charts: Callable[[], Sequence[Chart]] = tuple) -> None:
        """Show the record of this journal; `charts` returns those whose sentences can go into it."""
        self._done = completion(journal)
        self._pieces = record_pieces(journal)
        self._chart_text = functools.cache(lambda: chart_text(charts()))
        self._label = words("synthetic.label") if journal.is_synthetic else ""
        first = RecordChoices({"hours": self._done.hours})
        super().__init__(
            opening=opening_sentences(self._label) if self._done.works else [],
            hours=self._done.hours,
            pieces=[_piece_message(piece) for piece in self._pieces],
            sections=[_section_message(section) for section in self._sections(first)],
            code={name: words(f"record.code-{name}") for name in CODE},
            language=edition_language().declared,
            words={name: words(f"record.{name}") for name in _WORDS},
        )
        self.on_msg(self._take)

    def __repr__(self) -> str:
        """Name the panel and nothing that is in it."""
        return "<My record of completion>"

    def _take(self, _widget: object, content: object, _buffers: object) -> None:
        if not isinstance(content, dict) or "choices" not in content:
            return
        choices, wanted = read_choices(content["choices"]), content.get("want")
        sections = self._sections(choices)
        self.sections = [_section_message(section) for section in sections]
        wrong, problem = choices.problem
        if problem:
            self.send({"said": problem, "wrong": wrong})
        elif wanted == "print":
            self.send({"said": "", "print": True})
        elif wanted in _file_kinds():
            self.send(self._file(str(wanted), sections))
        else:
            self.send({"said": ""})

    def _sections(self, choices: RecordChoices) -> list[RecordSection]:
        return record_sections(self._done, self._pieces, choices, self._text_of)

    def _text_of(self, piece: RecordPiece) -> str:
        return self._chart_text() if piece.name == CHARTS else piece.text

    def _file(self, kind: str, sections: Sequence[RecordSection]) -> FileReply:
        name, media_type = _file_kinds()[kind]
        data = (
            record_document(sections, self._label)
            if kind == "word"
            else record_text(sections, self._label).encode("utf-8-sig")
        )
        return {
            "name": name,
            "media_type": media_type,
            "data": base64.b64encode(data).decode(),
            "said": words("journal.file-made", name=name),
        }


def _file_kinds() -> dict[str, tuple[str, str]]:
    """Return the name and the kind of each file of a record."""
    return {
        "word": (word_name("my-record"), word_media_type()),
        "txt": ("my-record.txt", "text/plain;charset=utf-8"),
    }


def _piece_message(piece: RecordPiece) -> PieceMessage:
    return {"name": piece.name, "part": piece.part, "label": piece.label, "beginning": piece.beginning}


def _section_message(section: RecordSection) -> SectionMessage:
    return {
        "heading": section.heading,
        "facts": [list(fact) for fact in section.facts],
        "rows": [list(row) for row in section.rows],
    }
