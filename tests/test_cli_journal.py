"""`course journal`: what a learner sees, takes along and erases, from the command line."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course.cli import main
from course.core.settings import settings
from course.records.answers.draft_place import draft_place
from course.records.journal import Journal

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """Run `course journal …` and return what it said."""
    return lambda *words, answer="": CliRunner().invoke(main, ["journal", *map(str, words)], input=answer)


@pytest.fixture
def journal() -> Journal:
    """Write two pages into the person's own journal, with something kept aside and a page that is damaged."""
    journal = Journal()
    page = journal.page("starting-point")
    page.save("how-long", "B")
    page.save("start", {"COMP7": 5, "CARE7": "n", "version": 2})
    page.save("group", ["nurses", "share"])
    page.save("asked in an older edition", ["x"])
    journal.page("repair").save("note", "line one\nline two")
    (journal.folder / "repair.damaged-20260102-030405-678.json").write_text("{")
    (journal.folder / "sharing-power.json").write_text("{")
    return journal


def test_show_says_where_the_journal_is_even_when_it_is_empty(run: Run) -> None:
    result = run("show")
    assert str(settings().journal) in result.output
    assert "There is nothing in it." in result.output
    assert result.exit_code == 0
    assert not settings().data.exists()


@pytest.mark.skipif(os.name != "posix", reason="the rights of a folder, as Linux and macOS have them")
def test_show_does_not_promise_what_the_rights_of_the_folder_do_not_keep(run: Run, journal: Journal) -> None:
    assert "Only your own account can open it." in run("show").output
    journal.folder.chmod(0o755)
    assert "Only your own account" not in run("show").output
    assert f"chmod 700 {journal.folder}" in run("show").output


@pytest.mark.usefixtures("journal")
def test_show_gives_each_answer_in_the_words_of_the_lesson(run: Run) -> None:
    lines = run("show").output.splitlines()
    assert "starting-point: Where you are starting from" in lines
    assert "  How long have you worked together? – B. Under a year" in lines
    assert "  I did what I had said I would do. – Often" in lines
    assert any(line.endswith(" – No chance to") for line in lines)
    assert any("I bring together nurses to share." in line for line in lines)
    assert "  asked in an older edition 1 – x" in lines


@pytest.mark.usefixtures("journal")
def test_show_names_what_was_kept_aside_and_what_cannot_be_read(run: Run) -> None:
    output = run("show").output
    assert "repair.damaged-20260102-030405-678.json (damaged, kept aside)" in output
    assert "The file sharing-power.json is damaged and cannot be used." in output


@pytest.mark.usefixtures("journal")
def test_show_of_one_lesson_shows_no_other(run: Run) -> None:
    output = run("show", "--lesson", "repair").output
    assert "line one" in output
    assert "starting-point" not in output


def test_a_skipped_answer_is_not_shown(run: Run) -> None:
    Journal().page("starting-point").save("how-long", "B", state="skipped")
    assert "Under a year" not in run("show").output


@pytest.mark.parametrize("command", ["show", "forget"])
def test_an_unknown_lesson_is_answered_in_two_lines(run: Run, command: str) -> None:
    result = run(command, "--lesson", "04-repare")
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 2
    assert "repair" in result.output


def test_export_copies_every_page_and_says_what_it_wrote(run: Run, journal: Journal, tmp_path: Path) -> None:
    result = run("export", tmp_path / "mine")
    assert result.exit_code == 0
    for file in [*journal.files(), Path("journal.csv")]:
        assert file.name in result.output
        assert (tmp_path / "mine" / file.name).exists()


@pytest.mark.usefixtures("journal")
def test_export_over_something_that_is_there_changes_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "repair.json").write_text("older")
    result = run("export", tmp_path)
    assert (result.exit_code, len(result.output.splitlines())) == (1, 2)
    assert [file.name for file in tmp_path.iterdir()] == ["repair.json"]


def test_forget_says_what_it_will_erase_and_asks_first(run: Run, journal: Journal) -> None:
    result = run("forget", answer="n\n")
    for file in journal.files():
        assert file.name in result.output
    assert "Nothing was erased." in result.output
    assert result.exit_code == 1
    assert len(journal.files()) == 4


def test_forget_without_an_answer_erases_nothing(run: Run, journal: Journal) -> None:
    assert run("forget").exit_code == 1
    assert len(journal.files()) == 4


def test_forget_erases_pages_what_was_kept_aside_and_locks_and_says_so(run: Run, journal: Journal) -> None:
    names = [file.name for file in journal.files()]
    result = run("forget", answer="y\n")
    assert result.exit_code == 0
    assert [line for line in result.output.splitlines() if line.startswith("Erased: ")] == [
        f"Erased: {name}" for name in names
    ]
    assert [path for path in settings().data.rglob("*") if path.is_file()] == []
    assert "There is nothing in it." in run("show").output


def test_forget_one_lesson_leaves_the_others(run: Run, journal: Journal) -> None:
    result = run("forget", "--lesson", "repair", "--yes")
    assert result.exit_code == 0
    assert "?" not in result.output
    assert journal.written() == ["starting-point", "sharing-power"]


def test_forget_with_nothing_there_says_so(run: Run) -> None:
    result = run("forget", "--yes")
    assert result.exit_code == 0
    assert "There is nothing to erase." in result.output


def test_forget_has_browsers_drop_what_was_typed_and_never_saved(run: Run) -> None:
    before = draft_place(Journal().page("repair"))
    assert run("forget", "--yes").exit_code == 0
    after = draft_place(Journal().page("repair"))
    assert before
    assert after
    assert before["journal"] != after["journal"]


@pytest.mark.usefixtures("journal")
def test_forget_says_where_exercise_answers_are_and_leaves_them(run: Run) -> None:
    exercise = settings().work / "exercises" / "two-questions"
    exercise.mkdir(parents=True)
    (exercise / "answers.json").write_text("{}")
    output = run("forget", "--yes").output
    assert str(settings().work / "exercises") in output
    assert str(Path("two-questions") / "answers.json") in output
    assert (exercise / "answers.json").read_text() == "{}"


def test_a_journal_is_saved_as_one_file_and_loaded_elsewhere(
    run: Run, journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = run("save", tmp_path / "mine.json")
    assert saved.exit_code == 0
    assert "is not in the file" in saved.output
    assert run("save", tmp_path / "mine.json").exit_code == 1
    assert run("save", tmp_path / "no folder" / "mine.json").exit_code == 1
    monkeypatch.setenv("BUILDING_TRUST_JOURNAL", str(tmp_path / "elsewhere"))
    loaded = run("load", tmp_path / "mine.json")
    assert loaded.exit_code == 0
    assert "Where you are starting from\n  4 answers were added." in loaded.output
    assert Journal().page("repair").get("note") == "line one\nline two"
    assert "Nothing was added" in run("load", tmp_path / "mine.json").output


@pytest.mark.parametrize(
    ("typed", "options", "kept"),
    [("1", (), True), ("2", (), False), ("3", (), True), ("", ("--take",), False), ("", ("--keep",), True)],
)
def test_loading_asks_before_anything_is_replaced(
    run: Run, tmp_path: Path, typed: str, options: tuple[str, ...], kept: bool
) -> None:
    Journal().page("repair").save("note", "theirs")
    run("save", tmp_path / "mine.json")
    Journal().page("repair").save("note", "mine")
    result = run("load", tmp_path / "mine.json", *options, answer=f"{typed}\n")
    assert result.exit_code == (1 if typed == "3" else 0)
    assert Journal().page("repair").get("note") == ("mine" if kept else "theirs")


@pytest.mark.parametrize("content", [None, b"{", b" " * 6_000_001])
def test_a_file_that_cannot_be_loaded_is_refused_in_two_lines(run: Run, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "mine.json").write_bytes(content)
    result = run("load", tmp_path / "mine.json")
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 2


def test_nothing_that_a_loaded_journal_says_steers_the_terminal(run: Run) -> None:
    page = Journal().page("repair")
    page.save("note", "a\x1b[2Jb\x07\rc\u202e – 👩\u200d⚕️ Núñez\nline two")
    page.save("asked\x1b[8m elsewhere", "\x9b31mred")
    output = run("show").output
    assert r"a\x1b[2Jb\x07\rc\u202e" in output
    assert "👩\u200d⚕️ Núñez\n" in output
    assert not set(output) & {"\x1b", "\x07", "\r", "\x9b", "\u202e"}
