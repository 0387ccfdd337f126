"""What stands on a feedback page: each question with its answer, its marks and what was said of it.

It is made from the same reading of a marked exercise as the formgrader's page, and from the gradebook's marks:
what the course counted is not shown where a trainer has changed it.
"""

from __future__ import annotations

import base64
import datetime
import functools
import hashlib
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from course.content import edition_language, words
from course.content.dates import say_day
from course.content.language import Language
from course.content.lessons import find_lesson
from course.core.design_tokens import stylesheet
from course.core.errors import CannotMark, UnknownLesson
from course.trainer.pages import arrange as pages
from course.trainer.pages import sanitise
from course.trainer.pages.marking_guide import Level, level_for

_STYLE: Final = Path(__file__).parent.parent / "templates" / "feedback" / "feedback.css"
_HEADING: Final = re.compile(r"<(/?)h[1-6]\b[^>]*>")
_NO_PICTURE: Final = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>")
_NO_WORDS: Final = re.compile(r"<img(?![^>]*\salt=)")
_FENCED: Final = re.compile(r"(`{3,})text\n(.*)\n\1", re.DOTALL)


@dataclass(frozen=True)
class Mark:
    """What the gradebook has for one question."""

    score: float
    points: float
    waiting: bool = False
    """Whether a person has yet to mark it. Marks that were kept when it was handed in again still count."""
    comment: str = ""


@dataclass(frozen=True)
class Marks:
    """What the gradebook has for one hand-in, by the names of its cells."""

    marks: Mapping[str, Mark]
    score: float
    most: float
    late_penalty: float = 0


@dataclass(frozen=True)
class Wanted:
    """What a trainer wants to be seen."""

    marks: bool = True
    code: bool = False


@dataclass(frozen=True)
class Section:
    """One question, or the reflection. What is Markup is clean."""

    anchor: str
    title: str
    answer: Markup
    """The question and what was answered, as the course's own cards write them."""
    line: Markup
    """What the course says of the answer, without the marks."""
    marks: str
    """Such as “3 of 4 marks”, or that it waits for the trainer; empty where marks are not shown."""
    comment: Markup
    levels: Sequence[Level] = ()
    level: Level | None = None
    code: Sequence[str] = ()


@dataclass(frozen=True)
class Page:
    """A whole feedback page."""

    title: str
    handed_in: str
    total: str
    late: str
    sections: Sequence[Section]
    added: Sequence[str]
    """What the learner put on the page besides answers, to be shown as plain text."""
    with_marks: bool

    def say(self, key: str, **parts: object) -> str:
        """Return one text of the interface."""
        return words(f"feedback.{key}", **parts)

    def say_level(self, level: Level) -> str:
        """Return the name of a level, with its marks where marks are shown."""
        return self.say("level", level=level.title, marks=_number(level.marks)) if self.with_marks else level.title

    @property
    def language(self) -> Language:
        """The language of the page."""
        return edition_language()

    @property
    def style(self) -> Markup:
        """The style sheet."""
        return Markup(_style())

    @property
    def policy(self) -> str:
        """What a browser may do with the page: show it with its own style and pictures, and nothing else."""
        return _policy()


def make_page(slug: str, exercise: pages.Page, cells: Sequence[Any], given: Marks, wanted: Wanted, time: str) -> Page:
    """Return the feedback page of a marked exercise; `time` is when it was handed in, as nbgrader writes it.

    Raises CannotMark where its questions are not those that the gradebook has marks for.
    """
    parts = [part for part in exercise.sections if part.points]
    if not parts or {part.grade for part in parts} != {name for name, mark in given.marks.items() if mark.points}:
        raise CannotMark(
            "The exercise was changed after this was marked, or marking was not finished.",
            f"Mark it again, then give feedback: course grade {slug}",
        )
    return Page(
        title=_title(slug),
        handed_in=_handed_in(time),
        total=_total(given) if wanted.marks else "",
        late=words("feedback.late", marks=_number(given.late_penalty)) if given.late_penalty and wanted.marks else "",
        sections=[
            _section(part, given.marks[part.grade], wanted) if part.points else _told(part)
            for part in exercise.sections
            if part.points or part.answers
        ],
        added=[_unfenced(cell["source"]) for cell in cells if _is_added(cell["metadata"]) and cell["source"].strip()],
        with_marks=wanted.marks,
    )


def _section(part: pages.Section, mark: Mark, wanted: Wanted) -> Section:
    levels = () if mark.waiting else part.levels
    return Section(
        anchor=_anchor(part.grade),
        title=part.heading,
        answer=Markup("".join(part.answers)),
        line=Markup() if part.by_hand else _line(part, wanted),
        marks=_marks(mark) if wanted.marks else "",
        comment=_comment(mark.comment.strip()) if mark.comment else Markup(),
        levels=levels,
        level=level_for(mark.score, levels),
        code=part.code if wanted.code else (),
    )


def _told(part: pages.Section) -> Section:
    """Return what was answered beside the questions, such as which ratings were shared."""
    return Section(_anchor(part.heading), part.heading, Markup("".join(part.answers)), Markup(), "", Markup())


def _anchor(name: str) -> str:
    """Return a name as an address within the page.

    >>> _anchor("q1-mark"), _anchor("Share my ratings")
    ('q1-mark', 'share-my-ratings')
    """
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")


def _title(slug: str) -> str:
    try:
        lesson = find_lesson(slug)
    except UnknownLesson:
        return words("feedback.title-other", exercise=slug)
    return words("feedback.title", number=lesson.number, title=lesson.title)


def _handed_in(time: str) -> str:
    try:
        day = datetime.date.fromisoformat(time[:10])
    except ValueError:
        return words("feedback.course")
    return words("feedback.handed-in", day=say_day(day))


def _total(given: Marks) -> str:
    """Return the sum; what waits for the trainer is left out of it on both sides."""
    waiting = [mark for mark in given.marks.values() if mark.waiting]
    score = given.score - sum(mark.score for mark in waiting)
    most = given.most - sum(mark.points for mark in waiting)
    return words("feedback.total-so-far" if waiting else "feedback.total", marks=_number(score), most=_number(most))


def _marks(mark: Mark) -> str:
    if mark.waiting:
        return words("feedback.waiting")
    return words("feedback.marks", marks=_number(mark.score), most=_number(mark.points))


def _number(value: float) -> str:
    """Return marks as people write them.

    >>> _number(14.0), _number(2.5)
    ('14', '2.5')
    """
    return f"{round(value, 2):g}"


def _line(part: pages.Section, wanted: Wanted) -> Markup:
    """Return the course's line without the marks in front: they stand above it, as the gradebook has them."""
    if part.trouble or not part.line:
        return Markup("<p>{}</p>").format(words("feedback.not-marked"))
    line = pages.SCORE.sub(r"\1", part.line)
    return Markup(line if wanted.marks else _without_marks(line))


def _without_marks(line: str) -> str:
    """Return a line as one that does not speak of marks.

    >>> _without_marks("<p>There was no answer, so there are no marks.</p>")
    '<p>There was no answer.</p>'
    """
    for key, blanks in (("no-answer", {}), ("not-usable", {}), ("not-read", {"reason": ""})):
        with_marks = html.escape(words(f"mark.{key}", **blanks).strip(), quote=False)
        line = line.replace(with_marks, html.escape(words(f"feedback.{key}"), quote=False))
    return line


@functools.lru_cache(maxsize=256)  # a bank of comments is used again and again
def _comment(comment: str) -> Markup:
    """Return a trainer's comment as clean HTML, with headings as bold lines: the page has its own."""
    page = _NO_WORDS.sub('<img alt=""', _NO_PICTURE.sub("", sanitise.markdown_to_html({}, comment)))
    return Markup(_HEADING.sub(lambda tag: "</strong></p>" if tag[1] else "<p><strong>", page))


def _is_added(about: Mapping[str, Any]) -> bool:
    """Say whether a cell is neither the exercise's nor a note of the course's to the trainer."""
    return "nbgrader" not in about and not about.get("course", {}).get("note")


def _unfenced(text: str) -> str:
    r"""Return what a learner added, out of the fence in which the rebuilt notebook has it.

    >>> _unfenced("```text\nprint(1)\n```")
    'print(1)'
    """
    fenced = _FENCED.fullmatch(text)
    return fenced[2] if fenced else text


@functools.cache
def _style() -> str:
    return stylesheet(_STYLE).strip()


@functools.cache
def _policy() -> str:
    style = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{style}'; img-src data:; base-uri 'none'; form-action 'none'"
