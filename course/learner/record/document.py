"""A record as files: a document that Word and LibreOffice open, and plain text."""

from __future__ import annotations

from collections.abc import Sequence

from course.content import edition_language, words
from course.core.word_file import WordHeading, WordParagraph, WordPart, WordTable, document_text, lines_of, word_file
from course.learner.record.contents import RecordSection


def opening_sentences(label: str = "") -> list[str]:
    """Return what stands above every form of a record. The last says that nobody checked it.

    `label` says first what kind of data it is, where that is to be said.
    """
    return [sentence for sentence in (label, words("record.course"), words("record.unchecked")) if sentence]


def record_document(sections: Sequence[RecordSection], label: str = "") -> bytes:
    """Return a document for Word of a record. A character that no such file can hold becomes “?”."""
    *before, unchecked = opening_sentences(label)
    parts: list[WordPart] = [*map(WordParagraph, before), WordParagraph(unchecked, "bold")]
    for section in sections:
        parts.append(WordHeading(section.heading, level=1))
        for question, answer in section.facts:
            parts.append(WordParagraph(question, "label"))
            parts += lines_of(answer) if answer.strip() else [WordParagraph(words("record.gap"), "italic")]
        if section.rows:
            parts.append(WordTable(section.rows))
    return word_file(words("record.title"), parts, edition_language().declared)


def record_text(sections: Sequence[RecordSection], label: str = "") -> str:
    """Return a record as plain text, with an underlined heading for each section."""
    title = words("record.title")
    lines = [title, "=" * len(title), "", *opening_sentences(label)]
    for section in sections:
        lines += ["", section.heading, "-" * len(section.heading)]
        for question, answer in section.facts:
            text = answer if answer.strip() else words("record.gap")
            lines += [question, *(f"  {line}" for line in text.split("\n") if line.strip())]
        for first, *rest in section.rows:
            lines.append("  " + " · ".join([first, *rest]))
    return document_text("\n".join(lines)) + "\n"
