"""A marked exercise as people read it: questions, answers and marks, without the code behind them.

nbgrader's formgrader and feedback pages show every cell with its code. Neither trainers nor learners need it, and
the marking lines hold the keys. Here the cells become the sections of a page, and the templates show those. A cell
counts as the course's own only where the exercise has the same one, by name, type and text.

nbconvert's own extension point, a preprocessor, hands the page to the templates.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeAlias

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from traitlets import Unicode

from course.content import edition_language, read_texts, trainer_words
from course.content.language import Language
from course.content.lessons import lesson_key, with_lesson_keys
from course.content.rubric import Rubric, read_rubric, read_samples, text_beside_rubric
from course.core import names
from course.core.design_tokens import stylesheet
from course.core.errors import BadContent
from course.core.html import Markup, fragment
from course.core.notebooks import calls, read_notebook, source
from course.records.cohort_file import CohortFile, read_cohort_file
from course.trainer.pages.comments import CommentBank, comments
from course.trainer.pages.sanitise import clean, markdown_to_html

SCORE: Final = re.compile(r"(<p class=\"course-mark\"[^>]*>)\s*<strong>.*?</strong>\s*", re.DOTALL)
"""The marks in front of the course's line of feedback."""
_QUESTION_NAME: Final = re.compile(r"\s*(.+?),\s*\d+ marks?\b")
_HEADING: Final = re.compile(r"^#+\s+(.+?)\s*$", re.MULTILINE)
_NOTHING: Final = Markup()
_NO_RUBRIC: Final = Rubric()
_STYLE: Final = Path(__file__).parent.parent / "templates" / "formgrade" / "marking.css"

_EARLIER_CELLS: Final = Path(__file__).with_name("earlier_cells.json")
"""By exercise, the digests of the cells that earlier versions of it had."""

OwnCells: TypeAlias = Mapping[str, tuple[str, ...]]
"""Digests of the exercise's own cells, today's and those of earlier versions, by nbgrader's names for them."""


@dataclass(frozen=True)
class ExerciseSection:
    """One section of the page: a question with its answer, and what marks it."""

    heading: str
    answers: tuple[Markup, ...] = ()
    """What was asked and what was answered."""
    line: Markup = _NOTHING
    """The course's line of feedback."""
    grade: str = ""
    """The name of its cell in the gradebook, where it is marked."""
    points: float = 0
    rubric: Rubric = _NO_RUBRIC
    guide: Markup = _NOTHING
    """What the marking guide says beside its levels."""
    samples: tuple[tuple[int, Markup], ...] = ()
    """Sample answers, each behind the number of its level."""
    by_hand: bool = False
    """Whether a person marks it, and may write a comment."""
    trouble: tuple[str, ...] = ()
    """What a cell of the course said that went wrong, as text."""
    code: tuple[str, ...] = ()
    """Its cells, as text."""


@dataclass(frozen=True)
class MarkedExercise:
    """A marked exercise."""

    title: str
    sections: tuple[ExerciseSection, ...]
    notices: tuple[Markup, ...]
    """What changed since it was last marked."""
    added: tuple[Markup, ...]
    """What the learner added to the exercise."""
    foreign: tuple[str, ...]
    """Cells that are neither the course's nor shown by it, as text."""


@dataclass(frozen=True)
class MarkingPage:
    """What the template of nbgrader's formgrader shows of one marked exercise."""

    page: MarkedExercise
    marks: bool
    """Whether the course has marks."""
    comments: CommentBank
    mistakes: Sequence[BadContent]
    """What is wrong in the trainer's own settings."""
    language: Language
    """That of the page's own words."""
    edition: Language
    """That of the exercise."""
    style: Markup
    nonce: str
    """Lets this page's own scripts and styles run, and no other."""
    say: Callable[..., str]
    """Returns one of the page's own texts by its key in `trainer.toml`."""


class ExercisePage(Preprocessor):
    """Gives a page's template `resources["course"]`. The trainer's settings are read again for each page."""

    root = Unicode(".", help="The course directory.").tag(config=True)

    def preprocess(self, notebook: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook as it is, and what its page shows."""
        about = resources.get("nbgrader", resources)
        slug = about.get("assignment") or about.get("assignment_id") or ""
        cohort, mistakes = self._cohort(is_for_trainer="submission_id" in resources)
        resources["course"] = MarkingPage(
            page=read_exercise(notebook.cells, own_cells(Path(self.root), slug), marks=cohort.marks),
            marks=cohort.marks,
            comments=self._comments(slug, mistakes),
            mistakes=mistakes,
            language=read_texts("trainer.toml").language,
            edition=edition_language(),
            style=Markup(stylesheet(_STYLE)),
            nonce=secrets.token_urlsafe(16),
            say=trainer_words,
        )
        return notebook, resources

    def _cohort(self, *, is_for_trainer: bool) -> tuple[CohortFile, list[BadContent]]:
        """Return the trainer's settings; with a mistake in them, a trainer sees the mistake and a learner no page."""
        try:
            return read_cohort_file(Path(self.root)), []
        except BadContent as mistake:
            if not is_for_trainer:
                raise
            return CohortFile(), [mistake]

    def _comments(self, slug: str, mistakes: list[BadContent]) -> CommentBank:
        try:
            return comments(Path(self.root), slug)
        except BadContent as mistake:
            mistakes.append(mistake)
            return {}


def own_cells(root: Path, slug: str) -> OwnCells:
    """Return the cells of an exercise as `root/source` and earlier versions have them; none for no such exercise."""
    key = lesson_key(slug)
    path = root / names.SOURCE / key / names.notebook_name(key)
    if Path(key).name != key or not path.is_file():
        return {}
    cells = read_notebook(path)["cells"]
    own = {name: set(digests) for name, digests in _earlier_cells().get(key, {}).items()}
    for cell in cells:
        if name := _name(cell):
            own.setdefault(name, set()).add(cell_digest(cell["cell_type"], source(cell)))
    return {name: tuple(sorted(digests)) for name, digests in own.items()}


@functools.cache
def _earlier_cells() -> dict[str, dict[str, list[str]]]:
    cells: dict[str, dict[str, list[str]]] = json.loads(_EARLIER_CELLS.read_text(encoding="utf-8"))
    return cells


def cell_digest(cell_type: str, text: str) -> str:
    """Return what tells a cell from one with other words: white space and former names of a lesson do not count."""
    return hashlib.sha256(f"{cell_type} {_letters(text)}".encode()).hexdigest()[:32]


def read_exercise(cells: Sequence[NotebookNode], own: OwnCells, *, marks: bool = True) -> MarkedExercise:
    """Return the page of a marked exercise; without `marks`, nothing on it tells how many there are."""
    reader = _ExerciseReader(own, marks)
    for cell in cells:
        reader.add(cell)
    return reader.exercise()


class _ExerciseReader:
    """Reads the cells of a marked exercise one by one."""

    def __init__(self, own: OwnCells, marks: bool) -> None:
        self._own, self._marks = own, marks
        self._title = self._heading = ""
        self._seen: set[str] = set()
        self._sections: list[ExerciseSection] = []
        self._notices: list[Markup] = []
        self._added: list[Markup] = []
        self._foreign: list[str] = []

    def exercise(self) -> MarkedExercise:
        """Return what was read."""
        sections = [section for section in self._sections if section.answers or section.trouble or section.grade]
        return MarkedExercise(
            self._title, tuple(sections), tuple(self._notices), tuple(self._added), tuple(self._foreign)
        )

    def add(self, cell: NotebookNode) -> None:
        """Put one cell where it belongs."""
        name, about = _name(cell), cell.metadata.get("course", {})
        if name not in self._seen and cell_digest(cell.cell_type, cell.source) in self._own.get(name, ()):
            self._seen.add(name)
            self._add_own(cell)
        elif cell.cell_type == "markdown" and isinstance(about, dict) and (about.get("added") or about.get("note")):
            self._add_shown(cell, is_note=bool(about.get("note")))
        elif str(cell.source).strip():
            self._foreign.append(str(cell.source))

    def _add_own(self, cell: NotebookNode) -> None:
        about = cell.metadata.nbgrader
        if about.get("task"):
            self._add_task(cell)
        elif cell.cell_type == "markdown":
            self._add_text(cell)
        elif about.get("grade"):
            self._add_mark(cell)
        else:
            self._add_card(cell)

    def _add_shown(self, cell: NotebookNode, *, is_note: bool) -> None:
        is_notice = is_note and not str(cell.get("id", "")).startswith("course-added")
        (self._notices if is_notice else self._added).append(markdown_to_html({}, cell.source))

    def _add_text(self, cell: NotebookNode) -> None:
        """Keep the heading of the course's own words: what they say to learners, trainers know."""
        if heading := _HEADING.search(cell.source):
            self._heading = heading[1]
            if heading[0].startswith("# ") and not self._title:
                self._title = heading[1]

    def _add_card(self, cell: NotebookNode) -> None:
        if _name(cell).startswith("hand-in"):
            return
        name = _question_name(cell.source) or self._heading
        if not self._sections or self._sections[-1].heading != name or self._sections[-1].grade:
            self._sections.append(ExerciseSection(name))
        section = self._sections[-1]
        self._sections[-1] = replace(
            section,
            answers=(*section.answers, *_shown(cell)),
            trouble=(*section.trouble, *_trouble(cell)),
            code=(*section.code, cell.source),
        )

    def _add_mark(self, cell: NotebookNode) -> None:
        section = self._last()
        shown = list(_shown(cell))
        lines = shown if self._marks else [Markup(SCORE.sub(r"\1", line)) for line in shown]
        points = float(cell.metadata.nbgrader.get("points") or 0)
        self._sections[-1] = replace(
            section,
            line=fragment(section.line, *lines),
            trouble=(*section.trouble, *_trouble(cell)),
            code=(*section.code, cell.source),
            grade=_name(cell) if points else section.grade,
            points=points or section.points,
        )

    def _add_task(self, cell: NotebookNode) -> None:
        self._sections[-1] = replace(
            self._last(),
            grade=_name(cell),
            points=float(cell.metadata.nbgrader.get("points") or 0),
            by_hand=True,
            rubric=read_rubric(cell.source),
            guide=markdown_to_html({}, text_beside_rubric(cell.source)) if self._marks else Markup(),
            samples=tuple((sample.level, markdown_to_html({}, sample.text)) for sample in read_samples(cell.source)),
        )

    def _last(self) -> ExerciseSection:
        """Return the section of the question before; a marking cell without one gets its own."""
        if not self._sections:
            self._sections.append(ExerciseSection(self._heading))
        return self._sections[-1]


def _shown(cell: NotebookNode) -> Iterator[Markup]:
    """Yield what a cell shows, cleaned."""
    for output in cell.get("outputs", []):
        if output.output_type in ("display_data", "execute_result"):
            if html := output.get("data", {}).get("text/html"):
                yield clean("".join(html))


def _trouble(cell: NotebookNode) -> Iterator[str]:
    """Yield what went wrong in a cell, as text."""
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            yield f"{output.get('ename', '')}: {output.get('evalue', '')}"
        elif output.output_type not in ("display_data", "execute_result"):
            yield str(output.get("text", ""))


def _question_name(code: str) -> str:
    """Return how a card's own words name its question.

    >>> _question_name("ask.choose('q1b', 'Question 1b, 1 mark. Which?')")
    'Question 1b'
    """
    for call in calls(code, "ask"):
        text = getattr(call.args[1], "value", None) if len(call.args) > 1 else None
        if isinstance(text, str) and (name := _QUESTION_NAME.match(text)):
            return name[1]
    return ""


def _name(cell: Mapping[str, Any]) -> str:
    about = cell["metadata"].get("nbgrader", {})
    return str(about.get("grade_id", "")) if isinstance(about, Mapping) else ""


def _letters(text: object) -> str:
    return "".join(with_lesson_keys(str(text)).split())
