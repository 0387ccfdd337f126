"""A report declares the language of its own words, and that of its charts and labels, whatever the edition has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from course.charts.chart import Chart
from course.content import trainer_words
from course.records.cohort_file import CohortFile
from course.trainer.report.command import make_report
from course.trainer.report.release_record import ReleaseRecord
from course.trainer.report.sections import ReportHeading, ReportSection, report_page, section_html, section_table
from tests import pseudo
from tests.trainer.cohorts import a_cohort, ids

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


def test_the_trainers_page_begins_with_what_waits_and_its_limits_stand_with_the_ratings(tmp_path: Path) -> None:
    data = a_cohort(ids(30), level=lambda place: 1 + place % 4)
    unread = [replace(submission, is_marked=False, is_waiting=True) for submission in data.submissions[:2]]
    data = replace(data, submissions=(*unread, *data.submissions[2:]))
    make_report(data, CohortFile(), tmp_path, ReleaseRecord(tmp_path, tmp_path))
    page, shared = (
        BeautifulSoup((tmp_path / copy / "report.html").read_text(encoding="utf-8"), "html.parser")
        for copy in ("trainer", "shareable")
    )
    order = [str(heading["id"]) for heading in page.find_all("h2")]
    assert order[:3] == ["completion", "missing", "people"]
    assert order[order.index("limits") + 1 :] == ["bars", "map", "change"]
    assert "2 reflections wait to be read." in page.find("section", {"aria-labelledby": "completion"}).text
    link = page.header.find("a")
    assert (link["href"], link.text) == ("#limits", page.find(id="limits").text)
    assert "must not be used to rank, select, appraise or compare anyone." in page.header.text
    assert trainer_words("report-limits.chance") in page.find("section", {"aria-labelledby": "questions"}).text
    assert shared.find("h2")["id"] == "limits", "whoever gets it knows nothing of the cohort"
    assert shared.header.find("a") is None
