"""A feedback page as data and as HTML: each question with its answer, its marks and its feedback.

It is made from the same reading of a marked exercise as the formgrader's page, and from the gradebook's marks:
what the course counted is not shown where a trainer has changed it.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import html
import re
import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from course.content import edition_language, say_moment, words
from course.content.language import Language
from course.content.lessons import find_lesson
from course.content.rubric import RubricLevel
from course.core import moments
from course.core.errors import CannotMark, UnknownLesson
from course.core.pages.design_tokens import stylesheet
from course.core.pages.html import Markup, element, fragment
from course.core.pages.templates import template_environment
from course.trainer.configuration import TEMPLATES
from course.trainer.feedback.marks import CellMarks, FeedbackOptions, SubmissionMarks
from course.trainer.pages.marked_exercise import SCORE, ExerciseSection, MarkedCell, MarkedExercise
from course.trainer.pages.sanitise import markdown_to_html

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER: Final = TEMPLATES / "feedback"
_NOTHING: Final = Markup()
_HEADING: Final = re.compile(r"<(/?)h[1-6]\b[^>]*>")
_NO_PICTURE: Final = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>")
_NO_ALTERNATIVE: Final = re.compile(r"<img(?![^>]*\salt=)")
_FENCED: Final = re.compile(r"(`{3,})text\n(.*)\n\1", re.DOTALL)


@dataclass(frozen=True)
class FeedbackSection:
    """One question, or the reflection."""

    anchor: str
    title: str
    answer: Markup
    """The question and what was answered, as the course's own cards write them."""
    line: Markup = _NOTHING
    """What the course says of the answer, without the marks."""
    marks: str = ""
    """Such as “3 of 4 marks”, or that it waits for the trainer; empty where marks are not shown."""
    comment: Markup = _NOTHING
    levels: tuple[RubricLevel, ...] = ()
    level: RubricLevel | None = None
    code: tuple[str, ...] = ()


@dataclass(frozen=True)
class FeedbackPage:
    """A whole feedback page."""

    title: str
    handed_in: str
    total: str
    late: str
    sections: tuple[FeedbackSection, ...]
    added: tuple[str, ...]
    """What the learner put on the page besides answers, to be shown as plain text."""
    with_marks: bool

    def say(self, key: str, **blanks: object) -> str:
        """Return one text of the interface."""
        return words(f"feedback.{key}", **blanks)

    def say_level(self, level: RubricLevel) -> str:
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


def make_page(
    slug: str,
    exercise: MarkedExercise,
    cells: Sequence[MarkedCell],
    marks: SubmissionMarks,
    options: FeedbackOptions,
    stamp: str,
) -> FeedbackPage:
    """Return the feedback page of a marked exercise; `stamp` is when it was handed in, as nbgrader writes it.

    Raises CannotMark where its questions are not those that the gradebook has marks for.
    """
    graded = {section.grade for section in exercise.sections if section.points}
    if not graded or graded != {name for name, cell_marks in marks.by_cell.items() if cell_marks.points}:
        raise CannotMark(
            "The exercise was changed after this was marked, or marking was not finished.",
            f"Mark it again, then give feedback: course grade {slug}",
        )
    is_late = bool(marks.late_penalty and options.marks)
    return FeedbackPage(
        title=_title(slug),
        handed_in=_handed_in(stamp, options.zone),
        total=_total(marks) if options.marks else "",
        late=words("feedback.late", marks=_number(marks.late_penalty)) if is_late else "",
        sections=tuple(
            _section(section, marks.by_cell[section.grade], options) if section.points else _unmarked_section(section)
            for section in exercise.sections
            if section.points or section.answers
        ),
        added=tuple(_unfenced(cell["source"]) for cell in cells if _is_added(cell)),
        with_marks=options.marks,
    )


def feedback_html(page: FeedbackPage) -> str:
    """Return a feedback page as HTML; what is not Markup is escaped."""
    return _templates().get_template("page.html.j2").render(page=page)


@functools.cache
def _templates() -> Environment:
    return template_environment(FOLDER)


def _section(section: ExerciseSection, marks: CellMarks, options: FeedbackOptions) -> FeedbackSection:
    is_levelled = not marks.waiting
    return FeedbackSection(
        anchor=_anchor(section.grade),
        title=section.heading,
        answer=fragment(*section.answers),
        line=Markup() if section.by_hand else _line(section, options),
        marks=_marks(marks) if options.marks else "",
        comment=_comment(marks.comment.strip()) if marks.comment else Markup(),
        levels=section.rubric.levels if is_levelled else (),
        level=section.rubric.level_for(marks.score) if is_levelled else None,
        code=section.code if options.code else (),
    )


def _unmarked_section(section: ExerciseSection) -> FeedbackSection:
    """Return what was answered beside the questions, such as which ratings were shared."""
    return FeedbackSection(_anchor(section.heading), section.heading, fragment(*section.answers))


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


def _handed_in(stamp: str, zone: str) -> str:
    moment = moments.read_nbgrader_stamp(stamp)
    if moment is None:
        return words("feedback.course")
    return words("feedback.handed-in", moment=say_moment(moment, zoneinfo.ZoneInfo(zone)), zone=zone)


def _total(marks: SubmissionMarks) -> str:
    """Return the sum; what waits for the trainer is left out of it on both sides."""
    score = marks.score - sum(cell.score for cell in marks.waiting)
    most = marks.most - sum(cell.points for cell in marks.waiting)
    key = "feedback.total-so-far" if marks.waiting else "feedback.total"
    return words(key, marks=_number(score), most=_number(most))


def _marks(marks: CellMarks) -> str:
    if marks.waiting:
        return words("feedback.waiting")
    return words("feedback.marks", marks=_number(marks.score), most=_number(marks.points))


def _number(value: float) -> str:
    """Return marks as people write them.

    >>> _number(14.0), _number(2.5)
    ('14', '2.5')
    """
    return f"{round(value, 2):g}"


def _line(section: ExerciseSection, options: FeedbackOptions) -> Markup:
    """Return the course's line without the marks in front: they stand above it, as the gradebook has them."""
    if section.trouble or not section.line:
        return element("p", words("feedback.not-marked"))
    line = SCORE.sub(r"\1", section.line)
    return Markup(line if options.marks else _without_marks(line))


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
    page = _NO_ALTERNATIVE.sub('<img alt=""', _NO_PICTURE.sub("", markdown_to_html({}, comment)))
    return Markup(_HEADING.sub(lambda tag: "</strong></p>" if tag[1] else "<p><strong>", page))


def _is_added(cell: Mapping[str, Any]) -> bool:
    """Say whether a cell has text and is neither the exercise's nor a note of the course's to the trainer."""
    about = cell["metadata"]
    return "nbgrader" not in about and not about.get("course", {}).get("note") and bool(cell["source"].strip())


def _unfenced(text: str) -> str:
    r"""Return what a learner added, out of the fence in which the rebuilt notebook has it.

    >>> _unfenced("```text\nprint(1)\n```")
    'print(1)'
    """
    fenced = _FENCED.fullmatch(text)
    return fenced[2] if fenced else text


@functools.cache
def _style() -> str:
    return stylesheet(FOLDER / "feedback.css").strip()


@functools.cache
def _policy() -> str:
    style = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{style}'; img-src data:; base-uri 'none'; form-action 'none'"
