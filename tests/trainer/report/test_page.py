"""The report's words are English, whatever the edition; its charts and labels are in the edition's language."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.charts.chart import Chart
from course.trainer.report.page import Heading, page, section_html
from course.trainer.report.section import Section
from tests import pseudo

SECTION = Section("bars", "Ratings", charts=(Chart("Дд?", "Дд."),))


@pytest.mark.parametrize(
    "html", [lambda: page(Heading("Report", "Today", "For you", "Дд"), [SECTION]), lambda: section_html(SECTION, "Дд")]
)
def test_a_page_declares_what_is_english_and_what_is_the_editions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, html: object
) -> None:
    monkeypatch.setenv("BUILDING_TRUST_WORDS", str(pseudo.write_edition(tmp_path / "words")))
    assert callable(html)
    made = html()
    assert made.count('lang="en-GB"') == 1
    declared = f'lang="{pseudo.LANGUAGE}" dir="ltr"'
    assert f"<figure {declared}>" in made
    assert f'<p class="label" {declared}>Дд</p>' in made
