"""A lesson that was just begun keeps every rule but one: its words are still to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.authoring.review import review
from course.authoring.skeleton import begin
from course.authoring.tidy import tidy
from course.content.lessons import lessons
from course.core.errors import BadNotebook, UnknownLesson
from tests.paths import ROOT


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


def test_an_unknown_name_is_answered_with_the_list(course_folder: Path) -> None:
    with pytest.raises(UnknownLesson, match=r"lessons\.toml") as found:
        begin("repairs", course_folder)
    assert "two-questions" in found.value.hint


def test_another_folder_is_left_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(BadNotebook, match="does not hold"):
        begin("repair", tmp_path)
    assert list(tmp_path.iterdir()) == []
