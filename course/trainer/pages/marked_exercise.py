"""A marked exercise as people read it: questions, answers and marks, without the code behind them.

Neither trainers nor learners need the code, and the marking lines hold the keys. Here the cells become the sections of
a page. A cell counts as the course's own only where the exercise has the same one, by name, type and text.

Most cells are the same for everyone: what is worked out of one is kept for the next learner's.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from course.content.rubric import CohortLevel, Rubric, read_samples, rubric_of, text_beside_rubric
from course.core.notebooks import calls
from course.core.pages.html import Markup, fragment
from course.trainer.pages.own_cells import OwnCells, cell_digest, cell_name
from course.trainer.pages.sanitise import clean, markdown_to_html

SCORE: Final = re.compile(r"(<p class=\"course-mark\"[^>]*>)\s*<strong>.*?</strong>\s*", re.DOTALL)
"""The marks in front of the course's line of feedback."""
_QUESTION_NAME: Final = re.compile(r"\s*(.+?),\s*\d+ marks?\b")
_HEADING: Final = re.compile(r"^#+\s+(.+?)\s*$", re.MULTILINE)
_NOTHING: Final = Markup()
_NO_RUBRIC: Final = Rubric()

MarkedCell: TypeAlias = Mapping[str, Any]
"""A cell of a marked notebook, as nbformat or plain JSON has it, with its source as one text."""


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
    """What changed since it was last marked, for the trainer."""
    added: tuple[Markup, ...]
    """What the learner added to the exercise, for the trainer."""
    foreign: tuple[str, ...]
    """Cells that are neither the course's nor shown by it, as text."""


def read_exercise(
    cells: Sequence[MarkedCell],
    own: OwnCells,
    *,
    marks: bool = True,
    for_trainer: bool = True,
    levels: Sequence[CohortLevel] = (),
) -> MarkedExercise:
    """Return the page of a marked exercise; without `marks`, nothing on it tells how many there are.

    Without `for_trainer`, what only a trainer is shown is left out: guides, samples, notices and additions as HTML.
    With `levels`, a reflection has these and not the guide's, whose samples are left out.
    """
    reader = _ExerciseReader(own, marks, for_trainer, levels)
    for cell in cells:
        reader.add(cell)
    return reader.exercise()


class _ExerciseReader:
    """Reads the cells of a marked exercise one by one."""

    def __init__(self, own: OwnCells, marks: bool, for_trainer: bool, levels: Sequence[CohortLevel]) -> None:
        self._own, self._marks, self._for_trainer, self._levels = own, marks, for_trainer, levels
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

    def add(self, cell: MarkedCell) -> None:
        """Put one cell where it belongs."""
        name, about = cell_name(cell), cell["metadata"].get("course", {})
        if name not in self._seen and cell_digest(cell["cell_type"], cell["source"]) in self._own.get(name, ()):
            self._seen.add(name)
            self._add_own(cell)
        elif cell["cell_type"] == "markdown" and isinstance(about, dict) and (about.get("added") or about.get("note")):
            if self._for_trainer:
                self._add_shown(cell, is_note=bool(about.get("note")))
        elif str(cell["source"]).strip():
            self._foreign.append(str(cell["source"]))

    def _add_own(self, cell: MarkedCell) -> None:
        about = cell["metadata"]["nbgrader"]
        if about.get("task"):
            self._add_task(cell)
        elif cell["cell_type"] == "markdown":
            self._add_text(cell)
        elif about.get("grade"):
            self._add_mark(cell)
        else:
            self._add_card(cell)

    def _add_shown(self, cell: MarkedCell, *, is_note: bool) -> None:
        is_notice = is_note and not str(cell.get("id", "")).startswith("course-added")
        (self._notices if is_notice else self._added).append(markdown_to_html({}, cell["source"]))

    def _add_text(self, cell: MarkedCell) -> None:
        """Keep the heading of the course's own words: what they say to learners, trainers know."""
        if heading := _HEADING.search(cell["source"]):
            self._heading = heading[1]
            if heading[0].startswith("# ") and not self._title:
                self._title = heading[1]

    def _add_card(self, cell: MarkedCell) -> None:
        if cell_name(cell).startswith("hand-in"):
            return
        name = _question_name(cell["source"]) or self._heading
        if not self._sections or self._sections[-1].heading != name or self._sections[-1].grade:
            self._sections.append(ExerciseSection(name))
        section = self._sections[-1]
        self._sections[-1] = replace(
            section,
            answers=(*section.answers, *_shown(cell)),
            trouble=(*section.trouble, *_trouble(cell)),
            code=(*section.code, cell["source"]),
        )

    def _add_mark(self, cell: MarkedCell) -> None:
        section = self._last()
        shown = list(_shown(cell))
        lines = shown if self._marks else [Markup(SCORE.sub(r"\1", line)) for line in shown]
        points = float(cell["metadata"]["nbgrader"].get("points") or 0)
        self._sections[-1] = replace(
            section,
            line=fragment(section.line, *lines),
            trouble=(*section.trouble, *_trouble(cell)),
            code=(*section.code, cell["source"]),
            grade=cell_name(cell) if points else section.grade,
            points=points or section.points,
        )

    def _add_task(self, cell: MarkedCell) -> None:
        points = float(cell["metadata"]["nbgrader"].get("points") or 0)
        rubric = rubric_of(cell["source"], points, self._levels)
        self._sections[-1] = replace(
            self._last(),
            grade=cell_name(cell),
            points=points,
            by_hand=True,
            rubric=rubric,
            **(_guide(cell["source"], self._marks, samples=not rubric.is_own) if self._for_trainer else {}),
        )

    def _last(self) -> ExerciseSection:
        """Return the section of the question before; a marking cell without one gets its own."""
        if not self._sections:
            self._sections.append(ExerciseSection(self._heading))
        return self._sections[-1]


@functools.lru_cache(maxsize=64)
def _guide(text: str, marks: bool, *, samples: bool) -> dict[str, Any]:
    """Return what a section shows of its marking guide; with `marks`, what it says beside its levels too."""
    shown = read_samples(text) if samples else ()
    return {
        "guide": markdown_to_html({}, text_beside_rubric(text)) if marks else Markup(),
        "samples": tuple((sample.level, markdown_to_html({}, sample.text)) for sample in shown),
    }


def _shown(cell: MarkedCell) -> Iterator[Markup]:
    """Yield what a cell shows, cleaned."""
    for output in cell.get("outputs", []):
        if output["output_type"] in ("display_data", "execute_result"):
            if html := output.get("data", {}).get("text/html"):
                yield clean("".join(html))


def _trouble(cell: MarkedCell) -> Iterator[str]:
    """Yield what went wrong in a cell, as text."""
    for output in cell.get("outputs", []):
        if output["output_type"] == "error":
            yield f"{output.get('ename', '')}: {output.get('evalue', '')}"
        elif output["output_type"] not in ("display_data", "execute_result"):
            yield "".join(output.get("text", ""))


@functools.lru_cache(maxsize=256)
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
