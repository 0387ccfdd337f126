"""Write feedback pages with nbgrader's own converter: made once, used for every page."""

from __future__ import annotations

import contextlib
import functools
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import nbformat.v4
from nbconvert.exporters import HTMLExporter
from nbgrader.converters import GenerateFeedback

from course import content
from course.core import storage
from course.core.design_tokens import stylesheet
from course.core.errors import CannotMark
from course.core.version import __version__
from course.trainer.configuration import TEMPLATES
from course.trainer.course_directory import Coursework
from course.trainer.feedback.for_nbgrader import read_time
from course.trainer.feedback.page import Marks, Wanted, make_page
from course.trainer.pages.arrange import Own, arrange, own_cells

CARRIED: Final = ("timestamp.txt", "submission_secret.txt")
"""What `nbgrader release_feedback` looks for beside a page. No other file goes from a hand-in into feedback."""
_LARGEST: Final = 20_000_000
_LARGEST_CARRIED: Final = 1_000
_TEXTS: Final = (".toml", ".css", ".j2")
RECORD: Final = "made-of.txt"
"""Beside a page: what it was made of, and its own digest. It goes to nobody: it could tell a mark."""


class Writer(GenerateFeedback):
    """Writes the feedback pages of a course, one at a time, with the marks that it is given."""

    def __init__(self, coursework: Coursework, *, code: bool = False) -> None:
        super().__init__(coursedir=coursework.coursedir, config=coursework.config)
        self.coursework, self.wanted = coursework, Wanted(marks=coursework.cohort.marks, code=code)
        self.exporter = HTMLExporter(parent=self, config=self.config)

    def write(self, learner: str, slug: str, marks: Marks) -> bool:
        """Write one page, whole or not at all, and return True; False where it is up to date.

        Raises CourseError where there is nothing to write it from.
        """
        source, target = (self.coursework.folder(step, learner, slug) for step in ("autograded", "feedback"))
        notebook, time, carried = _read(source / f"{slug}.ipynb"), read_time(source), _carried(source)
        path, record = target / f"{slug}.html", self._made_of(slug, notebook, marks, time, carried)
        if _is_kept(path, record):
            return False
        page = self._page(slug, notebook, marks, time).encode()
        target.mkdir(parents=True, exist_ok=True)
        for name, data in {**carried, path.name: page, RECORD: record.encode() + _sum(page)}.items():
            _put(target / name, data, self.permissions)
        return True

    def _page(self, slug: str, kept: bytes, marks: Marks, time: str) -> str:
        try:
            notebook = nbformat.v4.reads(kept.decode())
            exercise = arrange(notebook.cells, self._own[slug], marks=self.wanted.marks)
        except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
            raise CannotMark("The marked notebook cannot be read.", f"Mark it again: course grade {slug}") from None
        page = make_page(slug, exercise, notebook.cells, marks, self.wanted, time)
        return str(self.exporter.template.render(nb=notebook, resources={"feedback": page}))

    def _made_of(self, slug: str, data: bytes, marks: Marks, time: str, carried: Mapping[str, bytes]) -> str:
        """Return a digest of all that the page is made of: what was marked, marks, comments, words and settings."""
        parts = [self._setting, repr(self._own[slug]), repr(marks), time, repr(carried)]
        return hashlib.sha256("\n".join(parts).encode() + data).hexdigest()

    @functools.cached_property
    def _own(self) -> _Exercises:
        return _Exercises(self.coursework.root)

    @functools.cached_property
    def _setting(self) -> str:
        """What every page is made of."""
        folders = (content.edition(), TEMPLATES / "feedback")
        texts = [path.read_bytes() for folder in folders for path in sorted(folder.iterdir()) if path.suffix in _TEXTS]
        texts.append(stylesheet().encode())
        return f"{__version__} {self.wanted} {hashlib.sha256(b''.join(texts)).hexdigest()}"


class _Exercises(dict[str, Own]):
    """The exercises' own cells, by slug: each read once."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self.root = root

    def __missing__(self, slug: str) -> Own:
        self[slug] = own_cells(self.root, slug)
        return self[slug]


def _read(path: Path) -> bytes:
    try:
        return storage.read_whole(path, largest=_LARGEST)
    except FileNotFoundError:
        raise CannotMark("It is not marked.", "Mark it first: course grade") from None
    except (storage.Unusable, OSError):
        raise CannotMark("The marked notebook is a link, too large, or cannot be read.", "Mark it again.") from None


def _carried(folder: Path) -> dict[str, bytes]:
    """Return the small files that go beside a page; whatever is no plain small file stays where it is."""
    found = {}
    for name in CARRIED:
        with contextlib.suppress(storage.Unusable, OSError):
            found[name] = storage.read_whole(folder / name, largest=_LARGEST_CARRIED)
    return found


def _is_kept(path: Path, made_of: str) -> bool:
    """Say whether a page is there as it was written, and was made of the same."""
    try:
        return path.with_name(RECORD).read_bytes() == made_of.encode() + _sum(path.read_bytes())
    except OSError:
        return False


def _sum(page: bytes) -> bytes:
    return b" " + hashlib.sha256(page).hexdigest().encode() + b"\n"


def _put(path: Path, data: bytes, permissions: int) -> None:
    """Replace a file as a whole, with the permissions that nbgrader gives to feedback."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.write_bytes(data)
        draft.chmod(int(str(permissions), 8))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
