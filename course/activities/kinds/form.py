"""Fill the blanks of a few sentences and read them back joined, as text or as a plan: if this, then that."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from course.activities import controls
from course.activities.card import LONGEST_TEXT, Card, check_length
from course.activities.controls import Button, Control
from course.activities.past_words import LessonCopy, PastWords, Reference
from course.activities.syntax import ActivityOption, ActivityWords, read_words
from course.content import words as say
from course.core.errors import BadWords
from course.records.answers.answers import Answers
from course.records.answers.text import plan_sentences
from course.records.answers.units import Layout

_OPTIONAL = re.compile(r"(.*\S)\s*\[optional\]")
"""A line whose blanks may stay empty."""
_BLANK = re.compile(r"___(?:\{([^{}]*)\})?(?: *\(([^()]*)\))?")
"""A blank with the words it begins with, if any, and, in brackets behind it, what belongs there."""
ROOM = 600
"""For how many characters there is room in one blank; people may go over."""


class Form(Card):
    """Ask for the blanks of sentences and join them into one text to copy.

    The answer is a list of texts, one a blank, in reading order. A line without a blank is one field.
    In `___ (what kinds of people)` the brackets are shown beside the blank and left out of the joined text.
    In `___{We meet to}` the blank begins with these words; they count once anything on the form was typed.
    The blanks of a line that ends in `[optional]` may stay empty, and say so.
    With `copy`, the fields of those cards of lessons can be copied into the blanks, one by one.
    """

    kind = "form"
    least: ClassVar = 1
    """How many lines the words must have."""

    def __init__(
        self,
        key: str,
        answers: Answers,
        words: str,
        copy: str | Sequence[str] = (),
        past: PastWords | None = None,
    ) -> None:
        super().__init__(key, answers)
        self.copy = LessonCopy(key, copy, past)
        self.words: ActivityWords = read_words(words, key, least=self.least, keys=False)
        for line in self.words.options:
            _take_optional(line)

    @property
    def references(self) -> Sequence[Reference]:
        """The cards from which words can be copied."""
        return self.copy.references

    @property
    def sentences(self) -> list[ActivityOption]:
        """The lines that are to be filled."""
        return self.words.options

    @property
    def filled(self) -> list[str]:
        """The text of each blank: what was typed, else what it begins with, else nothing."""
        units = self.units
        texts = [units.get(name, begin) for name, begin in self.layout.empty.items()]
        return [text[:LONGEST_TEXT] if isinstance(text, str) else "" for text in texts]

    @property
    def layout(self) -> Layout:
        """One unit for each blank, by its number; a plan's fields have names."""
        names = self._unit_names()
        blanks = self._beginnings
        first = Layout("list", names)
        return Layout("list", names, {first.name_at(place): begin for place, begin in enumerate(blanks)})

    def _unit_names(self) -> Sequence[str]:
        return ()

    @property
    def _beginnings(self) -> list[str]:
        """The words that each blank begins with."""
        return [words for sentence in self.sentences for words in _beginnings(sentence.text)]

    @property
    def is_whole(self) -> bool:
        """Whether each blank is filled that may not stay empty."""
        return self.is_begun and all(
            text.strip() for sentence, _, own in self._pieces() if not sentence.is_optional for text in own
        )

    @property
    def is_begun(self) -> bool:
        """Whether anything stands on the form that was not there at first."""
        return any(text.strip() for text in self.filled) and self.filled != self._beginnings

    def body(self) -> list[Control]:
        """Return a field for each blank, advice under it, and the joined text."""
        fields: list[Control] = []
        for number, (sentence, first, own) in enumerate(self._pieces()):
            rooms = _has_room(sentence.text)
            labels = _labels(sentence.text)
            if sentence.is_optional:
                labels = [say("form.optional", label=label) for label in labels]
            fields += [
                _field(f"blank-{place}", label, text, room)
                for place, (label, text, room) in enumerate(zip(labels, own, rooms, strict=True), first)
            ]
            fields += self._advice(f"advice-{number}", sentence, own)
        return [
            *controls.lead(self.words.lead),
            controls.group("fields", self.words.question, fields),
            *self._joined_part(),
            *self.copy.told(),
        ]

    def _pieces(self) -> list[tuple[ActivityOption, int, list[str]]]:
        """Return each sentence with the place of its first blank and the texts of its blanks."""
        pieces, place, filled = [], 0, self.filled
        for sentence in self.sentences:
            wanted = len(_labels(sentence.text))
            pieces.append((sentence, place, filled[place : place + wanted]))
            place += wanted
        return pieces

    def _advice(self, id: str, sentence: ActivityOption, texts: list[str]) -> list[Control]:
        """Return the advice that fits one of the texts, once anything was typed."""
        return [
            controls.text(f"{id}-{number}", check.advice, "feedback", live=True)
            for number, check in enumerate(sentence.checks)
            if self.is_begun and any(check.applies(text) for text in texts)
        ]

    def _joined_part(self) -> list[Control]:
        joined = self.joined()
        if not joined:
            return []
        whole = ActivityOption("", "", checks=self.words.checks)
        read_back = controls.text("joined", f"**{say('card.joined')}:** {joined}", "quote")
        return [read_back, *self._advice("all", whole, [joined])]

    def joined(self) -> str:
        """Return the sentences with their blanks filled, without those that nobody began."""
        pieces = [(sentence.text, own) for sentence, _, own in self._pieces()] if self.is_begun else []
        return " ".join(_join(sentence, own) for sentence, own in pieces if _is_begun(sentence, own))

    def change(self, control: str, value: object) -> None:
        """Take the text of one blank."""
        filled = self.filled
        place = controls.place(control, "blank", len(filled))
        if place is not None and isinstance(value, str):
            self.copy.close()
            self.save_units({self.layout.name_at(place): check_length(value)})

    def actions(self) -> list[Button]:
        """Offer to copy from a lesson; where words would be replaced, ask which."""
        return self.copy.buttons(rest=say("copy.rest"), replace=say("copy.replace"), keep=say("copy.keep"))

    def act(self, button: str) -> None:
        """Copy from a lesson: into empty blanks at once, over other words only when that was asked for."""
        way, texts = self.copy.way(button), self.copy.fields()
        new = {
            place: text for place, text in enumerate(texts[: len(self.filled)]) if text and text != self.filled[place]
        }
        empty = {place: text for place, text in new.items() if self._is_empty(place)}
        if way == "copy" and len(new) > len(empty):
            self.copy.ask()
        elif way in ("copy", "replace", "rest"):
            self._copy(empty if way == "rest" else new, any(texts))

    def _copy(self, texts: Mapping[int, str], is_any: bool) -> None:
        """Put texts of a lesson into blanks, and say so; or say why not."""
        if not texts:
            self.copy.tell(say("copy.already") if is_any else self.copy.nothing_yet)
        else:
            self.save_units({self.layout.name_at(place): check_length(text) for place, text in texts.items()})
            self.copy.tell_done(self.answers)

    def _is_empty(self, place: int) -> bool:
        """Say whether nothing was typed in a blank."""
        return self.filled[place].strip() in ("", self._beginnings[place].strip())

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return the question and the joined text."""
        return [(self.words.question, self.joined())]


def _take_optional(line: ActivityOption) -> None:
    """Take [optional] off the end of a line, and note that it may stay empty."""
    if marked := _OPTIONAL.fullmatch(line.text):
        line.text, line.is_optional = marked[1], True


def _field(id: str, label: str, text: str, has_room: bool) -> Control:
    """Return one line, or room for several."""
    if has_room:
        return controls.area(id, label, text, most=ROOM, rows=2)
    return controls.line(id, label, text, most=ROOM)


def _has_room(sentence: str) -> list[bool]:
    """Say for each blank whether it gets room for several lines: it begins with words, or is all there is.

    >>> _has_room("I will ask ___: ___{What else?}"), _has_room("What I saw")
    ([False, True], [True])
    """
    return [bool(words) for words in _beginnings(sentence)] if _BLANK.search(sentence) else [True]


def _labels(sentence: str) -> list[str]:
    """Return what to write beside each blank of a sentence.

    >>> _labels("I bring together ___ (what kinds of people) to ___."), _labels("It took ___. Thank you.")
    (['I bring together … (what kinds of people)', 'to …'], ['It took …. Thank you.'])
    """
    blanks = list(_BLANK.finditer(sentence))
    if not blanks:
        return [sentence]
    ends = [0, *(blank.end() for blank in blanks)]
    labels = []
    for start, blank in zip(ends, blanks, strict=False):
        hint = f" ({blank[2]})" if blank[2] else ""
        labels.append(sentence[start : blank.start()].lstrip(" ,;") + say("card.gap") + hint)
    after = sentence[ends[-1] :]
    labels[-1] += "" if after.strip() == "." else after  # a full stop alone behind a gap looks like a slip
    return labels


def _beginnings(sentence: str) -> list[str]:
    """Return the words that each blank of a sentence begins with.

    >>> _beginnings("I will ask ___ (by role): ___{What should I do more of?}")
    ['', 'What should I do more of?']
    """
    return [blank[1] or "" for blank in _BLANK.finditer(sentence)] or [""]


def _is_begun(sentence: str, texts: list[str]) -> bool:
    """Say whether a sentence is to be read back: something in it was typed, or nothing in it is missing.

    >>> _is_begun("I see that ___{you differ}.", ["you differ"])
    True
    >>> _is_begun("I ask ___: ___{What else?}", ["", "What else?"])
    False
    """
    typed = any(text.strip() and text != first for text, first in zip(texts, _beginnings(sentence), strict=True))
    return typed or all(text.strip() for text in texts)


def _join(sentence: str, texts: list[str]) -> str:
    """Fill a sentence's blanks; a field without one is read as it was typed.

    >>> _join("I bring together ___ (what kinds of people) to ___.", ["nurses", ""])
    'I bring together nurses to …'
    """
    if not _BLANK.search(sentence):
        return _ended(" ".join(texts[0].split()))
    filled = iter(texts)
    return _ended(_BLANK.sub(lambda _: " ".join(next(filled).split()).rstrip(" .") or say("card.gap"), sentence))


def _ended(sentence: str) -> str:
    """Return a sentence with one mark at its end, whatever was typed.

    >>> _ended("What have I missed?."), _ended("Two people left early"), _ended("It is for ….")
    ('What have I missed?', 'Two people left early.', 'It is for …')
    """
    sentence = re.sub(r"([.?!…])\.$", r"\1", sentence)
    return sentence if sentence.endswith((".", "?", "!", "…", "”")) else f"{sentence}."


_FIELDS: Final = ("if", "then", "obstacle", "answer")


class IfThen(Form):
    """Ask for a moment and an action, and read both back as a sentence; with `obstacle`, also for what could stop it.

    The answer is a list: the moment, the action, and with an obstacle that one and the answer to it.
    """

    kind = "if-then"
    least = 0

    def __init__(self, key: str, answers: Answers, words: str, obstacle: bool = False) -> None:
        super().__init__(key, answers, words)
        self.names = list(_FIELDS if obstacle else _FIELDS[:2])
        if len(self.words.options) > len(self.names):
            raise BadWords(
                f"{key} has lines for more than the {len(self.names)} fields of a plan.",
                "Leave the last ones out, or write obstacle=True.",
            )

    def _unit_names(self) -> Sequence[str]:
        return _FIELDS

    @property
    def sentences(self) -> list[ActivityOption]:
        """The plan's fields, each with the checks that the words give it."""
        checks = [option.checks for option in self.words.options] + [[] for _ in self.names]
        return [
            ActivityOption(name, say(f"if-then.{name}"), checks=own)
            for name, own in zip(self.names, checks, strict=False)
        ]

    def joined(self) -> str:
        """Return the plan as one sentence, or two with an obstacle."""
        return " ".join(plan_sentences(self.filled))
