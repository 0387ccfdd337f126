"""The hand-ins of an exercise that wait for a person: which comes next, and those in which nobody wrote anything.

nbgrader's gradebook says what waits. The order is that of its formgrader, by the gradebook's own numbers for hand-ins:
it is the same each time and says nothing of who somebody is.

Reflections in which nobody wrote anything are marked together, as a trainer would one by one. Whatever could be words
leaves a hand-in out: an answer that cannot be read, text that was added elsewhere on the page, a newer hand-in that is
not marked yet. So does a mark or a comment that somebody gave before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from course.content.lessons import lesson_key
from course.core import names, storage
from course.core.errors import AnswersNotKept
from course.records.answers.page import read_page
from course.trainer.command_support import single_instance
from course.trainer.course_directory import Coursework, one_transaction
from course.trainer.marked_questions import REFLECTION, MarkedQuestion, questions

if TYPE_CHECKING:
    from nbgrader.api import Comment, Grade, Gradebook

BUSY: Final = "Marking is already running in this folder."
_LARGEST: Final = 20_000_000
_DEEPEST: Final = 40


@dataclass(frozen=True)
class MarkedHandIn:
    """A hand-in whose questions are marked."""

    id: str
    """Nbgrader's id of its notebook, by which the formgrader opens it."""
    learner: str
    is_waiting: bool
    """Whether something of it waits for a person."""


def marked_hand_ins(coursework: Coursework, gradebook: Gradebook, slug: str) -> list[MarkedHandIn]:
    """Return every marked hand-in of an exercise, in the order of the formgrader."""
    from nbgrader.api import Assignment, SubmittedAssignment, SubmittedNotebook

    marked = set(coursework.learners_at(names.AUTOGRADED, slug))
    query = (
        gradebook.db.query(SubmittedNotebook.id, SubmittedAssignment.student_id, SubmittedNotebook.needs_manual_grade)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .filter(Assignment.name == slug)
        .order_by(SubmittedNotebook.id)
    )
    return [MarkedHandIn(id, learner, bool(waits)) for id, learner, waits in query if learner in marked]


def next_waiting(hand_ins: Sequence[MarkedHandIn], current: str = "", *, backwards: bool = False) -> str | None:
    """Return the id of the next hand-in that waits after the current one, or None where none does.

    After the last comes the first; the current one comes last of all, where it waits itself.

    >>> some = [MarkedHandIn(id, "", id in "bd") for id in "abcd"]
    >>> [next_waiting(some, current) for current in ("", "a", "b", "c", "d")]
    ['b', 'b', 'd', 'd', 'b']
    >>> next_waiting(some, "c", backwards=True), next_waiting(some[:2], "b"), next_waiting(some[:1], "a")
    ('b', 'b', None)
    """
    ordered = list(reversed(hand_ins) if backwards else hand_ins)
    start = next((place + 1 for place, one in enumerate(ordered) if one.id == current), 0)
    return next((one.id for one in (*ordered[start:], *ordered[:start]) if one.is_waiting), None)


@dataclass(frozen=True)
class BlankReflection:
    """A hand-in that waits for a person, and has no reflection in it."""

    id: str
    """Nbgrader's id of its notebook, by which the formgrader opens it."""
    learner: str
    number: int
    """Its place among the hand-ins of the exercise, as the formgrader counts them."""


@dataclass(frozen=True)
class MarkedTogether:
    """What became of reflections that were to be marked as blank."""

    marked: tuple[str, ...]
    """The learners whose reflection has the mark now."""
    left: tuple[str, ...]
    """Those of whom nothing was changed, because theirs is not blank or waits no more."""


def reflection_of(coursework: Coursework, slug: str) -> MarkedQuestion | None:
    """Return the reflection of an exercise with its levels, or None where the exercise has none."""
    reflections = (one for one in questions(coursework.root, lesson_key(slug)) if one.key == REFLECTION)
    return next(reflections, None)


def blank_reflections(coursework: Coursework, gradebook: Gradebook, slug: str) -> list[BlankReflection]:
    """Return the blank reflections of an exercise that wait and that nobody has marked, in the formgrader's order."""
    reflection = reflection_of(coursework, slug)
    return [] if reflection is None else [blank for blank, _, _ in _blank(coursework, gradebook, slug, reflection.cell)]


def mark_together(
    coursework: Coursework, slug: str, learners: Collection[str], marks: float, comment: str
) -> MarkedTogether:
    """Give these learners' blank reflections one mark and one comment, all or none; look before whether they are blank.

    Raises AlreadyRunning while hand-ins are being marked, and GradebookUnusable where nothing can be written.
    """
    reflection = reflection_of(coursework, slug)
    marked: list[str] = []
    if reflection is not None and 0 <= marks <= reflection.most:
        with (
            single_instance("grade", coursework.root, BUSY),
            coursework.gradebook() as gradebook,
            one_transaction(gradebook),  # a mark that somebody gives meanwhile waits for it, and is not overwritten
        ):
            for blank, grade, remark in _blank(coursework, gradebook, slug, reflection.cell):
                if blank.learner in learners:
                    grade.manual_score, grade.needs_manual_grade = marks, False
                    remark.manual_comment = comment.strip() or None
                    marked.append(blank.learner)
            gradebook.db.commit()
    return MarkedTogether(tuple(marked), tuple(learner for learner in learners if learner not in marked))


def has_no_words(coursework: Coursework, slug: str, learner: str) -> bool:
    """Say whether a marked hand-in has no reflection, nothing that could be one, and no newer hand-in that has."""
    marked, latest = (coursework.folder(step, learner, slug) for step in (names.AUTOGRADED, names.SUBMITTED))
    folders = [marked, *([latest] if latest.exists() else [])]
    return all(_is_unanswered(folder, slug) for folder in folders) and not _has_added_text(marked, slug)


def _blank(
    coursework: Coursework, gradebook: Gradebook, slug: str, cell: str
) -> Iterator[tuple[BlankReflection, Grade, Comment]]:
    """Yield each blank reflection with its mark and its comment in the gradebook."""
    for number, hand_in in enumerate(marked_hand_ins(coursework, gradebook, slug), 1):
        if not hand_in.is_waiting or not has_no_words(coursework, slug, hand_in.learner):
            continue
        where = (cell, slug, slug, hand_in.learner)
        grade, comment = gradebook.find_grade(*where), gradebook.find_comment(*where)
        if grade.needs_manual_grade and grade.manual_score is None and not comment.manual_comment:
            yield BlankReflection(hand_in.id, hand_in.learner, number), grade, comment


def _is_unanswered(folder: Path, slug: str) -> bool:
    path = folder / names.ANSWERS
    if not path.is_file():
        return False  # nobody knows
    try:
        value = read_page(path, "exercise", lesson_key(slug)).values().get(REFLECTION)
    except AnswersNotKept:
        return False
    return value is None or (isinstance(value, str) and not value.strip())


def _has_added_text(folder: Path, slug: str) -> bool:
    """Say whether the marked notebook has text that is not the course's; one that cannot be read may have some."""
    try:
        notebook: Any = storage.read_json(folder / names.notebook_name(slug), largest=_LARGEST, deepest=_DEEPEST)
        return any(_is_learners(cell) for cell in notebook["cells"])
    except (OSError, storage.Unusable, KeyError, TypeError, AttributeError):
        return True


def _is_learners(cell: Any) -> bool:
    metadata = cell["metadata"]
    about = metadata.get("course")
    is_note = isinstance(about, dict) and bool(about.get("note"))
    return "nbgrader" not in metadata and not is_note and bool("".join(cell["source"]).strip())
