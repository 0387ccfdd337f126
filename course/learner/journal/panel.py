"""The journal on a page: everything that was written, to search, to take along as a file, and to erase."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar, Final, TypedDict

import anywidget
import traitlets

from course.activities.card import attempt
from course.charts.chart import Chart
from course.content import edition_language, words
from course.content.lessons import follow_up, lessons
from course.core.design_tokens import stylesheet
from course.core.scripts import DOM, joined
from course.core.text_files import read_text
from course.learner.journal.document import MEDIA_TYPE, journal_document
from course.learner.journal.entries import JournalPage, answer_table, journal_pages
from course.records.journal import Journal
from course.records.watching import watch_while_open

_HERE: Final = Path(__file__).parent
FORMAT: Final = 1
"""That of the one file that has all pages."""
_FILES: Final = {
    "docx": ("my-journal.docx", MEDIA_TYPE),
    "json": ("my-journal.json", "application/json"),
    "csv": ("my-journal.csv", "text/csv"),
}
"""The name and the kind of each file that can be taken along."""
_WORDS: Final = (
    "search", "matches", "no-match", "empty", "word", "json", "csv", "print", "erase-page", "erase-all", "erase-sure",
    "erase-yes", "erase-no", "open", "files", "no-reply",
)  # fmt: skip
"""The words that the panel's script says."""


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
    """The reply to a wish for a file, or to the wish to erase."""

    name: str
    media_type: str
    data: str
    """The file in Base64."""
    said: str
    """What became of it, in words."""


class JournalPanel(anywidget.AnyWidget):
    """My journal in the browser. What other windows and processes save is shown as soon as it is read.

    The browser sends {"want": "docx" | "json" | "csv"} or {"erase": KEY | "*"} and is answered with a FileReply.
    """

    _esm: ClassVar = joined(DOM, _HERE / "panel.js")
    _css: ClassVar = stylesheet(_HERE / "panel.css")

    pages: traitlets.List[PageMessage] = traitlets.List().tag(sync=True)
    """A list of PageMessage."""
    label = traitlets.Unicode().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    language: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)

    def __init__(self, journal: Journal, charts: Callable[[], Sequence[Chart]] = tuple) -> None:
        """Show this journal; `charts` returns those that go into the document."""
        self._journal = journal
        self._charts = charts
        super().__init__(
            label=words("synthetic.label") if journal.is_synthetic else "",
            language=edition_language().declared,
            words={name: words(f"journal.{name}") for name in _WORDS},
            pages=_messages(journal_pages(journal)),
        )
        self.on_msg(self._take)
        self._lessons = [journal.page(lesson.key) for lesson in (*lessons(), follow_up())]
        for page in self._lessons:
            page.listen(self._show_again)
        watch_while_open(self, self._lessons, self._let_go)

    def __repr__(self) -> str:
        """Name the panel and nothing that is in it."""
        return "<My journal>"

    def _take(self, _widget: object, content: object, _buffers: object) -> None:
        if not isinstance(content, dict):
            return
        wanted, erased = content.get("want"), content.get("erase")
        if wanted in _FILES:
            self.send(self._file(str(wanted)))
        elif isinstance(erased, str):
            self.send({"said": self._erase(None if erased == "*" else erased)})

    def _show_again(self, _key: str) -> None:
        self.pages = _messages(journal_pages(self._journal))

    def _let_go(self) -> None:
        for page in self._lessons:
            page.unlisten(self._show_again)

    def _file(self, kind: str) -> FileReply:
        name, media_type = _FILES[kind]
        return {
            "name": name,
            "media_type": media_type,
            "data": base64.b64encode(self._content(kind)).decode(),
            "said": words("journal.file-made", name=name),
        }

    def _content(self, kind: str) -> bytes:
        if kind == "docx":
            return journal_document(journal_pages(self._journal), self._charts(), self.label)
        if kind == "csv":
            return answer_table(self._journal)
        return journal_json(self._journal)

    def _erase(self, name: str | None) -> str:
        """Erase one page or all, and return what became of it in words."""
        if name is not None and name not in self._journal.written():
            return words("journal.nothing-to-erase")

        def forget() -> None:
            self._journal.forget(name)

        problem = attempt(forget)
        self.pages = _messages(journal_pages(self._journal))
        return problem or words("journal.erased")


def journal_json(journal: Journal) -> bytes:
    """Return all pages in one file, each as it is kept; a page that cannot be read is left out."""
    pages: dict[str, object] = {}
    for name in journal.written():
        page = journal.page(name)
        if page.problem is None and page.path is not None and page.path.is_file():
            pages[name] = json.loads(read_text(page.path))
    return json.dumps({"format": FORMAT, "journal": pages}, ensure_ascii=False, indent=1).encode()


def _messages(pages: Sequence[JournalPage]) -> list[PageMessage]:
    return [
        {
            "key": page.key,
            "title": page.title,
            "problem": page.problem,
            "href": f"{page.key}.ipynb" if page.title != page.key else "",
            "entries": [
                {"question": entry.question, "lines": [list(line) for line in entry.lines]} for entry in page.entries
            ],
        }
        for page in pages
    ]
