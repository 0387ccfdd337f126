"""The journal in a folder of the learner's choice: every page as it is kept, and one table."""

from __future__ import annotations

import csv
import io
import os
import stat
from pathlib import Path

import pytest
from docx import Document

from course.charts import journal_charts
from course.content.scales import find_scale
from course.core.errors import AnswersNotKept
from course.learner.journal.commands import export_pages
from course.learner.journal.entries import answer_rows
from course.records.journal import Journal

CODES = [item.code for item in find_scale("habits").items]


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    journal = Journal(tmp_path / "journal")
    journal.page("starting-point").save("start", {"COMP7": 5, "CARE7": "n"})
    journal.page("repair").save("act", ["A", None, "naïve, “quoted”"])
    journal.page("repair").save("note", "=SUM(A1)\nsecond line")
    return journal


def table(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))


def test_every_page_is_copied_byte_for_byte_with_one_table(journal: Journal, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert export_pages(journal, folder) == ["starting-point.json", "repair.json", "journal.csv", "journal.docx"]
    for page in journal.files():
        assert (folder / page.name).read_bytes() == page.read_bytes()
    assert table(folder / "journal.csv") == [
        ["lesson", "question", "part", "answer"],
        ["starting-point", "start", "COMP7", "5"],
        ["starting-point", "start", "CARE7", "n"],
        ["repair", "act", "1", "A"],
        ["repair", "act", "3", "naïve, “quoted”"],
        ["repair", "note", "", "'=SUM(A1)\nsecond line"],
    ]


def test_the_document_has_the_charts_of_what_was_rated(journal: Journal, tmp_path: Path) -> None:
    journal.page("starting-point").save("start", dict.fromkeys(CODES, 5) | {"version": 2})
    export_pages(journal, tmp_path / "mine")
    document = Document(str(tmp_path / "mine" / "journal.docx"))
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert described == [chart.alt for chart in journal_charts(journal) if chart.svg]
    assert described[0].startswith("Map of")


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_a_spreadsheet_runs_nothing_that_was_written(journal: Journal, tmp_path: Path, first: str) -> None:
    journal.page("repair").save("note", f"{first}SUM(A1)")
    export_pages(journal, tmp_path / "mine")
    assert ["repair", "note", "", f"'{first}SUM(A1)"] in table(tmp_path / "mine" / "journal.csv")


def test_answers_to_an_activity_that_is_no_longer_asked_stay_and_are_copied(journal: Journal, tmp_path: Path) -> None:
    order = ["D", "A", "C", "B", "E"]
    journal.page("listening").save("ten-minutes-early", order)  # a ranking that version 0.1.0 asked for
    again = Journal(journal.folder)
    again.page("listening").save("check-in", "One word each.")
    assert Journal(journal.folder).page("listening").get("ten-minutes-early") == order
    export_pages(journal, tmp_path / "mine")
    kept = [row[3] for row in table(tmp_path / "mine" / "journal.csv") if row[1] == "ten-minutes-early"]
    assert kept == order


def test_one_page_alone_can_be_read(journal: Journal) -> None:
    assert {line.lesson for line in answer_rows(journal, "repair")} == {"repair"}


@pytest.mark.skipif(os.name != "posix", reason="other systems have other rights")
def test_only_the_owner_can_read_the_copies(journal: Journal, tmp_path: Path) -> None:
    export_pages(journal, tmp_path / "mine")
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "mine").iterdir()} == {0o600}


def test_a_damaged_page_is_copied_as_it_is_and_the_others_are_in_the_table(journal: Journal, tmp_path: Path) -> None:
    (journal.folder / "starting-point.json").write_text("{")
    export_pages(Journal(journal.folder), tmp_path / "mine")
    assert (tmp_path / "mine" / "starting-point.json").read_text() == "{"
    assert {line[0] for line in table(tmp_path / "mine" / "journal.csv")[1:]} == {"repair"}


@pytest.mark.skipif(os.name != "posix", reason="links and pipes are made in other ways elsewhere")
def test_links_and_pipes_are_left_out(journal: Journal, tmp_path: Path) -> None:
    (journal.folder / "sharing-power.json").symlink_to(tmp_path / "secret.json")
    (tmp_path / "secret.json").write_text("a secret")
    os.mkfifo(journal.folder / "thanks.json")
    assert export_pages(Journal(journal.folder), tmp_path / "mine") == [
        "starting-point.json",
        "repair.json",
        "journal.csv",
        "journal.docx",
    ]


def test_a_file_that_is_there_already_is_never_written_over(journal: Journal, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "journal.csv").write_text("older")
    with pytest.raises(AnswersNotKept, match="exists already"):
        export_pages(journal, tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["journal.csv"]
    with pytest.raises(AnswersNotKept, match="exists already"):
        export_pages(journal, journal.folder)


def test_a_folder_that_is_a_file_is_an_error_with_a_remedy(journal: Journal, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("a file")
    with pytest.raises(AnswersNotKept, match="Choose a folder"):
        export_pages(journal, tmp_path / "mine")


def test_an_empty_journal_gives_a_table_with_its_heading(tmp_path: Path) -> None:
    assert export_pages(Journal(tmp_path / "journal"), tmp_path / "mine") == ["journal.csv", "journal.docx"]
    assert len(table(tmp_path / "mine" / "journal.csv")) == 1


def test_no_answer_is_in_a_text_about_a_line(journal: Journal) -> None:
    assert "quoted" not in repr(list(answer_rows(journal)))
