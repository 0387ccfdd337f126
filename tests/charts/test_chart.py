"""Every chart can be read without being seen, and whatever is in it stays text."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest

from course.charts.chart import Chart, Table
from course.charts.kit.drawing import Canvas, draw
from course.charts.kit.palette import DARK
from course.core import error_log
from tests.charts.reading import Page
from tests.paths import ROOT

TABLE = Table("The <numbers>", ("Habit", "Start"), (("Came “prepared” & early", "5 (Often)"), ("Thanked", "<b>6</b>")))
CHART = Chart("Which & why?", 'A "sentence" <here>.', TABLE, "<svg/>", "How to read <it>", "By my own account")


def test_the_frame_has_the_question_the_picture_with_its_alternative_and_the_sentence() -> None:
    page = Page(CHART.to_html())
    assert page.words["strong"] == ["Which & why?"]
    assert [image["alt"] for image in page.find("img")] == ['A "sentence" <here>.']
    assert page.words["p"] == ['A "sentence" <here>.', "How to read <it>"]
    assert page.words["summary"] == ["Show the numbers as a table"]


def test_the_table_has_a_caption_and_headings_for_rows_and_columns() -> None:
    page = Page(CHART.to_html())
    assert page.words["caption"] == ["The <numbers>"]
    assert page.rows == [["Habit", "Start"], ["Came “prepared” & early", "5 (Often)"], ["Thanked", "<b>6</b>"]]
    assert [heading["scope"] for heading in page.find("th")] == ["col", "col", "row", "row"]


def test_without_a_picture_the_sentence_is_for_everyone() -> None:
    page = Page(Chart("Which?", "Nothing yet.").to_html())
    assert page.find("img") == []
    assert page.find("table") == []
    assert page.find("p") == [{}]


def test_beside_a_picture_the_sentence_is_not_read_out_twice() -> None:
    assert {"aria-hidden": "true"} in Page(CHART.to_html()).find("p")


def test_a_notebook_shows_the_same_frame() -> None:
    assert CHART._repr_html_() == CHART.to_html()


@pytest.mark.slow
def test_a_picture_is_the_same_text_each_time_with_text_kept_as_text() -> None:
    def paint(canvas: Canvas) -> None:
        canvas.text((220, 50), "Costs $5 & <more>")

    first = draw(440, 100, paint)
    assert first == draw(440, 100, paint)
    assert "Costs $5 &amp; &lt;more&gt;" in first
    assert "DejaVu" not in first
    assert first.startswith("<svg")


def test_without_matplotlib_there_is_no_picture_and_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert draw(440, 100, lambda canvas: None) == ""


def line(canvas: Canvas) -> None:
    page = canvas.page()
    page.line([(10, 10), (430, 90)], DRAWN, 2)
    page.text((220, 50), "Costs $5")


DRAWN = next(iter(DARK))
OWN_SETTINGS = """
text.usetex: True
path.sketch: 1, 100, 2
axes.grid: True
savefig.bbox: tight
lines.linewidth: 9
font.weight: bold
backend: TkAgg
interactive: True
no.such.setting: 1
lines.markersize: thick
"""


def test_a_picture_is_drawn_from_the_courses_style_whatever_a_persons_own_file_says(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text(OWN_SETTINGS, encoding="utf-8")
    code = (
        "import matplotlib\n"
        "before = dict.copy(matplotlib.rcParams)\n"
        "from course.charts.kit.drawing import draw\n"
        "from tests.charts.test_chart import line\n"
        "print(draw(440, 100, line))\n"
        "assert dict.copy(matplotlib.rcParams) == before"
    )
    environment = {
        **os.environ,
        "MATPLOTLIBRC": str(tmp_path),
        "MPLCONFIGDIR": matplotlib.get_cachedir(),
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == draw(440, 100, line).strip()


def test_whatever_stops_a_drawing_leaves_the_chart_without_a_picture_and_is_noted() -> None:
    def fails(canvas: Canvas) -> None:
        canvas.page()
        raise RuntimeError("latex could not be found")

    assert draw(440, 100, fails) == ""
    log = error_log.log_path()
    noted = log.read_text(encoding="utf-8")
    assert "draw: RuntimeError at test_chart.py" in noted
    assert "latex" not in noted
    log.unlink()
    with pytest.raises(KeyboardInterrupt):
        draw(440, 100, stop)


def stop(canvas: Canvas) -> None:
    raise KeyboardInterrupt


def test_each_colour_has_one_dark_twin_and_no_twin_is_a_colour_of_its_own() -> None:
    assert len(set(DARK.values())) == len(DARK)
    assert not set(DARK) & set(DARK.values())
