"""A record as files: a document that Word and LibreOffice open, and plain text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from course.content import words
from course.learner.journal.document import add_lines, new_document, printable
from course.learner.record.contents import RecordSection

if TYPE_CHECKING:
    from docx.document import Document


def opening_sentences(label: str = "") -> list[str]:
    """Return what stands above every form of a record. The last says that nobody checked it.

    `label` says first what kind of data it is, where that is to be said.
    """
    return [sentence for sentence in (label, words("record.course"), words("record.unchecked")) if sentence]


def record_document(sections: Sequence[RecordSection], label: str = "") -> bytes:
    """Return a Word file of a record. A character that no such file can hold becomes “?”."""
    document = new_document(words("record.title"))
    *before, unchecked = opening_sentences(label)
    for sentence in before:
        document.add_paragraph(sentence)
    document.add_paragraph().add_run(unchecked).bold = True
    for section in sections:
        document.add_heading(section.heading, level=1)
        for asked, said in section.facts:
            _add_fact(document, asked, said)
        _add_table(document, section.rows)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def record_text(sections: Sequence[RecordSection], label: str = "") -> str:
    """Return a record as plain text, with an underlined heading for each section."""
    title = words("record.title")
    lines = [title, "=" * len(title), "", *opening_sentences(label)]
    for section in sections:
        lines += ["", section.heading, "-" * len(section.heading)]
        for asked, said in section.facts:
            text = said if said.strip() else words("record.gap")
            lines += [asked, *(f"  {line}" for line in text.split("\n") if line.strip())]
        for first, *rest in section.rows:
            lines.append("  " + " · ".join([first, *rest]))
    return printable("\n".join(lines)) + "\n"


def _add_fact(document: Document, asked: str, said: str) -> None:
    label = document.add_paragraph()
    label.paragraph_format.keep_with_next = True
    label.add_run(printable(asked)).bold = True
    if said.strip():
        add_lines(document, said)
    else:
        document.add_paragraph().add_run(words("record.gap")).italic = True


def _add_table(document: Document, rows: Sequence[Sequence[str]]) -> None:
    if not rows:
        return
    from docx.oxml import OxmlElement

    table = document.add_table(rows=0, cols=len(rows[0]))
    table.style = "Light Grid Accent 1"
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = printable(text)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
