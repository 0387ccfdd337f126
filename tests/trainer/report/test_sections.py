"""A report declares the language of its own words, and that of its charts and labels, whatever the edition has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from course.charts.chart import Chart
from course.trainer.report.sections import ReportHeading, ReportSection, report_page, section_html, section_table
from tests import pseudo

SECTION = ReportSection("bars", "Ratings", charts=(Chart("Дд?", "Дд."),))
DECLARED = f'lang="{pseudo.LANGUAGE}" dir="ltr"'


def a_page() -> str:
    return report_page(ReportHeading("Report", "Today", "For you", "Дд"), [SECTION])


def a_cell() -> str:
    return section_html(SECTION, "Дд")


def test_a_few_words_in_a_table_stay_on_one_line() -> None:
    tables = section_table(
        "Questions", ["Exercise", "Question", "Chosen"], [["Repair", "Question 12", "It was said well."]]
    )
    page = section_html(ReportSection("questions", "Questions", tables=tables))
    assert '<td class="short">Question 12</td><td>It was said well.</td>' in page


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A translation, in use."""
    folder = pseudo.write_edition(tmp_path / "words")
    monkeypatch.setenv("BUILDING_TRUST_WORDS", str(folder))
    return folder


@pytest.mark.parametrize("html", [a_page, a_cell])
def test_a_page_declares_what_is_english_and_what_is_the_editions(words: Path, html: Callable[[], str]) -> None:
    (words / "trainer.toml").unlink()  # an edition may leave out what no learner reads
    page = html()
    assert page.count('lang="en-GB"') == 1
    assert f"<figure {DECLARED}>" in page
    assert f'<p class="label" {DECLARED}>Дд</p>' in page


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize("html", [a_page, a_cell])
def test_a_report_in_translation_is_declared_as_one(html: Callable[[], str]) -> None:
    page = html()
    assert 'lang="en-GB"' not in page
    assert f"<html {DECLARED}>" in page or f'course-report-cell" {DECLARED}>' in page
