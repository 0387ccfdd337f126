"""The journal as a document that Word and LibreOffice open: the learner's own words, lesson by lesson."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from course.charts.chart import Chart
from course.content import edition_language, words
from course.core.pages.web_edition import is_web_edition
from course.core.word_file import (
    WordHeading,
    WordParagraph,
    WordPart,
    WordPicture,
    WordTable,
    lines_of,
    word_file,
)
from course.learner.journal.entries import JournalPage


def journal_document(pages: Iterable[JournalPage], charts: Iterable[Chart] = (), label: str = "") -> bytes:
    """Return a document for Word of all that was written, with what the charts say at its end.

    `label` says above all of it what kind of data this is. A character that no such file can hold becomes “?”.
    """
    parts = [*_opening(label), *_written(pages), *_charts(list(charts))]
    return word_file(words("journal.title"), parts, edition_language().declared)


def _opening(label: str) -> list[WordPart]:
    return [WordParagraph(sentence) for sentence in (label, words("journal.yours")) if sentence]


def _written(pages: Iterable[JournalPage]) -> Iterator[WordPart]:
    for page in pages:
        yield WordHeading(page.title, level=1)
        if page.problem:
            yield WordParagraph(page.problem)
        for entry in page.entries:
            if entry.question:
                yield WordHeading(entry.question, level=2)
            for question, answer in entry.lines:
                yield WordParagraph(question, "label")
                yield from lines_of(answer)


def _charts(charts: list[Chart]) -> Iterator[WordPart]:
    """Yield the charts: a document is read aloud, copied and searched, so each has its sentence and numbers too."""
    if charts:
        yield WordHeading(words("journal.charts"), level=1)
    for chart in charts:
        yield WordHeading(chart.title, level=2)
        if not is_web_edition() and (png := chart.png()):
            yield WordPicture(png, chart.alt)
        yield WordParagraph(chart.alt)
        if chart.table is not None:
            yield WordTable([chart.table.columns, *chart.table.rows])
