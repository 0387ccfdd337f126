"""What is said of a lesson, by how many of its activities are finished."""

from __future__ import annotations

from course.content.lessons import lessons
from course.records.progress import Progress
from tests.cases import every


def test_a_lesson_that_is_not_written_yet_is_in_preparation() -> None:
    assert Progress(lessons()[0], 0, None).state == "in-preparation"


@every("finished,total,minutes", [(0, 9, 30), (1, 9, 30), (3, 9, 20), (4, 9, 20), (8, 9, 5), (9, 9, 0), (0, None, 30)])
def test_minutes_left_are_in_proportion_to_the_exercises_left(finished: int, total: int | None, minutes: int) -> None:
    assert Progress(lessons()[0], finished, total).minutes_left == minutes
