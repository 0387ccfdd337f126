"""`course record`: a record on the terminal and as files, with none of the learner's words unless they say so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from docx import Document

from course.cli import main
from course.content import words
from course.core.settings import settings
from course.records.journal import Journal

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """Run `course record …` and return what it said."""
    return lambda *words: CliRunner().invoke(main, ["record", *map(str, words)])


@pytest.fixture
def journal() -> Journal:
    journal = Journal()
    journal.page("trust-plan").save("one-sentence", "I ring back.")
    return journal


def test_nothing_answered_is_said_and_no_file_is_made(run: Run, tmp_path: Path) -> None:
    result = run()
    assert (result.exit_code, result.stdout) == (0, f"{words('record.empty')}\n")
    assert run("--word", tmp_path / "mine.docx").exit_code == 1
    assert not (tmp_path / "mine.docx").exists()
    assert not settings().data.exists()


@pytest.mark.usefixtures("journal")
def test_it_prints_a_record_without_the_learners_words_and_says_how_to_add_them(run: Run) -> None:
    result = run()
    assert result.exit_code == 0
    assert words("record.unchecked") in result.stdout
    assert "I ring back." not in result.stdout
    assert "--add trust-plan/one-sentence" in result.stderr
    assert "--add" not in result.stdout


def test_no_word_in_it_steers_the_terminal(run: Run) -> None:
    Journal().page("trust-plan").save("one-sentence", "I ring\r\x9b2J back.")
    assert r"  I ring\r\x9b2J back." in run("--add", "all").stdout


@pytest.mark.usefixtures("journal")
def test_words_are_added_by_name_or_all(run: Run) -> None:
    for name in ("trust-plan/one-sentence", "all"):
        result = run("--add", name, "--hours", "4.5", "--with-others", "1")
        assert "  I ring back.\n" in result.stdout
        assert "\n  4.5\n" in result.stdout
        assert result.stderr == ""


@pytest.mark.usefixtures("journal")
def test_it_writes_a_word_file_and_plain_text_and_never_over_another(run: Run, tmp_path: Path) -> None:
    word, text = tmp_path / "mine.docx", tmp_path / "mine.txt"
    result = run("--word", word, "--text", text)
    assert result.exit_code == 0
    assert str(word) in result.stdout
    assert words("record.unchecked") in [part.text for part in Document(str(word)).paragraphs]
    assert words("record.unchecked") in text.read_text(encoding="utf-8")
    again = run("--text", text)
    assert (again.exit_code, len(again.stderr.splitlines())) == (1, 2)
    assert run("--word", tmp_path / "none" / "mine.docx").exit_code == 1


@pytest.mark.usefixtures("journal")
@pytest.mark.parametrize("options", [("--hours", "nan"), ("--hours", "1", "--with-others", "2"), ("--add", "no/such")])
def test_what_cannot_be_used_is_answered_and_nothing_is_written(
    run: Run, options: tuple[str, ...], tmp_path: Path
) -> None:
    result = run(*options, "--word", tmp_path / "mine.docx")
    assert result.exit_code == 1
    assert result.stderr
    assert list(tmp_path.glob("*.docx")) == []


@pytest.mark.usefixtures("journal")
def test_where_one_of_two_files_cannot_be_made_the_other_is_not_made_either(run: Run, tmp_path: Path) -> None:
    word, text = tmp_path / "mine.docx", tmp_path / "mine.txt"
    text.write_text("older")
    for names in ((word, text), (word, word)):
        result = run("--word", names[0], "--text", names[1])
        assert (result.exit_code, result.stdout) == (1, "")
        assert "Nothing was changed." in result.stderr
        assert [file.name for file in tmp_path.iterdir()] == [text.name]
    assert text.read_text() == "older"
