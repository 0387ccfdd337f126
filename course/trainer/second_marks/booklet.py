"""What a second marker gets: a page with the words and what they need to judge them, and a table to fill in.

Neither has a name, an id or a mark in it. The page needs nothing else, and whoever marks on it saves a file at its end.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from course.content import read_texts, trainer_words
from course.content.language import Language
from course.content.lessons import find_lesson
from course.content.rubric import read_rubric, read_samples
from course.core.pages.design_tokens import stylesheet
from course.core.pages.html import Markup
from course.core.pages.templates import template_environment
from course.core.tables import csv_bytes
from course.trainer.marked_questions import MarkedQuestion
from course.trainer.pages.sanitise import markdown_to_html
from course.trainer.second_marks.filled import LONGEST_COMMENT, PAGE_FORMAT
from course.trainer.second_marks.sample import WrittenReflection

if TYPE_CHECKING:
    from jinja2 import Environment

SAVED: Final = "my-second-marks.json"
"""How the file is called that the page saves."""
_FOLDER: Final = Path(__file__).parent.parent / "templates" / "second_marks"


@dataclass(frozen=True)
class BookletExercise:
    """One exercise of the page."""

    title: str
    question: MarkedQuestion
    reflections: Sequence[WrittenReflection] = field(repr=False)

    @property
    def asked(self) -> Markup:
        """What the reflection asks."""
        return markdown_to_html({}, self.question.asked)

    @property
    def samples(self) -> list[tuple[int, Markup]]:
        """The sample answers, each behind the number of its level; none where a cohort has levels of its own."""
        if self.question.rubric != read_rubric(self.question.guide):
            return []
        return [(sample.level, markdown_to_html({}, sample.text)) for sample in read_samples(self.question.guide)]


def booklet_page(sample: Sequence[WrittenReflection], questions: Mapping[str, MarkedQuestion]) -> str:
    """Return the page for these reflections; `questions` has what is asked of them, by exercise."""
    exercises = [
        BookletExercise(_title(exercise), question, [one for one in sample if one.exercise == exercise])
        for exercise, question in questions.items()
        if any(one.exercise == exercise for one in sample)
    ]
    return (
        _templates()
        .get_template("page.html.j2")
        .render(
            exercises=exercises,
            number=len(sample),
            language=_language(),
            say=lambda key, **blanks: trainer_words(f"second-marks.{key}", **blanks),
            style=Markup(_style()),
            script=Markup(_script()),
            policy=_policy(),
            saved=SAVED,
            format=PAGE_FORMAT,
            longest=LONGEST_COMMENT,
        )
    )


def booklet_sheet(sample: Sequence[WrittenReflection]) -> bytes:
    """Return the table to fill in: a line for each reflection."""
    columns = [trainer_words(f"second-marks.column-{name}") for name in ("exercise", "number", "level", "comment")]
    return csv_bytes([columns, *([one.exercise, one.number, "", ""] for one in sample)])


def _title(exercise: str) -> str:
    lesson = find_lesson(exercise)
    return f"{lesson.number}. {lesson.title}"


def _language() -> Language:
    return read_texts("trainer.toml").language


@functools.cache
def _templates() -> Environment:
    return template_environment(_FOLDER)


@functools.cache
def _style() -> str:
    return stylesheet(_FOLDER / "page.css").strip()


@functools.cache
def _script() -> str:
    return (_FOLDER / "page.js").read_text(encoding="utf-8").strip()


@functools.cache
def _policy() -> str:
    """Return what a browser may do with the page: run its own script and style, and load nothing."""
    own = f"script-src {_source(_script())}; style-src {_source(_style())}"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
