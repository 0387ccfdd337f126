"""The journal as a document that Word and LibreOffice open: the learner's own words, lesson by lesson."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from course.charts.chart import Chart
from course.content import edition_language, words
from course.learner.journal.entries import JournalPage

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NOT_IN_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RIGHT_TO_LEFT: Final = re.compile(r"[^\w]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


def journal_document(pages: Iterable[JournalPage], charts: Iterable[Chart] = (), label: str = "") -> bytes:
    """Return a Word file of all that was written, with what the charts say at its end.

    `label` says above all of it what kind of data this is. A character that no such file can hold becomes “?”.
    """
    document = new_document(words("journal.title"))
    for sentence in (label, words("journal.yours")):
        if sentence:
            document.add_paragraph(sentence)
    for page in pages:
        document.add_heading(printable(page.title), level=1)
        if page.problem:
            document.add_paragraph(printable(page.problem))
        for entry in page.entries:
            if entry.question:
                document.add_heading(printable(entry.question), level=2)
            for question, answer in entry.lines:
                _add_answer(document, question, answer)
    _add_charts(document, list(charts))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def new_document(title: str) -> Document:
    """Return an empty document under a title, in the edition's language, which names nobody as its author."""
    from docx import Document as open_template

    document = open_template()
    document.core_properties.title = title
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.language = edition_language().declared["lang"]
    document.add_heading(title, level=0)
    return document


def add_lines(document: Document, text: str) -> None:
    """Add a paragraph for each line that is not empty, set from right to left where it begins so."""
    for line in filter(str.strip, text.split("\n")):
        _turn(document.add_paragraph(printable(line)))


def printable(text: str) -> str:
    r"""Return a text in which “?” stands for each character that no document can hold.

    >>> printable("a\x00b\n\x1b[2J")
    'a?b\n?[2J'
    """
    return _NOT_IN_XML.sub("?", text)


def _add_answer(document: Document, question: str, answer: str) -> None:
    asked = document.add_paragraph()
    asked.paragraph_format.keep_with_next = True
    asked.add_run(printable(question)).bold = True
    add_lines(document, answer)


def _add_charts(document: Document, charts: list[Chart]) -> None:
    """Add what the charts say: a document is read aloud, copied and searched, so it has their sentences and numbers."""
    if not charts:
        return
    document.add_heading(words("journal.charts"), level=1)
    for chart in charts:
        document.add_heading(printable(chart.title), level=2)
        document.add_paragraph(printable(chart.alt))
        if chart.table is None:
            continue
        table = document.add_table(rows=0, cols=len(chart.table.columns))
        table.style = "Light Grid Accent 1"
        for row in (chart.table.columns, *chart.table.rows):
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = printable(text)


def _turn(paragraph: Paragraph) -> None:
    """Set a paragraph from right to left where it begins so."""
    if not _RIGHT_TO_LEFT.match(paragraph.text):
        return
    from docx.oxml import OxmlElement

    paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
