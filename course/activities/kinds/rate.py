"""Rate statements on a labelled scale, and a lesson in two taps at its end."""

from __future__ import annotations

import functools
import itertools
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from course.activities import controls
from course.activities.card import Card
from course.activities.controls import Control, TextControl
from course.activities.past_words import PastWords, Reference
from course.content import words as say
from course.content.lessons import Lesson, lessons
from course.content.scales import NO_CHANCE, VERSION, Item, Scale, find_scale, instrument_version, read_ratings
from course.records.answers.answers import Answers
from course.records.answers.units import Layout
from course.records.scores import all_alike

_TRIED: Final = "tried"
"""The scale that asks about the learner's last plan."""
_LESSONS_BACK: Final = 2
"""How many lessons back a plan is looked for; an older one is no longer the last."""
_FEW: Final = 4
"""How many points have room for their words on every page."""
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_LONGEST_QUOTE: Final = 240
"""The most characters of a plan that are quoted."""
_TAP_QUESTIONS: Final = ("useful", "clear")
_TAP_ANSWERS: Final = ("yes", "partly", "no")


class Rate(Card):
    """Ask how often each statement was true. Every point is labelled and nothing is chosen beforehand.

    The answer maps an item's code to 1, 2, 3…, or to "n" for “No chance to”, and says in which version of the
    questions it was given. What was answered in an earlier version stays beside it, under the codes of that version.
    Scales with the same points share the first one's stem. Where people are asked whether they tried their last plan,
    it is quoted from the lesson in which they wrote it, if there is a journal to read.
    """

    kind = "rate"

    def __init__(self, key: str, answers: Answers, *scales: str, past: PastWords | None = None) -> None:
        super().__init__(key, answers)
        self.scales = [find_scale(name) for name in scales]
        self._past = past

    @property
    def ratings(self) -> dict[str, int | str]:
        """The answers that fit their scales."""
        return self._answered(self.scales)

    def _answered(self, scales: Iterable[Scale]) -> dict[str, int | str]:
        units = self.units
        ratings: dict[str, int | str] = {}
        for scale in scales:
            ratings.update(read_ratings(scale, units))
            if scale.missing:
                ratings.update({item.code: NO_CHANCE for item in scale.items if units.get(item.code) == NO_CHANCE})
        return ratings

    @property
    def _earlier(self) -> list[Scale]:
        """The earlier versions of the scales in which something was answered here."""
        return [earlier for scale in self.scales for earlier in scale.earlier if self._answered([earlier])]

    @property
    def is_whole(self) -> bool:
        """Whether each statement was rated, of each scale in one of its versions."""
        return all(
            any(len(self._answered([version])) == len(version.items) for version in (scale, *scale.earlier))
            for scale in self.scales
        )

    @property
    def layout(self) -> Layout:
        """One unit for each item, by its code."""
        return Layout("table")

    @property
    def asked(self) -> Sequence[str]:
        """The stems."""
        return [self._stem(scales[0]) for scales in self._by_stem()]

    def body(self) -> list[Control]:
        """Return the statements with their points, in one group under each stem."""
        earlier = [controls.text("earlier", say("card.earlier-questions"), "warning")] if self._earlier else []
        groups = [
            controls.group(f"stem-{scales[0].name}", self._stem(scales[0]), [*_key(scales[0]), *self._rows(scales)])
            for scales in self._by_stem()
        ]
        return [*earlier, *groups, *self._closing()]

    def _by_stem(self) -> list[list[Scale]]:
        """Return the scales, those together that stand under one stem: neighbours with the same points."""
        return [list(scales) for _, scales in itertools.groupby(self.scales, key=lambda scale: scale.points)]

    def _rows(self, scales: Iterable[Scale]) -> Iterator[Control]:
        ratings = self.ratings
        for scale in scales:
            for item in scale.items:
                yield self._row(item, scale, ratings.get(item.code))
                yield from _next_step(item, scale, ratings.get(item.code))

    def _row(self, item: Item, scale: Scale, rating: int | str | None) -> Control:
        options = [controls.choice(str(number), label) for number, label in scale.shown]
        if scale.missing:
            options.append(controls.choice(NO_CHANCE, scale.missing))
        chosen = None if rating is None else str(rating)
        return controls.radios(item.code, item.text, options, chosen, row=True, points=_numbered(scale))

    def _stem(self, scale: Scale) -> str:
        """Return the words above a scale's statements: for the last plan that plan itself, where it was written."""
        earlier = self._last_plan if scale.name == _TRIED else None
        if earlier is None:
            return scale.stem
        lesson, plan = earlier
        return say("tried.planned", number=lesson.number, plan=_shortened(plan))

    @functools.cached_property
    def _last_plan(self) -> tuple[Lesson, str] | None:
        """Return the plan of the last lesson in which one was written, with that lesson."""
        number = next((lesson.number for lesson in lessons() if lesson.key == self.answers.name), 0)
        for lesson in reversed(lessons()[max(number - _LESSONS_BACK, 0) : number]):
            for card in lesson.plans:
                plan = self._past.in_words(Reference(lesson.key, card)) if self._past else ""
                if plan.strip():
                    return lesson, plan
        return None

    def _closing(self) -> list[TextControl]:
        total = sum(len(scale.items) for scale in self.scales)
        closing = [controls.text("count", say("card.answered", n=len(self.ratings), total=total), "help")]
        if any(all_alike(read_ratings(scale, self.value), scale) for scale in self.scales):
            closing.append(controls.text("alike", say("card.alike"), "feedback", live=True))
        return closing

    def change(self, control: str, value: object) -> None:
        """Take the rating of one item."""
        for scale in self.scales:
            for item in scale.items:
                if item.code == control and isinstance(value, str):
                    self._take(scale, item, value)

    def _take(self, scale: Scale, item: Item, value: str) -> None:
        points = {str(number): number for number in range(1, len(scale.points) + 1)}
        rating: int | str = points.get(value, value)
        scale.check(rating)
        self.save_units({item.code: rating, VERSION: instrument_version()})

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return each statement with the label of the chosen point; those of an earlier version if it was answered."""
        scales = [*self.scales, *self._earlier]
        lines, ratings = [], self._answered(scales)
        for scale in scales:
            for item in scale.items:
                rating = ratings.get(item.code)
                label = scale.points[rating - 1] if isinstance(rating, int) else scale.missing if rating else ""
                asked = f"{self._stem(scale)} {item.text}" if scale.name == _TRIED else item.text
                lines.append((asked, label))
        return lines


def _numbered(scale: Scale) -> int:
    """Return how many points of a scale go by their number where there is no room for their words; none of a few.

    >>> _numbered(find_scale("habits")), _numbered(find_scale("tried"))
    (7, 0)
    """
    return len(scale.points) if len(scale.points) > _FEW else 0


def _key(scale: Scale) -> list[TextControl]:
    """Return what each number means, for pages that are so narrow that a scale goes by its numbers."""
    points = [f"**{number}** {label}".replace(" ", _NO_BREAK) for number, label in scale.shown]
    return [controls.text(f"key-{scale.name}", ", ".join(points), "key")] if _numbered(scale) else []


def _next_step(item: Item, scale: Scale, rating: int | str | None) -> list[Control]:
    """Return what is said after an answer, if anything is."""
    words = scale.next_steps[rating - 1] if isinstance(rating, int) and scale.next_steps else ""
    return [controls.text(f"next-{item.code}", words, "feedback", live=True)] if words else []


def _shortened(plan: str) -> str:
    r"""Return a plan on one line, cut after a whole word where it is long.

    >>> len(_shortened("word " * 100)) <= _LONGEST_QUOTE, _shortened("a\nplan")
    (True, 'a plan')
    """
    return textwrap.shorten(plan, _LONGEST_QUOTE, placeholder=f" {say('card.gap')}")


class LessonRating(Card):
    """Ask whether the lesson was useful and clear. The answer maps each question to yes, partly or no."""

    kind = "taps"

    @property
    def done(self) -> None:
        """None: it is about the lesson, and no activity of it."""
        return None

    @property
    def taps(self) -> dict[str, str]:
        """The taps that were given."""
        units = self.units
        return {question: str(units[question]) for question in _TAP_QUESTIONS if units.get(question) in _TAP_ANSWERS}

    @property
    def layout(self) -> Layout:
        """One unit for each question."""
        return Layout("table")

    @property
    def asked(self) -> Sequence[str]:
        """What both questions are about."""
        return [say("taps.legend")]

    def body(self) -> list[Control]:
        """Return the two questions."""
        options = [controls.choice(answer, say(f"taps.{answer}")) for answer in _TAP_ANSWERS]
        rows = [
            controls.radios(question, say(f"taps.{question}"), options, self.taps.get(question), row=True)
            for question in _TAP_QUESTIONS
        ]
        return [controls.group("taps", say("taps.legend"), rows)]

    def change(self, control: str, value: object) -> None:
        """Take one tap."""
        if control in _TAP_QUESTIONS and value in _TAP_ANSWERS:
            self.save_units({control: str(value)})

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return the two questions and their answers."""
        return [
            (say(f"taps.{question}"), say(f"taps.{self.taps[question]}") if question in self.taps else "")
            for question in _TAP_QUESTIONS
        ]
