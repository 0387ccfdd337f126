"""Put a card on the page: an anywidget that draws the card's parts and hands back what a person does."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets

from course.activities.card import Card, attempt
from course.content import edition_language
from course.content import words as say
from course.core.design_tokens import stylesheet

_HERE = Path(__file__).parent
_one_at_a_time = threading.RLock()
"""Held while a message is dealt with: Jupyter may hand those of two cards to two threads at once."""


class CardWidget(anywidget.AnyWidget):
    """A card in the browser.

    The browser sends `{"event": "set", "part": id, "value": …, "turn": n}` or
    `{"event": "press", "part": id, "turn": n}` and is answered with
    `{"turn": n, "error": ""}` once the answer is on disk, or with the reason why it is not.
    """

    _esm: ClassVar = _HERE / "card.js"
    _css: ClassVar = stylesheet(_HERE / "card.css")

    parts = traitlets.List().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    language: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)
    """The card’s `lang` and `dir`: the page around it may be in another language."""

    def __init__(self, card: Card) -> None:
        super().__init__(
            parts=card.parts(),
            label=card.key,
            language=edition_language().declared,
            problem=_problem(card),
            words={
                "saving": say("status.saving"),
                "saved": say(card.saved if card.answers.path else "status.memory"),
                "notSaved": say("status.not-saved"),
                "noReply": say("status.no-reply"),
                "moved": say("card.moved"),
                "position": say("card.position"),
                "clear": say("button.clear"),
            },
        )
        self.card = card
        self.on_msg(self._take)

    def __repr__(self) -> str:
        """Name the card and nothing that is on it."""
        return f"<Exercise {self.label}>"

    def _take(self, _widget: object, message: Any, _buffers: object) -> None:
        if not isinstance(message, dict) or message.get("event") not in ("set", "press"):
            return
        with _one_at_a_time:
            error = say("status.unexpected")
            try:
                error = self._deal_with(message)
            finally:  # without an answer, the card would wait with all that comes after
                self.send({"turn": message.get("turn"), "error": error})

    def _deal_with(self, message: dict[str, Any]) -> str:
        """Do what a person asked for, and return what went wrong in words, or an empty text."""
        part = str(message.get("part", ""))
        if message["event"] == "set":
            error = attempt(lambda: self.card.set(part, message.get("value")))
        else:
            error = attempt(lambda: self.card.press(part))
        self.parts = self.card.parts()
        self.problem = _problem(self.card)
        return error


def _problem(card: Card) -> str:
    """Return in one sentence what is wrong with the file of answers, or an empty text."""
    problem = card.answers.problem
    return f"{problem.message} {problem.hint}".strip() if problem else ""
