"""The comment bank: the course's own, changed by the trainer's file, with a remedy for each mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.content.lessons import lessons
from course.content.rubric import LEVEL_NUMBERS, CohortLevel, ReflectionSettings
from course.core.errors import BadContent
from course.trainer.reflections.comments import ANY_LEVEL, EVERY, NAME, comments

SLUG = "listening"


def write(folder: Path, text: str) -> Path:
    (folder / NAME).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("slug", [lesson.key for lesson in lessons()])
def test_the_course_brings_several_comments_for_each_level_of_each_exercise(slug: str, tmp_path: Path) -> None:
    bank = comments(tmp_path, slug)
    assert list(bank) == list(LEVEL_NUMBERS)
    assert all(len(texts) >= 2 and len(set(texts)) == len(texts) for texts in bank.values())


def test_a_trainers_list_takes_the_place_of_the_courses_for_that_level_alone(tmp_path: Path) -> None:
    before = comments(tmp_path, SLUG)
    after = comments(write(tmp_path, f'[{SLUG}]\n4 = ["Mine,\\n  twice."]\n'), SLUG)
    assert after[4] == ("Mine, twice.", before[4][-1])
    assert after[3] == before[3]


def test_a_trainers_empty_list_takes_comments_away(tmp_path: Path) -> None:
    before = comments(tmp_path, SLUG)
    after = comments(write(tmp_path, f"[{EVERY}]\n4 = []\n"), SLUG)
    assert after[4] == before[4][:-1]


def test_a_cohort_with_levels_of_its_own_has_the_comments_beside_them_and_no_others(tmp_path: Path) -> None:
    levels = (CohortLevel("High", 100, "", ("Good.",)), CohortLevel("Low", 0))
    write(tmp_path, f'[{SLUG}]\n4 = ["Mine."]\n')
    assert comments(tmp_path, SLUG, ReflectionSettings(levels)) == {1: ("Good.",), 0: ()}


def test_a_cohorts_comments_for_any_level_stand_beside_those_of_each(tmp_path: Path) -> None:
    bank = comments(tmp_path, SLUG, ReflectionSettings(comments=("See you on Thursday.",)))
    assert bank == {**comments(tmp_path, SLUG), ANY_LEVEL: ("See you on Thursday.",)}


@pytest.mark.parametrize(
    "text, part",
    [
        (f"[{SLUG}\n", "cannot be read"),
        ("[03-listen]\n4 = []\n", "no exercise “03-listen”"),
        ('listening = "no"\n', "“listening” is not a table"),
        (f"[{SLUG}]\n5 = []\n", "no level “5”"),
        (f'[{SLUG}]\n4 = "one"\n', "“4” is not a list"),
        (f"[{SLUG}]\n4 = [1]\n", "“4” is not a list"),
        (f'[{SLUG}]\n4 = [" "]\n', "“4” is not a list"),
        (f'[{SLUG}]\n4 = ["{"x" * 2001}"]\n', "too long"),
    ],
)
def test_a_mistake_is_answered_with_file_key_and_remedy(tmp_path: Path, text: str, part: str) -> None:
    with pytest.raises(BadContent, match=part) as caught:
        comments(write(tmp_path, text), SLUG)
    assert caught.value.message.startswith(NAME)
    assert caught.value.hint


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_bank_is_read_however_an_editor_saved_it(encoding: str, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(f'[{SLUG}]\r\n4 = ["Très bien."]\r\n'.encode(encoding))
    assert comments(tmp_path, SLUG)[4][0] == "Très bien."


def test_a_bank_under_almost_its_name_is_told_of(tmp_path: Path) -> None:
    write(tmp_path, f'[{SLUG}]\n4 = ["Mine."]\n').joinpath(NAME).rename(tmp_path / "Comments.toml.txt")
    with pytest.raises(BadContent, match=r"Comments\.toml\.txt"):
        comments(tmp_path, SLUG)
