"""A cohort's own levels count for marking, feedback and report; what was marked under others stays as it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from course.trainer.course_directory import Coursework
from course.trainer.feedback.marks import read_marks
from course.trainer.feedback.writer import FeedbackWriter
from course.trainer.marked_questions import REFLECTION, questions
from course.trainer.reflections.command import plan_blank
from course.trainer.reflections.waiting import mark_together
from course.trainer.report.cohort_data import read_cohort
from course.trainer.report.trainer_report import levels
from tests.trainer.course_directories import SLUG, rows
from tests.trainer.reflections.hand_ins import PEOPLE

pytestmark = pytest.mark.nbgrader

OWN = f"""
[[reflection.{SLUG}.levels]]
name = "High"
share = 100
[[reflection.{SLUG}.levels]]
name = "Low & open"
share = 20
comments = ["Write it when you are ready."]
"""


@pytest.fixture
def with_own_levels(marked: Coursework) -> Iterator[None]:
    """Take the cohort's levels away at the end."""
    yield
    (marked.root / "cohort.toml").unlink()


def feedback(coursework: Coursework) -> tuple[bool, str]:
    """Write one learner's feedback page; return whether it is a new one, and the page."""
    with coursework.read_gradebook() as gradebook:
        marks = read_marks(gradebook, SLUG)[PEOPLE[0]]
    is_new = FeedbackWriter(coursework).write(PEOPLE[0], SLUG, marks)
    return is_new, (coursework.folder("feedback", PEOPLE[0], SLUG) / f"{SLUG}.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("with_own_levels")
def test_levels_that_come_after_the_marks_change_how_marks_are_named_and_no_mark(marked: Coursework) -> None:
    mark_together(marked, SLUG, [PEOPLE[1], PEOPLE[4]], 3, "Under the course’s own levels.")
    with marked.gradebook() as gradebook:
        grade = gradebook.find_grade("reflection-marks", SLUG, SLUG, PEOPLE[0])
        grade.manual_score, grade.needs_manual_grade = 9, False
        gradebook.db.commit()
    before = rows(marked.root)
    assert "3 Reflecting" in feedback(marked)[1]

    (marked.root / "cohort.toml").write_text(OWN, encoding="utf-8")
    after = Coursework(marked.root)
    is_new, page = feedback(after)
    assert is_new
    assert {words in page for words in ("High", "Low &amp; open", "9 of 12 marks")} == {True}
    assert "Reflecting" not in page
    assert feedback(after)[0] is False
    (table,) = levels(read_cohort(after)).tables
    assert table.rows[:2] == (("High", "1"), ("Low & open", "2"))
    assert rows(marked.root) == before


@pytest.mark.usefixtures("with_own_levels")
def test_blank_reflections_get_the_lowest_of_a_cohorts_own_levels(marked: Coursework) -> None:
    (marked.root / "cohort.toml").write_text(OWN, encoding="utf-8")
    plan = plan_blank(Coursework(marked.root), SLUG)
    assert plan
    assert (plan.level, plan.marks, plan.comment) == ("Low & open", 2.5, "Write it when you are ready.")
    (reflection,) = [one for one in questions(marked.root, SLUG) if one.key == REFLECTION]
    assert [level.marks for level in reflection.rubric.levels] == [12, 2.5]
