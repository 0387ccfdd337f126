"""`course others form` and `course others add`: from the page to print to the result in the journal."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course.cli import main
from course.records.journal import Journal
from course.records.raters.others import latest_result, others_results
from tests.activities.raters.test_form import counted

FIVE = counted(3, 4, 5, 5, 6)


def run(*words: object, answer: str = "") -> Result:
    return CliRunner().invoke(main, ["others", *map(str, words)], input=answer)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "tally.csv"
    path.write_text(FIVE)
    return path


def test_the_page_and_an_empty_table_are_written_once(tmp_path: Path) -> None:
    folder = tmp_path / "print"
    said = run("form", folder)
    assert said.exit_code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["how-others-see-me.html", "others-tally.csv"]
    assert all(path.name in said.output for path in folder.iterdir())
    (folder / "others-tally.csv").write_text("filled in")
    again = run("form", folder)
    assert again.exit_code == 1
    assert "exists already" in again.output
    assert (folder / "others-tally.csv").read_text() == "filled in"


def test_nothing_is_written_where_one_of_the_two_is_there(tmp_path: Path) -> None:
    (tmp_path / "others-tally.csv").write_text("filled in")
    assert run("form", tmp_path).exit_code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["others-tally.csv"]


def test_a_table_is_added_after_asking(table: Path) -> None:
    said = run("add", table, answer="y\n")
    assert said.exit_code == 0
    result = latest_result(Journal())
    assert result
    assert result.statements["COMP7"].average == 4.5
    assert "4.5" not in said.output
    assert "Read it, wait a day, then thank them." in said.output


def test_who_says_no_has_kept_nothing(table: Path) -> None:
    for answer in ("n\n", "\n"):
        said = run("add", table, answer=answer)
        assert said.exit_code == 1
        assert "Nothing was kept." in said.output
    assert not Journal().files()


def test_the_journal_has_nothing_of_the_table_but_the_result(table: Path) -> None:
    table.write_text(counted(1, 7, 7, 7, 7))
    run("add", table, "--yes")
    other = table.with_name("other.csv")
    other.write_text(counted(5, 5, 6, 6, 7))
    run("add", other, "--yes")
    first, second = others_results(Journal())
    assert first.statements == second.statements
    assert (first.raters, first.version) == (second.raters, second.version)


def test_fewer_than_five_forms_are_refused_in_a_plain_sentence(table: Path) -> None:
    table.write_text(counted(3, 4, 5, 5))
    said = run("add", table, "--yes")
    assert said.exit_code == 1
    assert "There are fewer than five forms, so nothing is kept" in said.output
    assert "Please destroy the forms." in said.output
    assert not Journal().files()


def test_what_is_no_table_is_said(table: Path, tmp_path: Path) -> None:
    table.write_text("hello")
    for path, reason in ((table, "no column"), (tmp_path / "none.csv", "could not be read"), (tmp_path, "not be read")):
        said = run("add", path, "--yes")
        assert said.exit_code == 1
        assert reason in said.output
