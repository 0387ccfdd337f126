"""Read a course directory's cohort as rows of plain data: people, submissions, marks and ratings.

The gradebook gives people and marks; the folders give who handed in, what was answered and which ratings were shared.
Answers are untrusted input: whatever the course would not have written is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from course.content.lessons import lesson_key, lessons
from course.core import moments, names
from course.core.errors import AnswersNotKept, CourseError
from course.records.answers.page import read_page
from course.records.answers.units import Json
from course.records.habit_check import HabitCheck, read_habit_check
from course.trainer.collecting.roster import ADDED, Roster, RosterEntry
from course.trainer.course_directory import Coursework
from course.trainer.due_moments import DueMoments, is_late, read_due_moments
from course.trainer.gradebook_reader import GradebookReader
from course.trainer.marked_questions import REFLECTION, MarkedQuestion, all_questions
from course.trainer.missing import unsettled_hand_ins
from course.trainer.second_marks.sample import WrittenReflection, choose_sample, is_written, level_names
from course.trainer.second_marks.store import SecondMark, read_second_marks

SHARED: Final[Mapping[str, tuple[str, str]]] = {
    "start": ("starting-point", "shared-start"),
    "now": ("trust-plan", "shared-now"),
    "looking-back": ("trust-plan", "shared-looking-back"),
}
"""The exercise and the key under which a learner shares the ratings of a moment."""
_Key: TypeAlias = tuple[str, str]
"""A learner and an exercise."""


@dataclass(frozen=True)
class SubmissionState:
    """How one submission of someone on the roster stands."""

    learner: str
    exercise: str
    is_late: bool = False
    is_marked: bool = False
    is_waiting: bool = False
    """Whether a person has yet to read it."""


@dataclass(frozen=True)
class MarkRow:
    """The marks that one learner has for one question."""

    learner: str
    exercise: str
    question: str
    marks: float
    most: float
    """The most marks that the question gives."""
    is_waiting: bool = False
    """Whether a person has yet to give them."""


@dataclass(frozen=True)
class MarkedAnswer:
    """What one learner answered to one marked question; never words that anyone wrote."""

    learner: str
    exercise: str
    question: str
    answer: Json


@dataclass(frozen=True)
class SecondMarking:
    """Who was chosen for a second marker, and the second marks that count."""

    chosen: frozenset[_Key] = field(default=frozenset(), repr=False)
    marks: tuple[SecondMark, ...] = field(default=(), repr=False)
    """Those of the words that were marked last, of people on the roster."""
    outdated: int = 0
    """How many are of other words, or by other levels."""


@dataclass(frozen=True)
class CohortData:
    """One cohort: who is in it, what they handed in, how it was marked, and the ratings that they shared."""

    people: tuple[RosterEntry, ...] = field(default=(), repr=False)
    submissions: tuple[SubmissionState, ...] = field(default=(), repr=False)
    """The latest submission of each exercise, of those on the roster."""
    marks: tuple[MarkRow, ...] = field(default=(), repr=False)
    late_penalties: Mapping[_Key, float] = field(default_factory=dict, repr=False)
    """What lateness costs, of those whom it costs something."""
    answers: tuple[MarkedAnswer, ...] = field(default=(), repr=False)
    ratings: Mapping[str, Mapping[str, HabitCheck]] = field(default_factory=dict, repr=False)
    """By moment, then by learner."""
    questions: tuple[MarkedQuestion, ...] = ()
    strangers: tuple[str, ...] = field(default=(), repr=False)
    """Who handed in and is not on the roster."""
    not_due: frozenset[str] = frozenset()
    """The exercises whose day has not come; one without a day is not among them."""
    has_time: frozenset[_Key] = field(default=frozenset(), repr=False)
    """Who still has time, because they have more than others, and for which exercise."""
    unsettled: tuple[str, ...] = ()
    """The exercise of each hand-in that was not collected, or an empty text where it is not known."""
    why_not_known: str = ""
    """Why it is not known which were not collected, and what to do."""
    second: SecondMarking = SecondMarking()
    label: str = ""
    """What is said of made-up people on every copy."""

    @property
    def learners(self) -> list[str]:
        """The ids of everyone on the roster, in their order."""
        return [person.id for person in self.people]

    def handed_in(self, exercise: str) -> set[str]:
        """Return who handed in an exercise."""
        return {submission.learner for submission in self.submissions if submission.exercise == exercise}

    def marks_of(self, exercise: str, question: str | None = None) -> list[MarkRow]:
        """Return all marks of an exercise, or those of one of its questions."""
        return [row for row in self.marks if row.exercise == exercise and question in (None, row.question)]

    def totals(self) -> dict[tuple[str, str], float]:
        """Return the sum of marks by learner and exercise, less what lateness costs, as the feedback page has it."""
        sums: dict[tuple[str, str], float] = {}
        for row in self.marks:
            key = (row.learner, row.exercise)
            sums[key] = sums.get(key, 0) + row.marks
        return {key: total - self.late_penalties.get(key, 0) for key, total in sums.items()}


@dataclass(frozen=True)
class _GradebookRows:
    people: tuple[RosterEntry, ...] = ()
    is_waiting: Mapping[_Key, bool] = field(default_factory=dict)
    """Of each submission in it, whether a person has yet to read it."""
    due: DueMoments = field(default_factory=DueMoments)
    marks: tuple[MarkRow, ...] = ()
    late_penalties: Mapping[_Key, float] = field(default_factory=dict)


@dataclass(frozen=True)
class _SubmittedAnswers:
    """The answers of one learner's exercise by key."""

    latest: Mapping[str, Json]
    """Of the latest submission, which says what is shared now."""
    marked: Mapping[str, Json]
    """Of the one that was marked."""


def read_cohort(coursework: Coursework) -> CohortData:
    """Return what a course directory knows of its cohort; where nothing is there yet, no rows. Nothing is made."""
    questions = all_questions(coursework.root)
    gradebook = _read_gradebook(coursework, questions)
    roster = {person.id for person in gradebook.people}
    due, now = gradebook.due, moments.now()
    answers = dict(_read_answers(coursework))
    of_roster = {key: submitted for key, submitted in answers.items() if key[0] in roster}
    unsettled, why_not_known = _read_unsettled(coursework)
    return CohortData(
        people=gradebook.people,
        submissions=tuple(_states(coursework, of_roster, gradebook)),
        marks=gradebook.marks,
        late_penalties=gradebook.late_penalties,
        answers=tuple(_answer_rows(of_roster, questions)),
        ratings={moment: dict(_shared_ratings(of_roster, *place)) for moment, place in SHARED.items()},
        questions=questions,
        strangers=tuple(sorted({learner for learner, _ in answers} - roster)),
        not_due=frozenset(key for key, moment in due.everybody.items() if moment >= now),
        has_time=frozenset(
            (learner, key)
            for learner, own in due.more_time.items()
            for key, moment in own.items()
            if key in due.everybody and moment >= now
        ),
        unsettled=unsettled,
        why_not_known=why_not_known,
        second=_second_marking(of_roster, questions, read_second_marks(coursework.root)),
    )


def _read_unsettled(coursework: Coursework) -> tuple[tuple[str, ...], str]:
    """Return the exercises of what was not collected, or why that is not known: the rest of a report does without."""
    if not coursework.has_gradebook:
        return (), ""
    with coursework.read_gradebook() as gradebook:
        roster = Roster.read(gradebook)
    slugs = [coursework.assignment(lesson.key) for lesson in lessons()]
    try:
        unsettled = unsettled_hand_ins(coursework, roster, slugs)
    except CourseError as error:
        return (), f"{error.message} {error.hint}"
    return tuple(lesson_key(slug) if slug else "" for slug in unsettled), ""


def _second_marking(
    answers: Mapping[_Key, _SubmittedAnswers], questions: Iterable[MarkedQuestion], kept: Iterable[SecondMark]
) -> SecondMarking:
    levels = {question.exercise: level_names(question.rubric) for question in questions if question.rubric.levels}
    written = {
        (learner, exercise): WrittenReflection(exercise, learner, words, levels[exercise])
        for (learner, exercise), submitted in answers.items()
        if exercise in levels and is_written(words := submitted.marked.get(REFLECTION))
    }
    of_roster = [mark for mark in kept if (mark.learner, mark.exercise) in answers]
    current = tuple(
        mark for mark in of_roster if (one := written.get((mark.learner, mark.exercise))) and mark.is_of(one)
    )
    chosen = frozenset((one.learner, one.exercise) for one in choose_sample(written.values()))
    return SecondMarking(chosen, current, len(of_roster) - len(current))


def _read_gradebook(coursework: Coursework, questions: Iterable[MarkedQuestion]) -> _GradebookRows:
    if not coursework.has_gradebook:
        return _GradebookRows()
    with coursework.read_gradebook() as gradebook:
        people = [
            RosterEntry(
                student.id,
                student.first_name or "",
                student.last_name or "",
                student.email or "",
                _platform_number(student.lms_user_id),
            )
            for student in gradebook.students
        ]
        return _GradebookRows(
            people=tuple(sorted(people, key=lambda person: person.id)),
            is_waiting={
                (one.student_id, lesson_key(one.assignment)): one.needs_manual_grade for one in gradebook.submissions()
            },
            due=read_due_moments(coursework, gradebook),
            marks=tuple(_mark_rows(gradebook, questions)),
            late_penalties={
                (learner, lesson.key): penalty
                for lesson in lessons()
                for learner, penalty in gradebook.late_penalties(coursework.assignment(lesson.key)).items()
                if penalty
            },
        )


def _platform_number(lms_user_id: str | None) -> str:
    """Return the number that a learning platform gave a person, or nothing."""
    return "" if lms_user_id in (None, ADDED) else str(lms_user_id)


def _mark_rows(gradebook: GradebookReader, questions: Iterable[MarkedQuestion]) -> Iterator[MarkRow]:
    by_cell = {(question.exercise, question.cell): question for question in questions}
    for row in gradebook.grades():
        if question := by_cell.get((lesson_key(row.assignment), row.cell)):
            marks = float(row.score)
            yield MarkRow(row.student_id, question.exercise, question.key, marks, question.most, row.needs_manual_grade)


def _read_answers(coursework: Coursework) -> Iterator[tuple[_Key, _SubmittedAnswers]]:
    for lesson in lessons():
        for learner, latest, marked in _folders(coursework, coursework.assignment(lesson.key)):
            answers = _SubmittedAnswers(
                _answers_in(latest, lesson.key), _answers_in(marked, lesson.key) if marked else {}
            )
            yield (learner, lesson.key), answers


def _folders(coursework: Coursework, assignment: str) -> Iterator[tuple[str, Path, Path | None]]:
    """Yield who handed in an exercise, with the folder of the latest submission and of the one that was marked."""
    submitted, marked = (set(coursework.learners_at(step, assignment)) for step in (names.SUBMITTED, names.AUTOGRADED))
    for learner in sorted(submitted | marked):
        step = names.SUBMITTED if learner in submitted else names.AUTOGRADED
        latest = coursework.folder(step, learner, assignment)
        rebuilt = coursework.folder(names.AUTOGRADED, learner, assignment) if learner in marked else None
        if not latest.is_symlink() and not (rebuilt and rebuilt.is_symlink()):
            yield learner, latest, rebuilt


def _answers_in(folder: Path, exercise: str) -> Mapping[str, Json]:
    try:
        return read_page(folder / names.ANSWERS, "exercise", exercise).values()
    except AnswersNotKept:
        return {}


def _states(
    coursework: Coursework, answers: Mapping[_Key, _SubmittedAnswers], gradebook: _GradebookRows
) -> Iterator[SubmissionState]:
    for learner, exercise in sorted(answers):
        waiting = gradebook.is_waiting.get((learner, exercise))
        yield SubmissionState(
            learner,
            exercise,
            is_late=is_late(coursework, gradebook.due, learner, coursework.assignment(exercise)),
            is_marked=waiting is False,
            is_waiting=waiting is True,
        )


def _answer_rows(
    answers: Mapping[_Key, _SubmittedAnswers], questions: Iterable[MarkedQuestion]
) -> Iterator[MarkedAnswer]:
    for question in questions:
        for (learner, exercise), submitted in answers.items():
            if exercise == question.exercise and question.key != REFLECTION and question.key in submitted.marked:
                yield MarkedAnswer(learner, exercise, question.key, submitted.marked[question.key])


def _shared_ratings(
    answers: Mapping[_Key, _SubmittedAnswers], exercise: str, key: str
) -> Iterator[tuple[str, HabitCheck]]:
    for (learner, submitted_exercise), submitted in answers.items():
        if submitted_exercise == exercise and (ratings := read_habit_check(submitted.latest.get(key))):
            yield learner, ratings
