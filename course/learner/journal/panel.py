"""The journal on a page: everything that was written, to search, to take along as a file, and to erase."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar, Final, TypedDict

import traitlets

from course.activities.card import attempt
from course.charts.chart import Chart
from course.content import all_of, edition_language, words
from course.content.lessons import follow_up, lessons
from course.core.errors import BadJournalFile
from course.core.pages.design_tokens import PANEL, stylesheet
from course.core.pages.page_addresses import page_address
from course.core.pages.web_edition import is_web_edition
from course.core.pages.widget import DOM, Widget, joined
from course.core.word_file import word_media_type, word_name
from course.learner.journal.document import journal_document
from course.learner.journal.entries import JournalPage, answer_table, journal_pages, title_of
from course.learner.journal.loading import LessonLines, Question, load_and_tell, question_before
from course.records import journal_file
from course.records.answers.watching import one_at_a_time, watch_while_open
from course.records.journal import Journal

_HERE: Final = Path(__file__).parent
_WORDS: Final = (
    "search", "jump", "matches", "no-match", "empty", "word", "csv", "print", "erase-page", "erase-all", "erase-sure",
    "erase-yes", "erase-no", "open", "files", "no-reply",
)  # fmt: skip
_KEEPING_WORDS: Final = ("ask", "asked", "refused")
_FILE_WORDS: Final = ("where", "group", "about", "save", "load", "loading", "keep", "take", "cancel", "cancelled")
"""The words that the panel's script says; those on the journal file and on its keeping are in tables of their own."""


class EntryMessage(TypedDict):
    """An entry as the browser gets it."""

    question: str
    lines: list[list[str]]


class PageMessage(TypedDict):
    """A page as the browser gets it."""

    key: str
    title: str
    problem: str
    href: str
    entries: list[EntryMessage]


class FileReply(TypedDict, total=False):
    """The reply to a wish for a file, to a file that is to be loaded, or to the wish to erase."""

    name: str
    media_type: str
    data: str
    """The file in Base64."""
    said: str
    """What became of it, in words."""
    lessons: list[LessonMessage]
    """What became of each lesson in a journal file, or what is different there."""
    asks: bool
    """Whether the file is loaded only after an answer."""


class LessonMessage(TypedDict):
    """What is said of one lesson."""

    title: str
    lines: list[str]


class JournalPanel(Widget):
    """My journal in the browser. What other windows and processes save is shown as soon as it is read.

    The browser sends {"want": "word" | "json" | "csv"}, {"erase": KEY | "*"}, {"load": a journal file in Base64} or
    {"answer": "keep" | "take" | "cancel"} where such a file is otherwise, and is answered with a FileReply.
    """

    _esm: ClassVar = joined(DOM, _HERE / "panel.js")
    _css: ClassVar = stylesheet(PANEL, _HERE / "panel.css")

    pages: traitlets.List[PageMessage] = traitlets.List().tag(sync=True)
    """A list of PageMessage."""
    label = traitlets.Unicode().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    is_in_browser = traitlets.Bool().tag(sync=True)
    """Whether the journal is kept by the browser, which can be asked not to erase it."""
    most = traitlets.Int().tag(sync=True)
    """The size in bytes of the largest journal file."""
    too_large = traitlets.Unicode().tag(sync=True)
    """What is said of a larger one, which is not sent."""
    language: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)

    def __init__(self, journal: Journal, charts: Callable[[], Sequence[Chart]] = tuple) -> None:
        """Show this journal; `charts` returns those that go into the document."""
        self._journal = journal
        self._charts = charts
        self._question: Question | None = None
        super().__init__(
            label=words("synthetic.label") if journal.is_synthetic else "",
            language=edition_language().declared,
            words={name: words(f"journal.{name}") for name in _WORDS}
            | {f"file-{name}": words(f"journal-file.{name}") for name in _FILE_WORDS}
            | {f"keeping-{name}": words(f"keeping.{name}") for name in _KEEPING_WORDS},
            is_in_browser=is_web_edition(),
            most=journal_file.LARGEST,
            too_large=_refusal(journal_file.too_large()),
            pages=_messages(journal_pages(journal)),
        )
        self.on_msg(self._take)
        self._lessons = [journal.page(lesson.key) for lesson in (*lessons(), follow_up())]
        for page in self._lessons:
            page.listen(self._show_again)
        watch_while_open(self, self._lessons, self._stop_listening)

    def __repr__(self) -> str:
        """Name the panel and nothing that is in it."""
        return "<My journal>"

    def _take(self, _widget: object, content: object, _buffers: object) -> None:
        if not isinstance(content, dict):
            return
        wanted, erased = content.get("want"), content.get("erase")
        if wanted in _file_kinds():
            self.send(self._file(str(wanted)))
        elif isinstance(erased, str):
            self.send({"said": self._erase(None if erased == "*" else erased)})
        elif isinstance(content.get("load"), str):
            self.send(self._load(content["load"]))
        elif content.get("answer") in ("keep", "take", "cancel"):
            self.send(self._go_on(content["answer"]))

    def _load(self, data: str) -> FileReply:
        """Load a journal file, or ask first; nothing is changed where it cannot be used."""
        self._question = None
        try:
            file = journal_file.read_journal_file(base64.b64decode(data, validate=True))
            with one_at_a_time:
                self._question = question_before(self._journal, file)
            if self._question is None:
                return self._loaded(file)
        except BadJournalFile as error:
            return {"said": _refusal(error)}
        except binascii.Error:
            return {"said": words("status.unexpected")}
        return {"said": words("journal-file.ask"), "lessons": _lesson_messages(self._question.lessons), "asks": True}

    def _go_on(self, answer: str) -> FileReply:
        """Load the file that was asked about, or nothing of it."""
        question, self._question = self._question, None
        if question is None or answer == "cancel":
            return {"said": words("journal-file.cancelled")}
        return self._loaded(question.file, question.about if answer == "take" else None)

    def _loaded(self, file: journal_file.JournalFile, replace: journal_file.AskedAbout | None = None) -> FileReply:
        with one_at_a_time:
            said, lessons = load_and_tell(self._journal, file, replace)
            self.pages = _messages(journal_pages(self._journal))
        return {"said": said, "lessons": _lesson_messages(lessons)}

    def _show_again(self, _key: str) -> None:
        self.pages = _messages(journal_pages(self._journal))

    def _stop_listening(self) -> None:
        for page in self._lessons:
            page.unlisten(self._show_again)

    def _file(self, kind: str) -> FileReply:
        name, media_type = _file_kinds()[kind]
        return {
            "name": name,
            "media_type": media_type,
            "data": base64.b64encode(self._content(kind)).decode(),
            "said": " ".join([words("journal.file-made", name=name), *self._left_out(kind)]),
        }

    def _left_out(self, kind: str) -> list[str]:
        """Return a sentence on the lessons that are not in the journal file."""
        unread = journal_file.left_out(self._journal) if kind == "json" else []
        return [words("journal.left-out", lessons=all_of(f"“{title_of(name)}”" for name in unread))] if unread else []

    def _content(self, kind: str) -> bytes:
        if kind == "word":
            return journal_document(journal_pages(self._journal), self._charts(), self.label)
        if kind == "csv":
            return answer_table(self._journal)
        return journal_file.journal_bytes(self._journal)

    def _erase(self, name: str | None) -> str:
        """Erase one page or all, and return what became of it in words."""
        if name is not None and name not in self._journal.written():
            return words("journal.nothing-to-erase")

        def forget() -> None:
            self._journal.forget(name)

        problem = attempt(forget)
        self.pages = _messages(journal_pages(self._journal))
        return problem or words("journal.erased")


def _file_kinds() -> dict[str, tuple[str, str]]:
    """Return the name and the kind of each file that can be taken along."""
    return {
        "word": (word_name("my-journal"), word_media_type()),
        "json": (journal_file.FILE_NAME, "application/json"),
        "csv": ("my-journal.csv", "text/csv"),
    }


def _refusal(error: BadJournalFile) -> str:
    return f"{error.message} {error.hint}"


def _lesson_messages(lessons: Sequence[LessonLines]) -> list[LessonMessage]:
    return [{"title": lesson.title, "lines": list(lesson.lines)} for lesson in lessons]


def _messages(pages: Sequence[JournalPage]) -> list[PageMessage]:
    return [
        {
            "key": page.key,
            "title": page.title,
            "problem": page.problem,
            "href": page_address(f"{page.key}.ipynb") if page.title != page.key else "",
            "entries": [
                {"question": entry.question, "lines": [list(line) for line in entry.lines]} for entry in page.entries
            ],
        }
        for page in pages
    ]
