"""The journal has a page for each lesson and one for the rating on day 30."""

from __future__ import annotations

import pytest

from course import exercise
from course.content.lessons import find_page, lessons
from course.core.errors import UnknownLesson


def test_each_lesson_and_day_30_have_a_page() -> None:
    assert [find_page(lesson.key) for lesson in lessons()] == [lesson.key for lesson in lessons()]
    assert find_page("day-30") == "day-30"


def test_other_names_have_none() -> None:
    with pytest.raises(UnknownLesson, match="day-31"):
        find_page("day-31")


def test_day_30_has_no_exercise() -> None:
    with pytest.raises(UnknownLesson, match="day-30"):
        exercise("day-30")
