"""Levels and ready comments of a cohort's own: what counts for which exercise, and what is answered to a slip."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.content.rubric import CohortLevel, ReflectionSettings
from course.core.errors import BadContent
from course.records.cohort_file import CohortFile, read_cohort_file

SLUG = "two-questions"
HIGH = '[[reflection.levels]]\nname = "High"\nshare = 100\n'
LOW = '[[reflection.levels]]\nname = "Low"\nshare = 0\n'
OF_ONE = f"""
[[reflection.{SLUG}.levels]]
name = "  There\\n yet "
share = 90.5
description = "You show it."
comments = ["Good.", "  Very\\n good. "]
[[reflection.{SLUG}.levels]]
name = "Not yet"
share = 10
"""


def read(folder: Path, text: str) -> CohortFile:
    (folder / "cohort.toml").write_text(text, encoding="utf-8")
    return read_cohort_file(folder)


def test_without_any_all_is_as_the_course_has_it(tmp_path: Path) -> None:
    assert read_cohort_file(tmp_path).reflection(SLUG) == ReflectionSettings()
    assert read(tmp_path, "[reflection]\n").reflection(SLUG) == ReflectionSettings()


def test_levels_of_one_exercise_come_before_those_of_all_and_comments_beside_them(tmp_path: Path) -> None:
    of_repair = '[reflection.repair]\ncomments = ["For one."]\n'
    cohort = read(tmp_path, f'[reflection]\ncomments = ["For all."]\n{LOW}{HIGH}{OF_ONE}{of_repair}')
    assert cohort.reflection(SLUG).levels == (
        CohortLevel("There yet", 90.5, "You show it.", ("Good.", "Very good.")),
        CohortLevel("Not yet", 10),
    )
    assert cohort.reflection("repair") == ReflectionSettings(
        (CohortLevel("High", 100), CohortLevel("Low", 0)), ("For one.", "For all.")
    )


def test_a_former_name_of_an_exercise_is_known(tmp_path: Path) -> None:
    cohort = read(tmp_path, '[reflection.01-two-questions]\ncomments = ["One."]\n')
    assert cohort.reflection(SLUG) == cohort.reflection("01-two-questions") == ReflectionSettings((), ("One.",))


@pytest.mark.parametrize(
    "text, words",
    [
        ("reflection = 1", "“reflection” is not a table"),
        ("[reflection.nothing]", "no exercise “nothing”"),
        ("reflection.repair = 1", "“reflection.repair” is not a table"),
        ("[reflection.repair]\nlevel = 1", "no setting “level”"),
        ("[reflection.two-questions]\ncomments = ['a']\n[reflection.01-two-questions]\n", "is there twice"),
        ("[reflection]\nlevels = [1, 2]", "not a list of levels"),
        ("[reflection]\ncomments = 'one'", "not a list of comments"),
        ("[reflection]\ncomments = [' ']", "not a list of comments"),
        (f"[reflection]\ncomments = ['{'x' * 2001}']", "too long"),
        (HIGH, "has 1 levels"),
        (HIGH + "".join(f"[[reflection.levels]]\nname = '{n}'\nshare = {5 * n}\n" for n in range(10)), "has 11 levels"),
        (HIGH + LOW.replace("share = 0", "share = 96"), "“High” and “Low” give nearly the same marks"),
        (HIGH + LOW.replace("Low", "HIGH"), "two levels are called"),
        (HIGH + LOW.replace("share = 0", ""), "“Low” has no share"),
        (HIGH + LOW.replace("share = 0", "share = nan"), "“Low” has no share"),
        (HIGH + LOW.replace("share = 0", "share = true"), "“Low” has no share"),
        (HIGH + LOW.replace("share = 0", "share = -1"), "“Low” has no share"),
        (HIGH + LOW.replace('"Low"', '" "'), "has no name"),
        (HIGH + LOW.replace('"Low"', f'"{"x" * 61}"'), "has no name"),
        (HIGH + LOW + "description = 1", "no text as its description"),
        (HIGH + LOW + "points = 1", "a setting “points”"),
        (HIGH + LOW + "comments = [1]", "not a list of comments"),
    ],
)
def test_a_slip_is_answered_with_what_to_write(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(BadContent, match=words) as slip:
        read(tmp_path, text)
    assert slip.value.message.startswith("cohort.toml: ")
    assert slip.value.hint
