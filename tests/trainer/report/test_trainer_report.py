"""The trainer's copy: a reflection has the same level here as on its feedback page, whatever its guide's marks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from course.content.rubric import read_rubric
from course.trainer.report.questions import REFLECTION
from course.trainer.report.trainer_report import levels, levels_of
from tests.trainer.cohorts import SLUG, a_cohort, ids

GUIDE = "| 4 Four | {} | |\n| 3 Three | {} | |\n| 2 Two | {} | |\n| 1 One | {} | |\n| Nothing written | 0 | |"
OF_TWELVE, OF_TWENTY = GUIDE.format(12, 9, 6, 3), GUIDE.format(20, 15, 10, 5)


@pytest.mark.parametrize(
    "guide, marks, level",
    [
        *[(OF_TWELVE, 4.4, 1), (OF_TWELVE, 4.5, 1), (OF_TWELVE, 4.6, 2), (OF_TWELVE, 12, 4)],
        *[(OF_TWENTY, 7.5, 1), (OF_TWENTY, 7.6, 2), (OF_TWENTY, 12, 2), (OF_TWENTY, 15, 3), (OF_TWENTY, 20, 4)],
    ],
)
def test_a_reflection_has_the_level_of_its_own_guide(guide: str, marks: float, level: int) -> None:
    rubric = read_rubric(guide)
    data = a_cohort(ids(1))
    data = replace(
        data,
        marks=tuple(replace(row, marks=marks) if row.question == REFLECTION else row for row in data.marks),
        questions=tuple(replace(question, rubric=rubric) for question in data.questions),
    )
    assert levels_of(data, SLUG) == {"synthetic-001": level}
    on_feedback_page = rubric.level_for(marks)
    assert on_feedback_page
    assert on_feedback_page.number == level
    (table,) = levels(data).tables
    assert table.rows[0][5 - level] == "1"
