"""Write feedback pages, only those that changed. What makes a page is imported with the first that did."""

from __future__ import annotations

import contextlib
import functools
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from course import content
from course.core import __version__, moments, names, storage
from course.core.errors import CannotMark
from course.core.notebooks import parse_notebook
from course.core.pages.design_tokens import stylesheet
from course.trainer.configuration import TEMPLATES
from course.trainer.course_directory import Coursework
from course.trainer.feedback.marks import FeedbackOptions, SubmissionMarks
from course.trainer.pages.own_cells import OwnCells, own_cells

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
        self._options = FeedbackOptions(marks=coursework.cohort.marks, code=code, zone=str(coursework.cohort.zone))
        self._permissions = int(str(feedback_permissions(coursework)), 8)
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
        for name in COPIED:
            if name not in copied:  # of an earlier hand-in, which came another way
                (target / name).unlink(missing_ok=True)
        for name, data in {**copied, path.name: page, RECORD: record.encode() + _digest(page)}.items():
            storage.put(target / name, data, self._permissions)
        return True

    def _page(self, slug: str, data: bytes, marks: SubmissionMarks, stamp: str) -> str:
        from course.trainer.feedback.page import feedback_html, make_page
        from course.trainer.pages.marked_exercise import read_exercise

        try:
            cells = parse_notebook(data.decode())["cells"]
            own, levels = self._own(slug), self._coursework.cohort.reflection(slug).levels
            exercise = read_exercise(cells, own, marks=self._options.marks, for_trainer=False, levels=levels)
        except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
            raise CannotMark("The marked notebook cannot be read.", f"Mark it again: course grade {slug}") from None
        return feedback_html(make_page(slug, exercise, cells, marks, self._options, stamp))

    def _record(self, slug: str, data: bytes, marks: SubmissionMarks, stamp: str, copied: Mapping[str, bytes]) -> str:
        """Return a digest of all that the page is made of: what was marked, marks, comments, words and settings."""
        levels = self._coursework.cohort.reflection(slug).levels
        parts = [self._setting, repr(self._own(slug)), repr(marks), stamp, repr(copied), repr(levels) if levels else ""]
        return hashlib.sha256("\n".join(parts).encode() + data).hexdigest()

    def _own(self, slug: str) -> OwnCells:
        """Return an exercise's own cells, read once."""
        if slug not in self._own_cells:
            self._own_cells[slug] = own_cells(self._coursework.root, slug)
        return self._own_cells[slug]

    @functools.cached_property
    def _setting(self) -> str:
        """What every page is made of."""
        folders = (content.edition(), TEMPLATES / "feedback")
        texts = [path.read_bytes() for folder in folders for path in sorted(folder.iterdir()) if path.suffix in _TEXTS]
        texts.append(stylesheet().encode())
        return f"{__version__} {self._options} {hashlib.sha256(b''.join(texts)).hexdigest()}"


def feedback_permissions(coursework: Coursework) -> int:
    """Return the permissions of a page as nbgrader writes them, such as 644: by its settings, or its own."""
    known = [coursework.config.get(name, {}).get("permissions") for name in ("GenerateFeedback", "BaseConverter")]
    given = next((value for value in known if value is not None), None)
    shared = coursework.config.get("CourseDirectory", {}).get("groupshared")
    if given is None and shared is None:
        return 644
    from nbgrader.converters import GenerateFeedback

    return int(GenerateFeedback(coursedir=coursework.coursedir, config=coursework.config).permissions)


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


def submission_stamp(folder: Path) -> str:
    """Return when the exercise in a folder was handed in, as nbgrader wrote it, or an empty text."""
    try:
        return storage.read_whole(folder / names.TIMESTAMP, largest=moments.LARGEST_STAMP).decode().strip()
    except (OSError, ValueError):
        return ""
