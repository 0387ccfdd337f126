"""The commands for authors say what they did; a lesson just begun breaks no rule but the one for missing words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course.authoring.commands import begin
from course.authoring.review import review
from course.authoring.tidy import tidy
from course.cli import main
from course.content.lessons import lessons
from course.core.errors import BadNotebook, UnknownLesson
from tests.full_disk import full_disk
from tests.paths import ROOT

WHOLE = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    for folder in ("notebooks", "source"):
        (tmp_path / folder).mkdir()
    (tmp_path / "notebooks" / "page.ipynb").write_text(json.dumps(WHOLE), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, list[str]]:
        result: Result = CliRunner().invoke(main, arguments)
        return result.exit_code, result.output.splitlines()

    return call


def test_tidy_looks_changes_and_is_done(run: object) -> None:
    assert run("tidy", "--check") == (
        1,
        ["Not tidy: notebooks/page.ipynb", "Run make tidy, and look at what it changed."],
    )
    assert run("tidy") == (0, ["Tidied: notebooks/page.ipynb"])
    assert run("tidy", "--check") == (0, ["1 notebook, all tidy."])


def test_review_lists_problems_and_counts_them(run: object) -> None:
    code, lines = run("review")
    assert (code, lines[0], lines[-1]) == (
        1,
        "notebooks/page.ipynb: its format or kernel is not the course's.",
        "1 notebook, 1 problem.",
    )
    run("tidy")
    assert run("review") == (0, ["1 notebook, no problems."])


def test_new_says_what_it_began(run: object) -> None:
    code, lines = run("new", "repair")
    assert (code, lines[:2]) == (0, ["Begun: notebooks/repair.ipynb", "Begun: source/repair/repair.ipynb"])


def test_a_mistake_is_told_in_two_lines(run: object) -> None:
    code, lines = run("new", "repairs")
    assert (code, len(lines)) == (1, 2)


@pytest.fixture
def course_folder(tmp_path: Path) -> Path:
    for folder in ("notebooks", "source"):
        (tmp_path / folder).mkdir()
    for page in ("start", "credits"):
        words = (ROOT / "notebooks" / f"{page}.ipynb").read_text(encoding="utf-8")
        (tmp_path / "notebooks" / f"{page}.ipynb").write_text(words.replace("00-starting", "repair"), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("slug", [lesson.key for lesson in lessons()])
def test_only_the_words_are_missing(course_folder: Path, slug: str) -> None:
    begun = begin(slug, course_folder)
    assert [path.relative_to(course_folder).as_posix() for path in begun] == [
        f"notebooks/{slug}.ipynb",
        f"source/{slug}/{slug}.ipynb",
    ]
    problems = review(begun, course_folder)[1]
    assert problems
    assert [str(problem) for problem in problems if not problem.message.startswith("still to write")] == []
    for path in begun:
        path.write_text(path.read_text(encoding="utf-8").replace("TODO", "Words"), encoding="utf-8")
    assert review(begun, course_folder)[1] == []


def test_it_is_tidy_from_the_beginning(course_folder: Path) -> None:
    begun = begin("repair", course_folder)
    assert tidy(begun, course_folder, write=False) == []


def test_nothing_is_written_over(course_folder: Path) -> None:
    first, second = begin("repair", course_folder)
    second.unlink()
    before = first.read_bytes()
    with pytest.raises(BadNotebook, match="is there already"):
        begin("repair", course_folder)
    assert first.read_bytes() == before
    assert not second.exists()


def test_where_the_disk_is_full_no_half_of_a_notebook_is_left(course_folder: Path) -> None:
    before = sorted(course_folder.rglob("*.ipynb"))
    with full_disk(), pytest.raises(OSError, match="too large"):
        begin("repair", course_folder)
    assert sorted(course_folder.rglob("*.ipynb")) == before
    assert all(path.is_file() for path in begin("repair", course_folder)), "it can be given again"


def test_an_unknown_name_is_answered_with_the_list(course_folder: Path) -> None:
    with pytest.raises(UnknownLesson, match=r"lessons\.toml") as found:
        begin("repairs", course_folder)
    assert "two-questions" in found.value.hint


def test_another_folder_is_left_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(BadNotebook, match="does not hold"):
        begin("repair", tmp_path)
    assert list(tmp_path.iterdir()) == []
