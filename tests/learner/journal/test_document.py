"""The journal as a Word file, read back by the library that reads such files."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from docx import Document

from course.charts.chart import Chart, Table
from course.charts.items import items_chart
from course.charts.series import Series
from course.content import words
from course.learner.journal.document import journal_document
from course.learner.journal.entries import journal_pages
from course.records.journal import Journal


def read(data: bytes) -> list[tuple[str, str]]:
    """Return the paragraphs of a document as (style, text)."""
    return [(str(part.style.name), part.text) for part in Document(io.BytesIO(data)).paragraphs]


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    journal = Journal(tmp_path / "journal")
    page = journal.page("starting-point")
    page.save("how-long", "B")
    page.save("group", ["nurses", "share <beds> & \x00staff"])
    journal.page("repair").save("an-older-question", "מילים שלי")
    return journal


def test_it_has_each_lesson_with_what_was_asked_and_answered_in_words(journal: Journal) -> None:
    parts = read(journal_document(journal_pages(journal)))
    assert parts[0] == ("Title", words("journal.title"))
    assert [text for style, text in parts if style == "Heading 1"] == [
        "Where you are starting from",
        "When trust is broken",
    ]
    texts = [text for _, text in parts]
    place = texts.index("How long have you worked together?")
    assert texts[place + 1] == "B. Under a year"


def test_what_no_such_file_can_hold_is_replaced_and_nothing_else_is_lost(journal: Journal) -> None:
    texts = [text for _, text in read(journal_document(journal_pages(journal)))]
    assert any("nurses to share <beds> & ?staff." in text for text in texts)


def test_words_from_right_to_left_are_set_so(journal: Journal) -> None:
    document = Document(io.BytesIO(journal_document(journal_pages(journal))))
    turned = [part.text for part in document.paragraphs if part._p.xpath("./w:pPr/w:bidi")]
    assert turned == ["מילים שלי"]


def test_charts_are_there_with_their_sentence_and_their_numbers(journal: Journal) -> None:
    chart = Chart("How has it been?", "It rose.", Table("Numbers", ("When", "How"), (("Start", "4"), ("Now", "5"))))
    document = Document(io.BytesIO(journal_document(journal_pages(journal), [chart, Chart("Empty?", "Nothing yet.")])))
    texts = [part.text for part in document.paragraphs]
    assert texts[-4:] == ["How has it been?", "It rose.", "Empty?", "Nothing yet."]
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["When", "How"], ["Start", "4"], ["Now", "5"]]


def test_the_picture_of_a_chart_is_there_and_is_said_in_words_too(journal: Journal) -> None:
    chart = items_chart([Series("start", {"COMP7": 4, "CARE7": 6})]).with_label("Made-up <data>.")
    data = journal_document(journal_pages(journal), [chart, Chart("Empty?", "Nothing yet.")])
    document = Document(io.BytesIO(data))
    (shape,) = document.inline_shapes
    assert shape._inline.docPr.get("descr") == chart.alt
    (picture,) = (part for part in document.part.package.iter_parts() if part.partname.endswith(".png"))
    size = (shape.width / shape.height, picture.image.px_width / picture.image.px_height)
    width, height = re.findall(r'viewBox="0 0 (\d+) (\d+)"', chart.svg)[0]
    assert size == (pytest.approx(int(width) / int(height), abs=0.01),) * 2
    assert picture.image.px_width == 3 * int(width)
    places = [place for place, part in enumerate(document.paragraphs) if part._p.xpath(".//pic:pic")]
    before, after = (document.paragraphs[place] for place in (places[0] - 1, places[0] + 1))
    assert (before.text, after.text) == (chart.title, chart.alt)


def test_a_made_up_journal_says_so_and_nobody_is_named_as_its_author(journal: Journal) -> None:
    data = journal_document(journal_pages(journal), label="Made-up data.")
    assert ("Normal", "Made-up data.") in read(data)
    assert Document(io.BytesIO(data)).core_properties.author == ""
