"""How hard a lesson is to read, and whether it fits its minutes: a report for authors, and no gate.

The figure is the Automated Readability Index (Senter and Smith, 1967), which counts the letters in
words and the words in sentences. It needs no list of words, and it knows nothing of sense: a hard
sentence may be the right one. Five years are added to its school grade to say a reading age.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from course.authoring.page import Page
from course.authoring.reading import WORDS_A_MINUTE, Sentence, count_minutes, count_words, read_sentences

_WORD = re.compile(r"[^\W_]+(?:['’\-.,/][^\W_]+)*")
_SHORTEST = 8
"""Sentences with fewer words are never named as hard: one long word would do it."""


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


def figures(page: Page) -> Figures | None:
    """Return the figures of a lesson, or None for a page that is none."""
    if page.lesson is None:
        return None
    texts = [sentence.text for sentence in read_sentences(page)]
    return Figures(page.name, reading_age(texts), count_words(page), count_minutes(page), page.lesson.minutes)


def hardest(pages: Iterable[Page], most: int = 10) -> list[tuple[float, str, Sentence]]:
    """Return the hardest sentences of several lessons: the figure, the file and the sentence, the hardest first."""
    found = (
        (reading_age([sentence.text]), page.name, sentence)
        for page in pages
        if page.lesson
        for sentence in read_sentences(page)
        if len(_WORD.findall(sentence.text)) >= _SHORTEST
    )
    return heapq.nlargest(most, found, key=lambda entry: entry[0])


def report(pages: Sequence[Page]) -> Iterator[str]:
    """Yield the lines of the whole report."""
    known = [found for page in pages if (found := figures(page))]
    width = max((len(found.name) for found in known), default=0)
    yield f"{'Lesson':{width}}  reading age  words  reading  exercises  together  planned"
    for found in known:
        yield (
            f"{found.name:{width}}  {found.age:11.1f}  {found.words:5}  {found.reading:5.0f} min"
            f"  {found.exercises:5} min  {found.minutes:4.0f} min  {found.planned:3} min"
        )
    yield f"Reading is counted at {WORDS_A_MINUTE} words a minute, our own assumption; exercises as their headings say."
    yield "The hardest sentences, by a formula that knows letters and words and no sense:"
    for age, name, sentence in hardest(pages):
        yield f"{age:5.1f}  {name}, cell {sentence.cell}: {sentence.text}"


def summary(pages: Sequence[Page]) -> Iterator[str]:
    """Yield one line for those who only wanted the rules looked at, or none where there is no lesson."""
    ages = [found.age for page in pages if (found := figures(page))]
    if ages:
        yield f"Reading age of the lessons: {min(ages):.1f} to {max(ages):.1f}; course review --words says more."
