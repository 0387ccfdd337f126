"""What the made-up learner of the demo answers on each card, as `content/made-up-learner.toml` has it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from course.activities.card import Card
from course.activities.controls import Control, flat
from course.activities.kinds.arrange import Rank, Sort
from course.activities.kinds.before_after import BeforeAfter
from course.activities.kinds.branch import Branch
from course.activities.kinds.choose import Choose, Tick
from course.activities.kinds.date import Date
from course.activities.kinds.form import Form
from course.activities.kinds.log import Log
from course.activities.kinds.number import Number
from course.activities.kinds.rate import LessonRating, Rate
from course.activities.kinds.recall import Recall
from course.activities.kinds.write import Write
from course.content.files import need, read
from course.core.errors import BadContent
from course.records.answers.units import ENTRY, Json

FILE: Final = "made-up-learner.toml"
_CHECK: Final = "check"
_TAPS: Final = ("useful", "clear")
_LEVELS: Final = ("now", "could")
_ONE_CONTROL: Final[Mapping[type[Card], str]] = {Choose: "pick", Write: "text"}
_NUMBERED_CONTROLS: Final[Mapping[type[Card], str]] = {Form: "blank", Recall: "line", Sort: "card"}


class MadeUpAnswers:
    """The answers of one made-up learner, by lesson and card."""

    def __init__(self, today: datetime.date) -> None:
        """Take what is `days` from `today` as of that day."""
        self._lessons = read(FILE)
        self._today = today

    def give(self, card: Card) -> None:
        """Answer a card as a person does, and check it where it can be checked.

        Raises BadContent where the file has no answer to it, or one that the card does not take.
        """
        place = f"{FILE}, [{card.answers.name}], “{card.key}”"
        lesson = need(self._lessons, card.answers.name, dict, FILE)
        if card.key not in lesson:
            raise BadContent(
                f"{place}: the made-up learner has no answer to this card.",
                "Write one on a line of its own. The beginning of the file says how, for each kind of card.",
            )
        answer = lesson[card.key]
        if isinstance(card, Log):
            card.save_units(dict(self._entries(card, answer, place)))
        elif isinstance(card, Branch):
            _walk(card, answer, place)
        else:
            for control, value in self._controls(card, answer, place):
                _set(card, control, value, place)
        if any(button["id"] == _CHECK for button in card.actions()):
            card.press(_CHECK)

    def _controls(self, card: Card, answer: object, place: str) -> Iterator[tuple[str, object]]:
        """Yield the controls of a card and what each is given."""
        if isinstance(card, Rate) and isinstance(answer, dict):
            yield from ((code, str(rating)) for code, rating in answer.items())
        elif isinstance(card, Tick) and isinstance(answer, list):
            yield "ticks", dict.fromkeys(answer, True)
        elif isinstance(card, Rank):
            yield "order", answer
        elif isinstance(card, Date) and isinstance(answer, int):
            yield "date", self._day(answer)
        elif isinstance(card, LessonRating) and isinstance(answer, dict):
            yield from ((question, answer.get(question)) for question in _TAPS)
        elif isinstance(card, BeforeAfter):
            yield from zip(_LEVELS, _listed(answer, place), strict=False)
        elif isinstance(card, Number):
            numbers = answer if isinstance(answer, list) else [answer]
            yield from ((f"number-{number}", value) for number, value in enumerate(numbers))
        elif name := _find(_ONE_CONTROL, card):
            yield name, answer
        elif name := _find(_NUMBERED_CONTROLS, card):
            yield from ((f"{name}-{number}", value) for number, value in enumerate(_listed(answer, place)))
        else:
            raise _unfit(place)

    def _entries(self, card: Log, answer: object, place: str) -> Iterator[tuple[str, Json]]:
        """Yield the entries of a log, each under the name of its unit."""
        for number, entry in enumerate(_listed(answer, place), start=1):
            texts = need(entry, "words", list, place)
            mark = need(entry, "mark", str, place) if card.marks else ""
            if len(texts) != len(card.words.options) or (card.marks and mark not in card.marks):
                raise _unfit(place)
            day = self._day(need(entry, "days", int, place))
            yield f"{ENTRY}{number}", {"date": day, "words": [str(text) for text in texts], "mark": mark}

    def _day(self, days: int) -> str:
        return (self._today + datetime.timedelta(days=days)).isoformat()


def _walk(card: Branch, answer: object, place: str) -> None:
    """Take one way through the steps of a scenario."""
    for number, code in enumerate(_listed(answer, place)):
        if number:
            card.press(f"next-{number - 1}")
        _set(card, f"pick-{number}", code, place)
    if not card.is_finished:
        raise _unfit(place)


def _set(card: Card, control: str, value: object, place: str) -> None:
    """Give one control a value; BadContent where it does not take it."""
    card.set(control, value)
    wanted = list(value) if isinstance(value, dict) else value
    if [_shown(fields) for fields in flat(card.controls()) if fields["id"] == control] != [wanted]:
        raise _unfit(f"{place}, {control}")


def _shown(control: Control) -> object:
    """Return what a control holds."""
    if control["kind"] == "order":
        return [item["value"] for item in control["items"]]
    return dict(control).get("value")


def _find(names: Mapping[type[Card], str], card: Card) -> str | None:
    return next((name for kind, name in names.items() if isinstance(card, kind)), None)


def _listed(answer: object, place: str) -> Sequence[object]:
    if not isinstance(answer, list):
        raise _unfit(place)
    return answer


def _unfit(place: str) -> BadContent:
    return BadContent(
        f"{place}: the card does not take this answer.",
        "The beginning of the file says how an answer is written, for each kind of card.",
    )
