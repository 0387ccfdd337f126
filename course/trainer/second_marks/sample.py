"""Which reflections a second person marks too: one in ten of each exercise, the same for whoever asks.

Who is chosen follows from ids and the exercise's name alone, as if the ids had been shuffled once and for all. When
more people hand in, those chosen before stay, except where a newcomer comes before the last of them.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeGuard

from course.content.lessons import lessons
from course.content.rubric import Rubric
from course.core import names
from course.core.errors import AnswersNotKept
from course.records.answers.page import read_page
from course.trainer.course_directory import Coursework
from course.trainer.marked_questions import REFLECTION

FEWEST: Final = 3
"""How many are chosen in an exercise at least, or all where there are fewer."""
ONE_IN: Final = 10
_LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ"
"""Letters that make no words, and no numbers or days for a spreadsheet."""
_NAME, _VERSION = 6, 4
"""How many letters of a number say whose reflection it is, and how many which words it had."""


@dataclass(frozen=True)
class WrittenReflection:
    """A reflection in which something is written, as it was marked last."""

    exercise: str
    """The key of the exercise."""
    learner: str
    words: str = field(repr=False)
    levels: tuple[str, ...] = ()
    """What the levels are called by which it is judged, the highest first."""

    @cached_property
    def digest(self) -> str:
        """What tells these words from others, and from the same words where other levels apply."""
        text = "\0".join([self.words, *self.levels])
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def number(self) -> str:
        """What a second marker knows it by, such as “KTDWPX LRZB”; its second part changes with words and levels.

        It keeps a name from being seen by chance; whoever has the roster can work it out.
        """
        return f"{reflection_name(self.exercise, self.learner)} {_letters(self.digest, _VERSION)}"


def is_written(words: object) -> TypeGuard[str]:
    """Say whether an answer to a reflection has words."""
    return isinstance(words, str) and bool(words.strip())


def reflection_name(exercise: str, learner: str) -> str:
    """Return the part of a number that stays, whatever the words are.

    >>> reflection_name("repair", "synthetic-001")
    'LFJJDN'
    """
    return _letters(f"name\n{exercise}\n{learner}", _NAME)


def reflection_names(learner: str) -> list[str]:
    """Return that part for each exercise, also where a learner handed in nothing."""
    return [reflection_name(lesson.key, learner) for lesson in lessons()]


def plain_number(text: str) -> str:
    """Return a number as it is written here, however a person or a spreadsheet wrote it; empty where it is none.

    >>> plain_number(" ktdwpx-lrzb"), plain_number("KTDWPX")
    ('KTDWPX LRZB', '')
    """
    letters = re.sub(r"[\W_]", "", text).upper()
    is_whole = len(letters) == _NAME + _VERSION and set(letters) <= set(_LETTERS)
    return f"{letters[:_NAME]} {letters[_NAME:]}" if is_whole else ""


def choose_sample(reflections: Iterable[WrittenReflection]) -> list[WrittenReflection]:
    """Return the reflections that a second person marks, exercise by exercise in an order that says nothing."""
    by_exercise: defaultdict[str, list[WrittenReflection]] = defaultdict(list)
    for reflection in reflections:
        by_exercise[reflection.exercise].append(reflection)
    return [reflection for exercise in sorted(by_exercise, key=_place) for reflection in _lowest(by_exercise[exercise])]


def _lowest(reflections: Collection[WrittenReflection]) -> list[WrittenReflection]:
    size = max(FEWEST, math.ceil(len(reflections) / ONE_IN))
    return sorted(reflections, key=lambda one: _rank(one.exercise, one.learner))[:size]


def level_names(rubric: Rubric) -> tuple[str, ...]:
    """Return what the levels of a reflection are called."""
    return tuple(level.title for level in rubric.levels)


def read_reflections(
    coursework: Coursework, learners: Collection[str], rubrics: Mapping[str, Rubric]
) -> list[WrittenReflection]:
    """Return what these people wrote, in the hand-ins that were marked last, of exercises with a rubric."""
    reflections = []
    for lesson in (lesson for lesson in lessons() if lesson.key in rubrics):
        levels = level_names(rubrics[lesson.key])
        assignment = coursework.assignment(lesson.key)
        for learner in coursework.learners_at(names.AUTOGRADED, assignment):
            folder = coursework.folder(names.AUTOGRADED, learner, assignment)
            if learner in learners and not folder.is_symlink():
                try:
                    words = read_page(folder / names.ANSWERS, "exercise", lesson.key).values().get(REFLECTION)
                except AnswersNotKept:
                    continue
                if is_written(words):
                    reflections.append(WrittenReflection(lesson.key, learner, words, levels))
    return reflections


def _place(exercise: str) -> int:
    return [lesson.key for lesson in lessons()].index(exercise)


def _rank(exercise: str, learner: str) -> tuple[str, str]:
    return hashlib.sha256(f"rank\n{exercise}\n{learner}".encode()).hexdigest(), learner


def _letters(text: str, count: int) -> str:
    number, letters = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big"), ""
    for _ in range(count):
        number, place = divmod(number, len(_LETTERS))
        letters += _LETTERS[place]
    return letters
