"""How hard a lesson is to read, how long lessons and exercises take, and the hardest sentences: a report for authors.

The figure is the Automated Readability Index (Senter and Smith, 1967), which counts the letters in
words and the words in sentences. It needs no list of words, and it knows nothing of sense: a hard
sentence may be the right one. Five years are added to its school grade to say a reading age.
"""

from __future__ import annotations

import ast
import heapq
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from course.authoring.notebook_page import NotebookPage, calls, graded
from course.authoring.sentences import sentences
from course.content import words as say
from course.core.notebooks import Cell, literal

WORDS_A_MINUTE = 150
"""Our own teaching assumption, and no finding: slower than plain reading, because people stop to think."""
WRITTEN_A_MINUTE = 12
"""Words of one's own that a learner thinks of and types: our own assumption as well."""
MINUTES_A_QUESTION = 1
"""The time to weigh the options of a marked question once they have been read: our own assumption as well."""
_OTHERS = "go-further"
"""The cell that lists what others wrote, in their words."""
_SHAPE = re.compile(r"^\s*(?:#{1,6} +|> ?|[-*] +|\d+[.)] +|[A-Z]\. +|-> *|~> *|![^>]*-> *|---$)+")
_MARKS = re.compile(r"!?\[([^]]*)\]\([^)]*\)|[*`]+|_{3}(?:\{[^}]*\})?|\s\{[a-z0-9-]+\}(?= \[|$)|\s\[[^]]+\]$")
_SCHEME = re.compile(r"<!--[^>]*BEGIN MARK SCHEME.*?END MARK SCHEME[^>]*-->", re.DOTALL)
_TABLE = re.compile(r"^\s*\|")
_WORD = re.compile(r"[^\W_]+(?:['’\-.,/][^\W_]+)*")
_SHORTEST = 8
"""Sentences with fewer words are never named as hard: one long word would do it."""


@dataclass(frozen=True)
class Sentence:
    """One sentence of a lesson and the cell it is in."""

    text: str
    cell: str


def read_sentences(page: NotebookPage) -> list[Sentence]:
    """Return the sentences of a lesson and its exercises, without headings, tables and lists of what others wrote."""
    return [
        Sentence(text, str(cell["id"]))
        for cell in page.cells
        if cell["id"] != _OTHERS
        for line in _lines(cell)
        if not line.lstrip().startswith("#") and not _TABLE.match(line)
        for text in sentences(_bare(line))
        if text
    ]


def count_words(page: NotebookPage) -> int:
    """Return how many words there are to read between the exercises, which have minutes of their own."""
    texts = [
        _bare(line) for cell in page.prose() if cell["id"] != _OTHERS and not _minutes(cell) for line in _lines(cell)
    ]
    return sum(len(text.split()) for text in texts)


def count_exercise_words(page: NotebookPage) -> int:
    """Return how many words of an exercise a learner reads: no keys, and no marking guide."""
    texts = (_SCHEME.sub("", "\n".join(_lines(cell))) for cell in page.cells)
    return sum(len(_bare(line).split()) for text in texts for line in text.split("\n"))


def count_minutes(page: NotebookPage) -> int:
    """Return the minutes that the exercises of a lesson ask for, each as its heading says."""
    return sum(_minutes(cell) for cell in page.prose())


def _minutes(cell: Cell) -> int:
    """Return the minutes in an exercise's heading: 1 where it names none, and 0 for any other cell."""
    if "try-it" not in cell["metadata"].get("tags", []):
        return 0
    match = _minutes_in(cell["source"])
    return int(match[1]) if match else 1


def _minutes_in(text: str) -> re.Match[str] | None:
    """Find the first minutes that a text names; group 1 is how many."""
    for sample in (99, 1):  # the words for many and for one
        pattern = re.escape(say("start.minutes", minutes=sample)).replace(str(sample), r"(\d+)")
        if match := re.search(pattern, text):
            return match
    return None


def _lines(cell: Cell) -> Iterator[str]:
    if cell["cell_type"] == "markdown":
        yield from cell["source"].split("\n")
    for call in calls(cell, "ask") if cell["cell_type"] == "code" else ():
        for argument in call.args[1:]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and "\n" in argument.value:
                yield from argument.value.split("\n")


def _bare(line: str) -> str:
    """Return a line as it is read: without what gives it its shape.

    >>> _bare("> **Pause** here, or go to [lesson 1](01.ipynb)."), _bare("! always -> What did you see?")
    ('Pause here, or go to lesson 1.', 'What did you see?')
    """
    return " ".join(_MARKS.sub(lambda mark: mark[1] or "", _SHAPE.sub("", line)).split())


@dataclass(frozen=True)
class Figures:
    """What the report says of one lesson."""

    name: str
    age: float
    words: int
    exercises: int
    """The minutes that the exercises ask for."""
    planned: int
    """The minutes that the lesson promises."""

    @property
    def reading(self) -> float:
        """The minutes for what is read between the exercises."""
        return self.words / WORDS_A_MINUTE

    @property
    def minutes(self) -> float:
        """The minutes for all of it."""
        return self.reading + self.exercises


@dataclass(frozen=True)
class ExerciseFigures:
    """What the report says of the time that one exercise takes."""

    name: str
    words: int
    questions: int
    to_write: float
    """How many words the reflection asks for: the middle of its fewest and most."""
    planned: int
    """The minutes that the exercise promises."""

    @property
    def minutes(self) -> float:
        """The minutes to read it, answer its questions and write the reflection."""
        reading, writing = self.words / WORDS_A_MINUTE, self.to_write / WRITTEN_A_MINUTE
        return reading + MINUTES_A_QUESTION * self.questions + writing


def reading_age(texts: Sequence[str]) -> float:
    """Return the age at which people can read these sentences with ease, by the formula.

    >>> round(reading_age(["Say it soon.", "Ask what it cost them."]), 1) < 6 < round(reading_age(["Organisational \
accountability necessitates comprehensive documentation."]))
    True
    """
    words = [word for text in texts for word in _WORD.findall(text)]
    if not words:
        return 5.0
    letters = sum(len(re.sub(r"[\W_]", "", word)) for word in words)
    grade = 4.71 * letters / len(words) + 0.5 * len(words) / len(texts) - 21.43
    return max(5.0, grade + 5)


def figures(page: NotebookPage) -> Figures | None:
    """Return the figures of a lesson, or None for a page that is none."""
    if page.lesson is None:
        return None
    texts = [sentence.text for sentence in read_sentences(page)]
    return Figures(page.name, reading_age(texts), count_words(page), count_minutes(page), page.lesson.minutes)


def exercise_figures(page: NotebookPage) -> ExerciseFigures | None:
    """Return the figures of an exercise, or None for a page that is none."""
    if not page.is_exercise:
        return None
    questions = sum(1 for cell in page.code() if graded(cell).get("grade") and graded(cell).get("points"))
    to_write = sum(_words_to_write(call) for cell in page.code() for call in calls(cell, "ask"))
    return ExerciseFigures(page.name, count_exercise_words(page), questions, to_write, _promised(page))


def _words_to_write(call: ast.Call) -> float:
    """Return how many words a card asks for, the middle of its fewest and most; 0 where it does not say."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "write":
        return 0
    third = call.args[2] if len(call.args) > 2 else None
    match literal(next((word.value for word in call.keywords if word.arg == "count"), third)):
        case (int(fewest), int(most)):
            return (fewest + most) / 2
    return 0


def _promised(page: NotebookPage) -> int:
    """Return the minutes that a page promises in its first cells, or 0 where it names none."""
    return next((int(minutes[1]) for cell in page.prose() if (minutes := _minutes_in(cell["source"]))), 0)


def hardest(pages: Iterable[NotebookPage], most: int = 10) -> list[tuple[float, str, Sentence]]:
    """Return the hardest sentences of several lessons: the figure, the file and the sentence, the hardest first."""
    rated = (
        (reading_age([sentence.text]), page.name, sentence)
        for page in pages
        if page.lesson
        for sentence in read_sentences(page)
        if len(_WORD.findall(sentence.text)) >= _SHORTEST
    )
    return heapq.nlargest(most, rated, key=lambda entry: entry[0])


def report(pages: Sequence[NotebookPage]) -> Iterator[str]:
    """Yield the lines of the whole report."""
    lessons = [lesson for page in pages if (lesson := figures(page))]
    width = max((len(lesson.name) for lesson in lessons), default=0)
    yield f"{'Lesson':{width}}  reading age  words  reading  exercises  together  planned"
    for lesson in lessons:
        yield (
            f"{lesson.name:{width}}  {lesson.age:11.1f}  {lesson.words:5}  {lesson.reading:5.0f} min"
            f"  {lesson.exercises:5} min  {lesson.minutes:4.0f} min  {lesson.planned:3} min"
        )
    yield f"Reading is counted at {WORDS_A_MINUTE} words a minute, our own assumption; exercises as their headings say."
    exercises = [exercise for page in pages if (exercise := exercise_figures(page))]
    width = max((len(exercise.name) for exercise in exercises), default=0)
    if exercises:
        yield f"{'Exercise':{width}}  words  questions  to write  together  planned"
    for exercise in exercises:
        yield (
            f"{exercise.name:{width}}  {exercise.words:5}  {exercise.questions:9}  {exercise.to_write:8.0f}"
            f"  {exercise.minutes:4.0f} min  {exercise.planned:3} min"
        )
    if exercises:
        yield (
            f"A marked question counts {MINUTES_A_QUESTION} minute more than its words, and a reflection"
            f" {WRITTEN_A_MINUTE} words a minute: our own assumptions, too."
        )
    yield "The hardest sentences, by a formula that counts letters and words, not meaning:"
    for age, name, sentence in hardest(pages):
        yield f"{age:5.1f}  {name}, cell {sentence.cell}: {sentence.text}"


def summary(pages: Sequence[NotebookPage]) -> Iterator[str]:
    """Yield one line for those who only wanted the rules looked at, or none where there is no lesson."""
    ages = [lesson.age for page in pages if (lesson := figures(page))]
    if ages:
        yield f"Reading age of the lessons: {min(ages):.1f} to {max(ages):.1f}; course review --words says more."
