"""What a course directory knows of its cohort, as tables of pandas.

The gradebook gives people and marks; the folders give who handed in, what was answered and which ratings were shared.
Answers come from strangers: whatever is not what the course would have written is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from course.content.lessons import lesson_key, lessons
from course.content.scales import find_scale
from course.core.errors import AnswersNotKept
from course.records.answers import read_page
from course.trainer.collecting.roster import ADDED
from course.trainer.course_directory import Coursework
from course.trainer.due import is_late
from course.trainer.report.questions import REFLECTION, Question, all_questions

if TYPE_CHECKING:
    from pandas import DataFrame

Ratings = list[int | None]
"""An answer to each of the twelve statements in screen order, None where there is none."""
SHARED: Final[Mapping[str, tuple[str, str]]] = {
    "start": ("starting-point", "shared-start"),
    "now": ("trust-plan", "shared-now"),
    "looking-back": ("trust-plan", "shared-looking-back"),
}
"""The exercise and the key under which a learner shares the ratings of a moment."""
PEOPLE: Final = ("learner", "first", "last", "email", "number")
HAND_INS: Final = ("learner", "exercise", "late", "marked", "waiting")
MARKS: Final = ("learner", "exercise", "question", "mark", "most", "waiting")
ANSWERS: Final = ("learner", "exercise", "question", "answer")


@dataclass(frozen=True)
class CohortData:
    """One cohort: who is in it, what they handed in, how it was marked, and the ratings that they shared."""

    people: DataFrame = field(repr=False)
    """The roster, a row for each person: `learner`, `first`, `last`, `email` and `number` (the learning platform's)."""
    hand_ins: DataFrame = field(repr=False)
    """A row for each exercise that someone on the roster handed in: is it late, marked, waiting for a person."""
    marks: DataFrame = field(repr=False)
    """A row for each marked question of each hand-in that was marked."""
    answers: DataFrame = field(repr=False)
    """A row for each answer to a marked question, but no words that anyone wrote."""
    ratings: Mapping[str, Mapping[str, Ratings]] = field(repr=False)
    """By moment, then by learner."""
    questions: tuple[Question, ...] = ()
    strangers: tuple[str, ...] = field(default=(), repr=False)
    """Who handed in and is not on the roster."""
    label: str = ""
    """What is said of made-up people on every copy."""

    @property
    def learners(self) -> list[str]:
        """The ids of everyone on the roster, in their order."""
        return [str(learner) for learner in self.people["learner"]]

    def handed_in(self, slug: str) -> set[str]:
        """Return who handed in an exercise."""
        return set(self.hand_ins.loc[self.hand_ins["exercise"] == slug, "learner"])


def read_cohort(coursework: Coursework) -> CohortData:
    """Return what a course directory knows of its cohort; where nothing is there yet, tables without rows."""
    known = all_questions(coursework.root)
    people, graded, due, marks = _gradebook(coursework, known)
    roster = {person[0] for person in people}
    found = {lesson.key: _folders(coursework, coursework.assignment(lesson.key)) for lesson in lessons()}
    answers = {
        (learner, slug): _answers(folders, slug)
        for slug, by_learner in found.items()
        for learner, folders in by_learner
    }
    strangers = sorted({learner for learner, _ in answers} - roster)
    mine = {place: given for place, given in answers.items() if place[0] in roster}
    return CohortData(
        people=_frame(people, PEOPLE),
        hand_ins=_frame(_hand_ins(coursework, mine, graded, due), HAND_INS),
        marks=_frame(marks, MARKS),
        answers=_frame(_given(mine, known), ANSWERS),
        ratings={moment: dict(_shared(mine, *place)) for moment, place in SHARED.items()},
        questions=known,
        strangers=tuple(strangers),
    )


def sound_ratings(value: Any) -> Ratings | None:
    """Return ratings that a stranger shared, or None for anything but a point or None for each statement."""
    scale = find_scale("habits")
    points = range(1, len(scale.points) + 1)
    if not isinstance(value, list) or len(value) != len(scale.items):
        return None
    fits = all(answer is None or (type(answer) is int and answer in points) for answer in value)
    return value if fits and any(value) else None


def _frame(rows: Any, columns: tuple[str, ...]) -> DataFrame:
    import pandas as pd

    return pd.DataFrame(list(rows), columns=list(columns))


def _gradebook(
    coursework: Coursework, known: tuple[Question, ...]
) -> tuple[list[Any], dict[Any, Any], dict[str, Any], list[Any]]:
    """Return the roster, what is known of each marked hand-in, when exercises are due, and the marks.

    No gradebook is made by looking.
    """
    if not coursework.has_gradebook:
        return [], {}, {}, []
    with coursework.gradebook() as gradebook:
        people = [
            (one.id, one.first_name or "", one.last_name or "", one.email or "", _number(one.lms_user_id))
            for one in gradebook.students
        ]
        graded = dict(_graded(gradebook))
        due = {lesson_key(one.name): one.duedate for one in gradebook.assignments}
        return sorted(people), graded, due, list(_marks(gradebook, known))


def _number(lms_user_id: str | None) -> str:
    """Return the number that a learning platform gave a person, or nothing."""
    return "" if lms_user_id in (None, ADDED) else str(lms_user_id)


def _graded(gradebook: Any) -> Iterator[tuple[tuple[str, str], tuple[Any, bool]]]:
    """Return of each hand-in in the gradebook when it was due for that learner, and whether it waits for a person."""
    from nbgrader.api import Assignment, SubmittedAssignment

    wanted = gradebook.db.query(SubmittedAssignment, Assignment.name, SubmittedAssignment.needs_manual_grade)
    for hand_in, slug, waiting in wanted.join(Assignment, SubmittedAssignment.assignment_id == Assignment.id):
        yield (hand_in.student_id, lesson_key(slug)), (hand_in.duedate, bool(waiting))


def _marks(gradebook: Any, known: tuple[Question, ...]) -> Iterator[tuple[Any, ...]]:
    from nbgrader.api import Assignment, BaseCell, Grade, SubmittedAssignment, SubmittedNotebook

    cells = {(question.exercise, question.cell): question for question in known}
    wanted = (
        gradebook.db.query(
            SubmittedAssignment.student_id, Assignment.name, BaseCell.name, Grade.score, Grade.needs_manual_grade
        )
        .select_from(Grade)
        .join(BaseCell, Grade.cell_id == BaseCell.id)
        .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .order_by(Assignment.name, SubmittedAssignment.student_id)
    )
    for learner, slug, cell, mark, waiting in wanted:
        if question := cells.get((lesson_key(slug), cell)):
            yield learner, question.exercise, question.key, float(mark), question.most, bool(waiting)


def _folders(coursework: Coursework, slug: str) -> list[tuple[str, tuple[Path, Path | None]]]:
    """Return who handed in an exercise, with the folder of the latest hand-in and of the one that was marked."""
    handed_in, marked = ({*coursework.learners_at(step, slug)} for step in ("submitted", "autograded"))
    found = []
    for learner in sorted(handed_in | marked):
        latest = coursework.folder("submitted" if learner in handed_in else "autograded", learner, slug)
        rebuilt = coursework.folder("autograded", learner, slug) if learner in marked else None
        if not latest.is_symlink() and not (rebuilt and rebuilt.is_symlink()):
            found.append((learner, (latest, rebuilt)))
    return found


def _answers(folders: tuple[Path, Path | None], slug: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the answers of the latest hand-in, which say what is shared now, and those that were marked."""
    latest, marked = folders
    return _read(latest, slug), _read(marked, slug) if marked else {}


def _read(folder: Path, slug: str) -> dict[str, Any]:
    try:
        return read_page(folder / "answers.json", "exercise", slug).values()
    except AnswersNotKept:
        return {}


def _hand_ins(
    coursework: Coursework, mine: Mapping[Any, Any], graded: Mapping[Any, Any], due: Mapping[str, Any]
) -> Iterator[tuple[Any, ...]]:
    for learner, slug in sorted(mine):
        is_graded = (learner, slug) in graded
        moment, waiting = graded.get((learner, slug), (due.get(slug), False))
        late = is_late(coursework, learner, coursework.assignment(slug), moment)
        yield learner, slug, late, is_graded and not waiting, waiting


def _given(mine: Mapping[Any, Any], known: tuple[Question, ...]) -> Iterator[tuple[Any, ...]]:
    for question in known:
        for (learner, slug), (_, marked) in mine.items():
            if slug == question.exercise and question.key != REFLECTION and question.key in marked:
                yield learner, slug, question.key, marked[question.key]


def _shared(mine: Mapping[Any, Any], slug: str, key: str) -> Iterator[tuple[str, Ratings]]:
    for (learner, exercise), (latest, _) in mine.items():
        if exercise == slug and (ratings := sound_ratings(latest.get(key))):
            yield learner, ratings
