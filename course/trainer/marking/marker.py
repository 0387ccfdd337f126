"""Mark submissions of one exercise, one after the other, with nbgrader's own preprocessors and one open gradebook."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import nbformat
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    Execute,
    SaveAutoGrades,
)
from nbgrader.utils import is_grade, is_solution, is_task, setenv

from course.content import lessons, row_of, trainer_words, words
from course.core import moments, names, storage
from course.core.errors import AnswersNotKept, CannotMark
from course.core.settings import COURSE_ID
from course.records.answers.page import read_page
from course.records.answers.text import question_name
from course.trainer.counting_hand_in import counting_folder
from course.trainer.course_directory import Coursework, submission_time
from course.trainer.due_moments import due_in_file
from course.trainer.exercise_version import why_set_aside
from course.trainer.gradebook_errors import explained_gradebook
from course.trainer.marking.batch_saving import is_usable, save_batch
from course.trainer.marking.exercise import (
    ReleasedExercise,
    nbgraders_resources,
    read_exercise,
    steps_of,
    version_of_keys,
)
from course.trainer.marking.in_process_runner import RunHere
from course.trainer.marking.rebuild import rebuild, write_files
from course.trainer.marking.saving import LatePenalties, PreparedSubmission, SaveMarks, save_one
from course.trainer.marking.submission import Submission, added_cells_note, added_texts, changed_since, read_submission
from course.trainer.marking.unchanged import (
    RECORD_FILE,
    MarkingRecord,
    MarkingResult,
    is_same_submission,
    read_record,
    submission_digest,
)

if TYPE_CHECKING:
    from nbformat import NotebookNode

MOST_KEPT: Final = 300
"""How many texts of cells are kept; those that were not needed for the longest time go."""
_NO_CELLS: Final = '"cells": []'


class Marker:
    """Marks the submissions of one exercise. Raises CannotMark for an exercise that was not released."""

    def __init__(self, coursework: Coursework, slug: str, *, kernel: bool = False, again: bool = False) -> None:
        self.coursework, self.slug, self.again = coursework, slug, again
        with explained_gradebook():
            self._gradebook = Gradebook(coursework.coursedir.db_url, COURSE_ID)
        self._due = due_in_file(coursework)
        self._converter = Autograde(coursedir=coursework.coursedir, config=coursework.config)
        self._keys_version = version_of_keys(coursework, slug, self._gradebook)
        steps = [Execute if step is RunHere and kernel else step for step in steps_of(self._converter, "autograde")]
        replaced = {*dict(_GRADEBOOK_STEPS), CheckCellMetadata}
        self._run_steps = [step(parent=self._converter) for step in steps if step not in replaced]
        self._save_steps = [own(parent=self._converter) for step, own in _GRADEBOOK_STEPS if step in steps]

    @functools.cached_property
    def _exercise(self) -> ReleasedExercise:
        """What submissions are made ready with; a process that only saves what others made ready does without."""
        with explained_gradebook():
            return read_exercise(self.coursework, self.slug, self._gradebook, self._converter, self._keys_version)

    def close(self) -> None:
        """Close the gradebook."""
        self._gradebook.close()

    def prepare(self, learner: str) -> PreparedSubmission | MarkingResult:
        """Rebuild and run one submission as a draft, unless it is marked already; any process can do this.

        Raises CannotMark where its answers cannot be read, or where the released exercise is damaged.
        """
        submission = read_submission(self.coursework.folder(names.SUBMITTED, learner, self.slug), self.slug)
        place = self.coursework.folder(names.AUTOGRADED, learner, self.slug)
        record, added = read_record(place), added_texts(self._exercise.released, submission)
        left_out = [*submission.left_out, *added_cells_note(len(added))]
        is_same = is_same_submission(place, record, submission)
        is_current = record is None or record.exercise in ("", self._exercise.version)
        is_other_version = bool(why_set_aside(self.slug, submission.version, learner))
        if is_same and (is_current or is_other_version) and not self.again:
            return MarkingResult(learner, self.slug, left_out=tuple(left_out))
        self._check_version(submission, learner)
        changed = None if is_same else self._changed(place, submission)
        time = self._time(learner, submission, left_out)
        draft = storage.new_draft(place)
        write_files(submission, draft)
        notebook = self._run(rebuild(self._exercise.notebook, added, self._note(changed)), learner, draft)
        self._write(draft, submission, notebook)
        left_out += _failed_cells(notebook)
        cells, fields = _marked_cells(notebook), self._fields(learner, time)
        replied = not is_same and bool(submission.reply)
        is_first = not place.is_dir()
        return PreparedSubmission(learner, self.slug, cells, fields, tuple(left_out), changed, replied, is_first)

    def _time(self, learner: str, submission: Submission, left_out: list[str]) -> datetime | None:
        """Return when it was handed in, or where nothing but a reply is new in it, when its answers first were."""
        time = _time(submission, left_out)
        latest = self.coursework.folder(names.SUBMITTED, learner, self.slug)
        counting = counting_folder(self.coursework, learner, self.slug)
        first = submission_time(counting) if counting != latest else None
        return first.replace(tzinfo=None) if first else time

    def _fields(self, learner: str, time: datetime | None) -> dict[str, datetime | timedelta | None]:
        """Return what the gradebook is to say of a submission; without `cohort.toml`, it says who has more time."""
        fields: dict[str, datetime | timedelta | None] = {"timestamp": time} if time else {}
        if self._due:
            fields["extension"] = self._due.extension(learner, self.slug)
        return fields

    def _check_version(self, submission: Submission, learner: str) -> None:
        """Raise CannotMark where these answers, or the keys in the gradebook, are of another version."""
        if why := why_set_aside(self.slug, submission.version, learner):
            raise CannotMark(why)
        keys, today = self._keys_version, lessons.exercise_version(self.slug)
        if keys != today:
            why = trainer_words("version.earlier-keys", exercise=self.slug, released=keys, today=today)
            raise CannotMark(why, f"course release {self.slug}")

    def save_together(self, batch: Sequence[PreparedSubmission]) -> bool:
        """Write the marks of several prepared submissions into the gradebook, or none of them; one process alone may.

        Return whether they are there; with an nbgrader whose rows are not known, they are not, and `save` does it.
        Raises whatever is wrong with any of them, which `save` will say of that one alone.
        """
        if not is_usable():
            return False
        with explained_gradebook():
            save_batch(self._gradebook, batch, self._save_steps)
        return True

    def save(self, prepared: PreparedSubmission) -> None:
        """Write the marks of one prepared submission into the gradebook: all of them, or none."""
        with explained_gradebook():
            save_one(self._gradebook, prepared, self._save_steps)

    def put_in_place(self, prepared: PreparedSubmission) -> MarkingResult:
        """Put the draft of a submission whose marks are saved in its place.

        Stopped at any moment before, it is all done again from the start the next time.
        """
        storage.put_draft(self.coursework.folder(names.AUTOGRADED, prepared.learner, self.slug))
        left_out, changed, replied = prepared.left_out, prepared.changed, prepared.replied
        return MarkingResult(prepared.learner, self.slug, left_out=left_out, changed=changed, replied=replied)

    def _run(self, notebook: NotebookNode, learner: str, folder: Path) -> NotebookNode:
        """Return the notebook with the outputs of its cells."""
        resources = nbgraders_resources(self.coursework, self.slug, learner, folder)
        with setenv(NBGRADER_EXECUTION="autograde"):
            for step in self._run_steps:
                notebook, resources = step(notebook, resources)
        return notebook

    def _write(self, draft: Path, submission: Submission, notebook: NotebookNode) -> None:
        """Write the marked notebook and its record, with the permissions that nbgrader has for them, such as 444."""
        record = MarkingRecord(submission_digest(submission), self._exercise.version)
        (draft / RECORD_FILE).write_bytes(record.as_bytes())
        text = notebook_text(notebook) + "\n"
        (draft / names.notebook_name(self.slug)).write_text(text, encoding="utf-8")
        for path in draft.iterdir():
            os.chmod(path, int(str(self._converter.permissions), 8))

    def _changed(self, place: Path, submission: Submission) -> tuple[str, ...] | None:
        """Return the questions whose answers changed since the last marking, None where there was none."""
        if not place.is_dir():
            return None
        try:
            marked = read_page(place / names.ANSWERS, "exercise", self.slug).values()
        except AnswersNotKept:
            marked = {}
        return tuple(changed_since(marked, submission.answers, self._exercise.keys))

    def _note(self, changed: Sequence[str] | None) -> str:
        """Return the sentence at the top of a notebook that was handed in again."""
        if changed is None:
            return ""
        questions = row_of(question_name(key) for key in changed)
        return words("rebuild.changed", questions=questions) if questions else words("rebuild.unchanged")


_GRADEBOOK_STEPS: Final = ((SaveAutoGrades, SaveMarks), (AssignLatePenalties, LatePenalties))
"""nbgrader's steps that open a gradebook of their own, and the course's in their place.

Its CheckCellMetadata is left to the released notebook: the cells of each submission are the same.
"""


def _time(submission: Submission, left_out: list[str]) -> datetime | None:
    """Return when it was handed in, or None, with a sentence in `left_out`, where that cannot be read."""
    text = submission.files.get(names.TIMESTAMP, b"").decode("utf-8", "replace").strip()
    time = moments.read_nbgrader_stamp(text)
    if text and time is None:
        left_out.append(trainer_words("marking.no-time", name=names.TIMESTAMP))
    return time.replace(tzinfo=None) if time else None


def _marked_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if is_grade(cell) or is_solution(cell) or is_task(cell)]


def _failed_cells(notebook: NotebookNode) -> Iterable[str]:
    """Yield a sentence for each of the course's own cells that could not be run."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                yield trainer_words("marking.failed-cell", cell=cell.get("id", ""), kind=output.ename)


def notebook_text(notebook: NotebookNode) -> str:
    """Return exactly what `nbformat.writes` would.

    The cells of an exercise are the same for everyone, and so is most of what they show. Writing the text of one and
    looking whether it keeps to the format takes longer than running it, so this is done once for cells that are equal.
    """
    frame = {name: value for name, value in notebook.items() if name != "cells"}
    around = _written(json.dumps({**frame, "cells": []}))
    if not notebook.cells:
        return around
    version = {name: value for name, value in frame.items() if name.startswith("nbformat")}
    pieces = [_cell_text(json.dumps({**version, "metadata": {}, "cells": [cell]})) for cell in notebook.cells]
    return around.replace(_NO_CELLS, '"cells": [\n' + ",\n".join(pieces) + "\n ]", 1)


@functools.lru_cache(maxsize=MOST_KEPT)
def _cell_text(notebook: str) -> str:
    """Return the text of the one cell of a notebook, given as JSON."""
    text = _written(notebook)
    return text[text.index("[\n") + 2 : text.rindex('\n ],\n "metadata"')]


@functools.lru_cache(maxsize=8)
def _written(notebook: str) -> str:
    return str(nbformat.writes(nbformat.from_dict(json.loads(notebook))))
