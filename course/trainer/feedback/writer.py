"""Write feedback pages: the course's own command, only those that changed, and nbgrader's command, by preprocessors."""

from __future__ import annotations

import contextlib
import functools
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import nbformat.v4
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader.converters import GenerateFeedback
from nbgrader.preprocessors import GetGrades
from traitlets import Bool

from course import content
from course.core import __version__, moments, names, storage
from course.core.design_tokens import stylesheet
from course.core.errors import CannotMark
from course.trainer.course_directory import Coursework
from course.trainer.feedback.marks import CellMarks, SubmissionMarks
from course.trainer.feedback.page import FOLDER, FeedbackOptions, feedback_html, make_page
from course.trainer.pages.exercise_page import OwnCells, own_cells, read_exercise

COPIED: Final = (names.TIMESTAMP, names.SECRET)
"""What `nbgrader release_feedback` looks for beside a page. No other file goes from a submission into feedback."""
RECORD: Final = "made-of.txt"
"""Beside a page: what it was made of, and its own digest. It is never given out: it could reveal a mark."""
_LARGEST: Final = 20_000_000
_LARGEST_COPIED: Final = 1_000
_TEXTS: Final = (".toml", ".css", ".j2")


class FeedbackWriter:
    """Writes the feedback pages of a course, one at a time, with the marks that it gets."""

    def __init__(self, coursework: Coursework, *, code: bool = False) -> None:
        self._coursework = coursework
        self._options = FeedbackOptions(marks=coursework.cohort.marks, code=code)
        nbgraders = GenerateFeedback(coursedir=coursework.coursedir, config=coursework.config)
        self._permissions = int(str(nbgraders.permissions), 8)
        self._own_cells: dict[str, OwnCells] = {}

    def write(self, learner: str, slug: str, marks: SubmissionMarks) -> bool:
        """Write one page, whole or not at all, and return True; False where it is up to date.

        Raises CourseError where there is nothing to write it from.
        """
        source, target = (self._coursework.folder(step, learner, slug) for step in (names.AUTOGRADED, names.FEEDBACK))
        notebook = _read(source / names.notebook_name(slug))
        stamp, copied = submission_stamp(source), _read_copied(source)
        path, record = target / names.feedback_page_name(slug), self._record(slug, notebook, marks, stamp, copied)
        if _is_current(path, record):
            return False
        page = self._page(slug, notebook, marks, stamp).encode()
        for left_over in target.glob("*.tmp"):  # of a run that was killed; no other is at work here
            left_over.unlink(missing_ok=True)
        for name, data in {**copied, path.name: page, RECORD: record.encode() + _digest(page)}.items():
            storage.put(target / name, data, self._permissions)
        return True

    def _page(self, slug: str, data: bytes, marks: SubmissionMarks, stamp: str) -> str:
        try:
            notebook = nbformat.v4.reads(data.decode())
            exercise = read_exercise(notebook.cells, self._own(slug), marks=self._options.marks)
        except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
            raise CannotMark("The marked notebook cannot be read.", f"Mark it again: course grade {slug}") from None
        return feedback_html(make_page(slug, exercise, notebook.cells, marks, self._options, stamp))

    def _record(self, slug: str, data: bytes, marks: SubmissionMarks, stamp: str, copied: Mapping[str, bytes]) -> str:
        """Return a digest of all that the page is made of: what was marked, marks, comments, words and settings."""
        parts = [self._setting, repr(self._own(slug)), repr(marks), stamp, repr(copied)]
        return hashlib.sha256("\n".join(parts).encode() + data).hexdigest()

    def _own(self, slug: str) -> OwnCells:
        """Return an exercise's own cells, read once."""
        if slug not in self._own_cells:
            self._own_cells[slug] = own_cells(self._coursework.root, slug)
        return self._own_cells[slug]

    @functools.cached_property
    def _setting(self) -> str:
        """What every page is made of."""
        folders = (content.edition(), FOLDER)
        texts = [path.read_bytes() for folder in folders for path in sorted(folder.iterdir()) if path.suffix in _TEXTS]
        texts.append(stylesheet().encode())
        return f"{__version__} {self._options} {hashlib.sha256(b''.join(texts)).hexdigest()}"


def _read(path: Path) -> bytes:
    try:
        return storage.read_whole(path, largest=_LARGEST)
    except FileNotFoundError:
        raise CannotMark("It is not marked.", "Mark it first: course grade") from None
    except (storage.Unusable, OSError):
        raise CannotMark("The marked notebook is a link, too large, or cannot be read.", "Mark it again.") from None


def _read_copied(folder: Path) -> dict[str, bytes]:
    """Return the small files that go beside a page; whatever is no plain small file stays where it is."""
    copied = {}
    for name in COPIED:
        with contextlib.suppress(storage.Unusable, OSError):
            copied[name] = storage.read_whole(folder / name, largest=_LARGEST_COPIED)
    return copied


def _is_current(path: Path, record: str) -> bool:
    """Say whether a page is there as it was written, and was made of the same."""
    try:
        return path.with_name(RECORD).read_bytes() == record.encode() + _digest(path.read_bytes())
    except OSError:
        return False


def _digest(page: bytes) -> bytes:
    return b" " + hashlib.sha256(page).hexdigest().encode() + b"\n"


class GradesPreprocessor(GetGrades):
    """Puts marks and comments into the cells as nbgrader does, and says which of them a person has yet to give."""

    def _get_score(self, cell: NotebookNode, resources: Any) -> None:
        super()._get_score(cell, resources)
        name = cell.metadata.nbgrader["grade_id"]
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        cell.metadata.nbgrader["waiting"] = bool(grade.needs_manual_grade and grade.manual_score is None)


class FeedbackPreprocessor(Preprocessor):
    """Makes the page that the template `feedback` writes, from the same reading as the formgrader's."""

    enabled = Bool(True, help="Whether there is such a page.").tag(config=True)
    code = Bool(False, help="Whether the code of each question is shown.").tag(config=True)

    def preprocess(self, notebook: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook as it is, and the page as HTML in `resources`."""
        exercise, about = resources["course"], resources["nbgrader"]
        stamp = submission_stamp(Path(resources.get("metadata", {}).get("path") or "."))
        options = FeedbackOptions(marks=exercise.marks, code=self.code)
        marks = _marks_in(notebook.cells, about)
        page = make_page(about["assignment"], exercise.page, notebook.cells, marks, options, stamp)
        resources["feedback"] = feedback_html(page)
        return notebook, resources


def submission_stamp(folder: Path) -> str:
    """Return when the exercise in a folder was handed in, as nbgrader wrote it, or an empty text."""
    try:
        return storage.read_whole(folder / names.TIMESTAMP, largest=moments.LARGEST_STAMP).decode().strip()
    except (OSError, ValueError):
        return ""


def _marks_in(cells: Sequence[NotebookNode], about: Mapping[str, Any]) -> SubmissionMarks:
    """Return the marks and comments that `GradesPreprocessor` put into the cells."""
    marked = [grade for cell in cells if "score" in (grade := cell.metadata.get("nbgrader", {}))]
    by_cell = {
        grade["grade_id"]: CellMarks(grade["score"], grade["points"], grade["waiting"], grade.get("comment") or "")
        for grade in marked
    }
    return SubmissionMarks(by_cell, about["score"], about["max_score"], about["late_penalty"])
