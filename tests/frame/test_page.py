"""A notebook as a page: its title, its sections, its words, the places of its cells."""

from __future__ import annotations

from typing import Any

import pytest

from course.core.notebooks import Cell, Notebook, material, read_notebook
from course.core.pages.web_edition import VARIABLE
from course.frame.page import CodePlace, Words, html_of, page_of


def cell(kind: str, text: str, **more: Any) -> Cell:
    return {"cell_type": kind, "source": text, "metadata": {}, **more}  # type: ignore[typeddict-item]


def notebook(*cells: Cell) -> Notebook:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def test_words_that_are_true_on_a_computer_alone_are_others_in_the_web_edition(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = notebook(
        cell(
            "markdown",
            "- **Yours.** <!-- on a computer -->In a folder.\n  More.<!-- in a browser: In [yours](a.ipynb). -->\n"
            "- All. <!-- on a computer -->A command.<!-- in a browser: -->",
        )
    )
    (on_a_computer,) = page_of(written).sections[0].blocks
    monkeypatch.setenv(VARIABLE, "1")
    (in_a_browser,) = page_of(written).sections[0].blocks
    assert on_a_computer == Words(html_of("- **Yours.** In a folder.\n  More.\n- All. A command."))
    assert in_a_browser == Words(html_of("- **Yours.** In [yours](a.ipynb).\n- All. "))


def test_a_page_has_its_title_once_and_a_section_for_each_heading() -> None:
    page = page_of(
        notebook(
            cell("markdown", "# The *title*\n\nWords above."),
            cell("code", "setup", id="setup"),
            cell("markdown", "## First\n\nOne.\n\n### Within\n\nMore."),
            cell("code", "ask.taps()", id="taps"),
            cell("markdown", "Between.\n\n## First\n\nAgain."),
        )
    )
    assert page.title == "The title"
    assert [(section.id, section.title) for section in page.sections] == [
        ("top", ""),
        ("first", "First"),
        ("first-2", "First"),
    ]
    assert [section.title for section in page.listed] == ["First", "First"]
    top, first, again = page.sections
    assert top.blocks == (Words(html_of("\nWords above.")), CodePlace("setup"))
    assert [type(block) for block in first.blocks] == [Words, CodePlace, Words]
    assert "<h3>Within</h3>" in first.blocks[0].html  # type: ignore[union-attr]
    assert again.blocks == (Words(html_of("\nAgain.")),)
    assert page.code == {"setup": "setup", "taps": "ask.taps()"}
    assert list(page.code) == ["setup", "taps"]


def test_a_heading_in_code_is_none() -> None:
    page = page_of(notebook(cell("markdown", "# T\n\n```\n## no heading\n```\n\n## One\n")))
    assert [section.title for section in page.sections] == ["", "One"]


def test_a_cell_without_an_id_has_its_place_as_its_id() -> None:
    page = page_of(notebook(cell("markdown", "# T"), cell("code", "1")))
    assert page.code == {"cell-1": "1"}
    assert page.sections[0].blocks == (CodePlace("cell-1"),)


def test_a_wide_table_scrolls_within_itself_and_has_a_name_where_the_keys_stop() -> None:
    html = html_of('| **A** | | "B" & <b>C</b> |\n|---|---|---|\n| 1 | 2 | 3 |')
    assert '<div class="frame-table" tabindex="0" role="group" aria-label="A, &quot;B&quot; &amp; C">' in html
    assert "<td>2</td>" in html


@pytest.mark.parametrize("folder", ["notebooks", "exercises"])
def test_every_page_of_the_course_has_a_title_and_shows_each_of_its_cells_once(folder: str) -> None:
    paths = sorted((material() / folder).rglob("*.ipynb"))
    assert paths
    for path in paths:
        page = page_of(read_notebook(path))
        assert page.title, path
        places = [block.cell for section in page.sections for block in section.blocks if isinstance(block, CodePlace)]
        assert places == list(page.code), path
        names = [section.id for section in page.sections]
        assert len(set(names)) == len(names), path
