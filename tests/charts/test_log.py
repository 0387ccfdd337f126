"""The log strip: a dated square for each entry, with the letter and the words of its mark."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from course.charts.log import MOST_DRAWN, log_chart
from course.core import notebooks
from tests.cases import every
from tests.charts.reading import texts

MARKS = {"K": "Kept", "R": "Renegotiated early", "M": "Missed"}
NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def entry(day: str, mark: Any = "", *words: str) -> dict[str, Any]:
    return {"date": day, "words": [*words], "mark": mark}


def log(*entries: Any) -> dict[str, Any]:
    return {"entries": [*entries], "draft": None}


@every("saved", [None, [], log(), {"entries": "x"}, log(5, {"date": "soon"}), {"draft": {}}])
def test_before_any_entry_there_is_a_kind_sentence(saved: Any) -> None:
    chart = log_chart(saved, MARKS)
    assert (chart.svg, chart.table) == ("", None)
    assert chart.alt.startswith("Your entries will appear here")


def test_entries_are_counted_by_mark_over_the_days_from_first_to_last() -> None:
    chart = log_chart(log(entry("2026-11-22", "K"), entry("2026-11-20", "R"), entry("2026-11-26", "K")), MARKS)
    assert chart.alt == "2 kept, 1 renegotiated early, 0 missed, over 7 days."
    assert [text for text in texts(chart.svg) if text in MARKS][:3] == ["R", "K", "K"]
    assert {"22", "Nov", "Kept", "Renegotiated early", "Missed"} <= set(texts(chart.svg))


def test_an_entry_without_a_mark_is_said_to_have_none() -> None:
    chart = log_chart(log(entry("2026-11-22", ["K"]), entry("2026-11-22", "Z")), MARKS)
    assert chart.alt == "0 kept, 0 renegotiated early, 0 missed, 2 without a mark, on one day."


def test_a_single_mark_is_that_of_every_entry() -> None:
    chart = log_chart(log(entry("2026-02-03", "", "The porter", "The keys")), {"T": "Thanked"})
    assert chart.alt == "1 thanked, on one day."
    assert "T" in texts(chart.svg)
    assert chart.table is not None
    assert chart.table.rows == (("3 February 2026", "The porter; The keys", "Thanked"),)


def test_a_long_log_draws_its_latest_entries_and_has_all_in_the_table() -> None:
    days = [entry(f"2026-{1 + n // 28:02}-{1 + n % 28:02}", "K") for n in range(MOST_DRAWN + 3)]
    chart = log_chart(log(*days), MARKS)
    assert texts(chart.svg).count("K") == MOST_DRAWN + 1  # one is in the key
    assert chart.note == f"The picture has your latest {MOST_DRAWN} entries, and the table has all of them."
    assert chart.table is not None
    assert len(chart.table.rows) == MOST_DRAWN + 3


def test_what_was_written_stays_text() -> None:
    chart = log_chart(log(entry("2026-02-03", "K", "<b>Minutes</b>")), MARKS)
    assert "&lt;b&gt;Minutes" in chart.to_html()


@every("path", NOTEBOOKS)
def test_a_lesson_names_the_marks_of_its_log_and_of_the_strip_alike(path: Path) -> None:
    asked, drawn = {}, {}
    for cell in notebooks.read_notebook(path)["cells"]:
        for node in ast.walk(ast.parse(notebooks.source(cell))) if cell["cell_type"] == "code" else ():
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("ask.log", "show.log"):
                marks = {word.arg: ast.literal_eval(word.value) for word in node.keywords}.get("marks")
                page = asked if ast.unparse(node.func) == "ask.log" else drawn
                page[ast.literal_eval(node.args[0])] = marks
    assert set(asked) == set(drawn)
    assert all(marks is None or marks == drawn[key] for key, marks in asked.items())
