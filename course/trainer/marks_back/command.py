"""`course marks`: make the file that takes the marks of an exercise back to a learning platform."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Final

from course.content import trainer_words
from course.content.lessons import find_lesson
from course.core import names, storage
from course.core.errors import CannotMark
from course.trainer.collecting.roster import Roster
from course.trainer.collecting.submission_store import read_receipt
from course.trainer.command_support import no_such_file, single_instance
from course.trainer.course_directory import Coursework
from course.trainer.feedback.marks import SubmissionMarks, read_marks
from course.trainer.marks_back.filling import LearnerMarks, fill
from course.trainer.marks_back.people_in_files import forget_file, note_people
from course.trainer.marks_back.sheets import moodle_sheet, read_sheet
from course.trainer.platforms import MOODLE, Sender, read_name
from course.trainer.summary import Refusal, Summary

FOLDER: Final = "marks-files"
_BUSY: Final = "A file of marks is being made in this folder already."
_COMMENTED: Final = "reflection-marks"
_LARGEST: Final = 20_000_000


def run(exercise: str, sheet: Path | None = None, *, column: str = "") -> Summary:
    """Make the file for one exercise in the course directory."""
    return marks_back(Coursework.here(), exercise, sheet, column=column)


def marks_back(coursework: Coursework, exercise: str, sheet: Path | None = None, *, column: str = "") -> Summary:
    """Fill a platform's grade file, or without one make Moodle's worksheet from what Moodle called each hand-in.

    The file comes into `marks-files`; the sheet itself stays as it is. Raises CannotMark where no file can be made.
    """
    with single_instance("marks", coursework.root, _BUSY):
        return _marks_back(coursework, exercise, sheet, column)


def _marks_back(coursework: Coursework, exercise: str, sheet: Path | None, column: str) -> Summary:
    lesson, slug = find_lesson(exercise), coursework.assignment(exercise)
    if not coursework.cohort.marks:
        raise CannotMark(trainer_words("marks-back.no-marks"), trainer_words("marks-back.no-marks-hint"))
    if not coursework.has_gradebook:
        raise CannotMark(trainer_words("marks-back.nothing"), trainer_words("marks-back.nothing-hint"))
    with coursework.read_gradebook() as gradebook:
        roster, graded = Roster.read(gradebook), read_marks(gradebook, slug)
    graded = {learner: marks for learner, marks in graded.items() if _is_marked(coursework, learner, slug, marks)}
    if not graded:
        raise CannotMark(trainer_words("marks-back.nothing"), trainer_words("marks-back.nothing-hint"))
    senders = {learner: sender for learner in graded if (sender := _sender(coursework, roster, learner, slug))}
    if sheet:
        wanted = read_sheet(_read(sheet), (lesson.key, lesson.title, *lesson.former), column)
    else:
        numbers = {learner: sender.number for learner, sender in senders.items() if _is_moodles(sender)}
        if not numbers:
            raise CannotMark(trainer_words("marks-back.no-numbers"), trainer_words("marks-back.no-numbers-hint"))
        wanted = moodle_sheet(numbers)
    if not wanted.decimal_sign and coursework.cohort.decimal_comma:
        wanted = dataclasses.replace(wanted, decimal_sign=",")
    marked = [_learner_marks(learner, marks) for learner, marks in graded.items()]
    filled = fill(wanted, marked, roster.people.values(), senders)
    path = coursework.root / FOLDER / f"for-{wanted.platform}-{lesson.key}.csv"
    summary = Summary("marks")
    summary.refused = [Refusal(learner, slug, why) for learner, why in filled.left_out.items()]
    if not filled.learners:
        forget_file(path.parent, path.name)  # or an earlier one would be taken for what was just made
    else:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        note_people(path.parent, path.name, filled.learners)
        storage.put(path, filled.data)
        summary.notes += [
            trainer_words("marks-back.made", file=f"{FOLDER}/{path.name}", n=len(filled.learners)),
            trainer_words(f"marks-back.upload-{wanted.platform}"),
        ]
        if wanted.platform == MOODLE and not wanted.comment:
            summary.notes.append(trainer_words("marks-back.no-comments"))
    return summary


def _is_marked(coursework: Coursework, learner: str, slug: str, marks: SubmissionMarks) -> bool:
    """Say whether all of it is marked, and no answer has come since that a person has yet to read."""
    is_done = bool(marks.by_cell) and not marks.is_unread
    return is_done and coursework.folder(names.AUTOGRADED, learner, slug).is_dir()


def _learner_marks(learner: str, marks: SubmissionMarks) -> LearnerMarks:
    commented = marks.by_cell.get(_COMMENTED)
    return LearnerMarks(learner, marks.score, marks.most, commented.comment if commented else "")


def _sender(coursework: Coursework, roster: Roster, learner: str, slug: str) -> Sender | None:
    """Return whom the platform named with the hand-in that is stored; None where that is somebody else."""
    platform = read_receipt(coursework.folder(names.SUBMITTED, learner, slug)).platform
    sender = read_name(platform) if platform else None
    return None if sender and roster.is_anothers(sender, learner) else sender


def _is_moodles(sender: Sender) -> bool:
    return bool(sender.number) and sender.service == MOODLE


def _read(sheet: Path) -> bytes:
    try:
        return storage.read_whole(sheet, largest=_LARGEST)
    except FileNotFoundError:
        raise no_such_file(sheet) from None
    except (OSError, storage.Unusable):
        why = trainer_words("marks-back.no-table", why=str(sheet))
        raise CannotMark(why, trainer_words("marks-back.no-table-hint")) from None
