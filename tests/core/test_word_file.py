"""A document for Word: on a computer a Word file, in the web edition a page that Word opens, with the same in both."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from course.core.pages.web_edition import VARIABLE
from course.core.word_file import WordHeading, WordParagraph, WordPicture, WordTable, lines_of, word_file, word_name

LANGUAGE = {"lang": "en-GB", "dir": "ltr"}
ONE_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)
PARTS = [
    WordParagraph("Nobody has checked this.", "bold"),
    WordHeading("What I <b>learned</b> & kept", level=1),
    WordHeading("A question", level=2),
    WordParagraph("Who said it?", "label"),
    *lines_of("Zoë said\x00 it\n\nאמת"),
    WordParagraph("To fill in", "italic"),
    WordTable([("When", "How"), ("Start", "<4>"), ("Now", "5")]),
    WordTable([]),
    WordPicture(ONE_PIXEL, "A line that rises"),
]


class Texts(HTMLParser):
    """What a page says, element by element, and what it does besides."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[tuple[str, str]] = []
        self.tags: set[str] = set()
        self.directions: list[str | None] = []
        self.open = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.open = self.open if tag in ("b", "i") else tag
        self.directions += [value for name, value in attrs if name == "dir"][-1:]

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open not in ("title", "style"):
            self.said.append((self.open, data))


def texts_of_word_file(data: bytes) -> list[str]:
    texts: list[str] = []
    for part in Document(io.BytesIO(data)).iter_inner_content():
        if isinstance(part, Paragraph):
            texts.append(part.text)
        elif isinstance(part, Table):
            texts += [cell.text for row in part.rows for cell in row.cells]
    return texts


def test_the_web_page_says_what_the_word_file_says(monkeypatch: pytest.MonkeyPatch) -> None:
    file = word_file("My <journal>", PARTS, LANGUAGE)
    *document, beside_picture = texts_of_word_file(file)
    assert beside_picture == ""
    (picture,) = Document(io.BytesIO(file)).inline_shapes
    assert picture._inline.docPr.get("descr") == "A line that rises"
    monkeypatch.setenv(VARIABLE, "1")
    page = Texts(word_file("My <journal>", PARTS, LANGUAGE).decode())
    assert [text for _, text in page.said] == document
    assert ("h2", "What I <b>learned</b> & kept") in page.said
    assert ("p", "Zoë said? it") in page.said
    assert [text for tag, text in page.said if tag in ("th", "td")] == ["When", "How", "Start", "<4>", "Now", "5"]
    assert page.directions == ["ltr", "rtl"]
    assert not page.tags & {"script", "img", "link", "a"}
    assert (word_name("my-journal"), word_name("my-record")) == ("my-journal.doc", "my-record.doc")


def test_an_answer_stands_right_below_its_label_in_both(monkeypatch: pytest.MonkeyPatch) -> None:
    paragraphs = Document(io.BytesIO(word_file("My journal", PARTS, LANGUAGE))).paragraphs
    assert [one.paragraph_format.space_after for one in paragraphs if one.text == "Who said it?"] == [0]
    monkeypatch.setenv(VARIABLE, "1")
    page = word_file("My journal", PARTS, LANGUAGE).decode()
    rules = dict(re.findall(r"^(p|\.label) \{ margin: ([^;]+);", page, re.MULTILINE))
    assert rules == {"p": "0 0 6pt", ".label": "9pt 0 0"}


def test_the_web_edition_needs_no_library_for_it() -> None:
    code = (
        "import sys\n"
        "from course.learner.record.document import record_document\n"
        "from course.learner.journal.document import journal_document\n"
        "record_document([]), journal_document([])\n"
        "assert not {'docx', 'lxml'} & set(sys.modules), 'loaded'\n"
    )
    subprocess.run([sys.executable, "-c", code], env={VARIABLE: "1"}, check=True)


def test_pages_are_a4() -> None:
    (section,) = Document(io.BytesIO(word_file("My journal", PARTS, LANGUAGE))).sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_the_document_says_in_which_language_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    welsh = {"lang": "cy", "dir": "ltr"}
    document = Document(io.BytesIO(word_file("Fy nyddiadur", [], welsh)))
    assert document.core_properties.language == "cy"
    (language,) = document.styles.element.iter(qn("w:lang"))
    assert (language.get(qn("w:val")), language.get(qn("w:bidi"))) == ("cy", "cy"), "what a screen reader goes by"
    monkeypatch.setenv(VARIABLE, "1")
    assert '<html lang="cy" dir="ltr">' in word_file("Fy nyddiadur", [], welsh).decode()
