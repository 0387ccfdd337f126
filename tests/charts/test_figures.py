"""The figures of the lessons: their words, what can be read of them without seeing them, and where they stand."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from course import content
from course.charts import Show
from course.charts.figures import FIGURES, figure_html
from course.content import words
from course.content.files import FOR_LEARNERS, HERE
from course.content.scales import SIDES, map_lines, side_name
from course.core.errors import UnknownFigure
from course.core.pages.design_tokens import colours
from course.records.journal import Journal
from tests.cases import every
from tests.paths import ROOT

CSS = (ROOT / "course" / "charts" / "figures.css").read_text(encoding="utf-8")
TITLE = "figure-stages-of-trust.title"


class _Read(HTMLParser):
    """What a screen reader reads of a figure: the texts in order, and the elements that they stand in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []
        self.tags: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        is_unread = dict(attrs).get("aria-hidden") == "true" or tag == "style"
        self._open.append((tag, is_unread))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if not any(is_unread for _, is_unread in self._open):
            self.texts.append((self._open[-1][0], data.strip()))


def read(name: str) -> list[str]:
    return [text for _, text in _Read(figure_html(name)).texts]


@every("name", FIGURES)
def test_a_figure_is_a_list_with_a_title_and_its_words_are_all_text(name: str) -> None:
    """Whoever cannot see it gets the same words in the same order, and no picture is left to guess."""
    figure = _Read(figure_html(name))
    assert figure.texts[0] == ("figcaption", words(f"figure-{name}.title"))
    said = {text for key, text in content.interface().items() if key.startswith(f"figure-{name}.")}
    assert said <= {text for _, text in figure.texts}
    assert {"ul", "ol"} & set(figure.tags)
    assert not {"img", "script", "text", "title"} & set(figure.tags)


def test_the_two_questions_name_the_side_that_each_asks_about() -> None:
    asked = [words(f"figure-two-questions.{side}") for side in SIDES]
    expected = [text for side, question in zip(SIDES, asked, strict=True) for text in (question, side_name(side))]
    assert read("two-questions")[1:-1] == expected


def test_the_corners_have_the_names_and_places_that_they_have_on_the_map() -> None:
    """They stand row by row from the top, where caring is high; competence is high at the right."""
    names = read("four-corners")[2:-1:2]
    lines = map_lines()
    assert names == [lines.region(across, up) for up in (6.5, 2.0) for across in (2.0, 6.5)]


def test_the_words_of_a_figure_are_those_of_the_edition_and_cannot_become_markup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in FOR_LEARNERS:
        (tmp_path / name).write_text((HERE / name).read_text(encoding="utf-8"), encoding="utf-8")
    interface = tmp_path / "interface.toml"
    text, bad = interface.read_text(encoding="utf-8"), "<img src=x onerror=run()> & more"
    interface.write_text(text.replace(words(TITLE), bad), encoding="utf-8")
    monkeypatch.setenv("BUILDING_TRUST_WORDS", str(tmp_path))
    assert read("stages-of-trust")[0] == bad
    assert "<img" not in figure_html("stages-of-trust")


def test_a_figure_that_there_is_not_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(UnknownFigure, match="two-questions, four-corners"):
        figure_html("three-questions")


def test_every_figure_stands_in_a_lesson_and_every_lesson_asks_for_one_that_there_is() -> None:
    called: list[str] = []
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            called += re.findall(r'show\.figure\("([^"]*)"\)', "".join(cell["source"]))
    assert sorted(called) == sorted(FIGURES)


def test_show_puts_a_figure_on_the_page(journal: Journal, shown: list[Any]) -> None:
    Show(journal).figure("four-corners")
    assert shown[0].data == figure_html("four-corners")


def test_a_figure_needs_nothing_that_draws_charts() -> None:
    look = (
        "import sys, course; course.lesson('repair')[1].figure('steps-of-repair');"
        "print(*(name for name in ('ipywidgets', 'matplotlib', 'numpy', 'pandas') if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[1:] == [""]


def test_figures_take_their_colours_from_the_tokens_and_do_not_move() -> None:
    assert not re.search(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(", CSS)
    assert set(re.findall(r"var\(--course-([a-z-]+)\)", CSS)) & set(colours())
    assert not re.search(r"animation|transition", CSS)
