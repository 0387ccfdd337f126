"""A marked exercise as people read it: questions, answers and marks, without the code behind them.

nbgrader's formgrader and feedback pages show every cell with its code. Neither trainers nor learners need it, and
the marking lines hold the keys. Here the cells become the parts of a page, and the templates show those.
Nothing is taken for the course's own but what the exercise itself says, cell by cell and letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from course.content.lessons import lesson_key, with_lesson_keys
from course.core.notebooks import calls, read_notebook, source
from course.trainer.pages.marking_guide import Level, levels, words_of_guide
from course.trainer.pages.sanitise import clean, markdown_to_html

Cell = Any

_LEAD: Final = re.compile(r"\s*(.+?),\s*\d+ marks?\b")
_HEADING: Final = re.compile(r"^#+\s+(.+?)\s*$", re.MULTILINE)
SCORE: Final = re.compile(r"(<p class=\"course-mark\"[^>]*>)\s*<strong>.*?</strong>\s*", re.DOTALL)
"""The marks in front of the course's line of feedback."""


@dataclass
class Section:
    """One part of the page: a question with its answer, and what marks it."""

    heading: str
    answers: list[str] = field(default_factory=list)
    """What was asked and what was answered, as clean HTML."""
    line: str = ""
    """The course's line of feedback, as clean HTML."""
    grade: str = ""
    """The name of its cell in the gradebook, where it is marked."""
    points: float = 0
    levels: tuple[Level, ...] = ()
    guide: str = ""
    """What the marking guide says beside its levels, as clean HTML."""
    by_hand: bool = False
    """Whether a person marks it, and may write a comment."""
    trouble: list[str] = field(default_factory=list)
    """What a cell of the course said that went wrong, as text."""
    code: list[str] = field(default_factory=list)
    """Its cells, as text."""


@dataclass
class Page:
    """A marked exercise."""

    title: str
    sections: list[Section] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    """What changed since it was last marked, as clean HTML."""
    added: list[str] = field(default_factory=list)
    """What the learner added to the exercise, as clean HTML."""
    foreign: list[str] = field(default_factory=list)
    """Cells that are neither the course's nor shown by it, as text."""


Own = Mapping[str, tuple[str, str]]
"""The exercise's own cells: type and text by the name that nbgrader has for them."""


def own_cells(root: Path, slug: str) -> Own:
    """Return the cells of an exercise as `root/source` has them; none where there is no such exercise."""
    key = lesson_key(slug)
    path = root / "source" / key / f"{key}.ipynb"
    if Path(key).name != key or not path.is_file():
        return {}
    cells = read_notebook(path)["cells"]
    return {_name(cell): (cell["cell_type"], _letters(source(cell))) for cell in cells if _name(cell)}


def arrange(cells: Sequence[Cell], own: Own, title: str = "", *, marks: bool = True) -> Page:
    """Return the page of a marked exercise; without `marks`, nothing on it tells how many there are."""
    arranging = _Arranging(Page(title), own, marks)
    for cell in cells:
        arranging.take(cell)
    arranging.page.sections = [part for part in arranging.page.sections if part.answers or part.trouble or part.grade]
    return arranging.page


class _Arranging:
    """Takes the cells of a marked exercise one by one."""

    def __init__(self, page: Page, own: Own, marks: bool) -> None:
        self.page, self.own, self.marks = page, own, marks
        self.seen: set[str] = set()
        self.heading = ""

    def take(self, cell: Cell) -> None:
        """Put one cell where it belongs."""
        name, about = _name(cell), cell.metadata.get("course", {})
        if name not in self.seen and self.own.get(name) == (cell.cell_type, _letters(cell.source)):
            self.seen.add(name)
            self._take_ours(cell)
        elif cell.cell_type == "markdown" and isinstance(about, dict) and (about.get("added") or about.get("note")):
            self._take_shown(cell, bool(about.get("note")))
        elif str(cell.source).strip():
            self.page.foreign.append(str(cell.source))

    def _take_ours(self, cell: Cell) -> None:
        about = cell.metadata.nbgrader
        if about.get("task"):
            self._take_task(cell)
        elif cell.cell_type == "markdown":
            self._take_words(cell)
        elif about.get("grade"):
            self._take_mark(cell)
        else:
            self._take_card(cell)

    def _take_shown(self, cell: Cell, note: bool) -> None:
        aside = note and not str(cell.get("id", "")).startswith("course-added")
        (self.page.notices if aside else self.page.added).append(markdown_to_html({}, cell.source))

    def _take_words(self, cell: Cell) -> None:
        """Keep the heading of the course's own words: what they say to learners, trainers know."""
        if found := _HEADING.search(cell.source):
            self.heading = found[1]
            if found[0].startswith("# ") and not self.page.title:
                self.page.title = found[1]

    def _take_card(self, cell: Cell) -> None:
        if _name(cell).startswith("hand-in"):
            return
        name = _question(cell.source) or self.heading
        shown, trouble = _outputs(cell)
        if not self.page.sections or self.page.sections[-1].heading != name or self.page.sections[-1].grade:
            self.page.sections.append(Section(name))
        part = self.page.sections[-1]
        part.answers += shown
        part.trouble += trouble
        part.code.append(cell.source)

    def _take_mark(self, cell: Cell) -> None:
        part, (shown, trouble) = self._last(), _outputs(cell)
        part.code.append(cell.source)
        part.trouble += trouble
        part.line += "".join(shown if self.marks else (SCORE.sub(r"\1", line) for line in shown))
        if points := float(cell.metadata.nbgrader.get("points") or 0):
            part.grade, part.points = _name(cell), points

    def _take_task(self, cell: Cell) -> None:
        part = self._last()
        part.grade, part.points = _name(cell), float(cell.metadata.nbgrader.get("points") or 0)
        part.by_hand, part.levels = True, levels(cell.source)
        part.guide = markdown_to_html({}, words_of_guide(cell.source)) if self.marks else ""

    def _last(self) -> Section:
        """Return the section of the question before; a marking cell without one gets its own."""
        if not self.page.sections:
            self.page.sections.append(Section(self.heading))
        return self.page.sections[-1]


def _outputs(cell: Cell) -> tuple[list[str], list[str]]:
    """Return what a cell shows as clean HTML, and what went wrong in it as text."""
    shown, trouble = [], []
    for output in cell.get("outputs", []):
        if output.output_type in ("display_data", "execute_result"):
            if page := output.get("data", {}).get("text/html"):
                shown.append(clean("".join(page)))
        elif output.output_type == "error":
            trouble.append(f"{output.get('ename', '')}: {output.get('evalue', '')}")
        else:
            trouble.append(str(output.get("text", "")))
    return shown, trouble


def _question(code: str) -> str:
    """Return how a card's own words name its question.

    >>> _question("ask.choose('q1b', 'Question 1b, 1 mark. Which?')")
    'Question 1b'
    """
    for call in calls(code, "ask"):
        words = getattr(call.args[1], "value", None) if len(call.args) > 1 else None
        if isinstance(words, str) and (found := _LEAD.match(words)):
            return found[1]
    return ""


def _name(cell: Any) -> str:
    about = cell["metadata"].get("nbgrader", {})
    return str(about.get("grade_id", "")) if isinstance(about, Mapping) else ""


def _letters(text: object) -> str:
    return "".join(with_lesson_keys(str(text)).split())
