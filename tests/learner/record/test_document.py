"""A record as a Word file, read back by the library that reads such files, and as plain text."""

from __future__ import annotations

import io

from docx import Document

from course.content import words
from course.learner.record.contents import RecordSection
from course.learner.record.document import record_document, record_text

SECTIONS = [
    RecordSection(
        "What <I> did",
        (("Name", "Zoë \x00 & co"), ("When", "  "), ("Words", "line one\n\nאמת")),
    ),
    RecordSection("Lessons", rows=(("Lesson", "Minutes"), ("Repair", "25"))),
]


def test_a_word_file_has_each_heading_fact_and_row_and_says_that_nobody_checked_it() -> None:
    document = Document(io.BytesIO(record_document(SECTIONS, "Made-up data.")))
    parts = [(str(part.style.name), part.text) for part in document.paragraphs]
    assert parts == [
        ("Title", words("record.title")),
        ("Normal", "Made-up data."),
        ("Normal", words("record.course")),
        ("Normal", words("record.unchecked")),
        ("Heading 1", "What <I> did"),
        ("Normal", "Name"),
        ("Normal", "Zoë ? & co"),
        ("Normal", "When"),
        ("Normal", words("record.gap")),
        ("Normal", "Words"),
        ("Normal", "line one"),
        ("Normal", "אמת"),
        ("Heading 1", "Lessons"),
    ]
    assert [part.text for part in document.paragraphs if part._p.xpath("./w:pPr/w:bidi")] == ["אמת"]
    assert [part.text for part in document.paragraphs[:4] if part.runs[0].bold] == [words("record.unchecked")]
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["Lesson", "Minutes"], ["Repair", "25"]]
    assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
    assert document.core_properties.author == ""
    assert document.core_properties.language == "en-GB"


def test_plain_text_has_the_same() -> None:
    lines = record_text(SECTIONS).splitlines()
    assert lines[0] == words("record.title")
    assert words("record.unchecked") in lines
    start = lines.index("What <I> did")
    assert lines[start + 1 :] == [
        "------------",
        "Name",
        "  Zoë ? & co",
        "When",
        f"  {words('record.gap')}",
        "Words",
        "  line one",
        "  אמת",
        "",
        "Lessons",
        "-------",
        "  Lesson · Minutes",
        "  Repair · 25",
    ]
