"""Put a card on the page: an anywidget that draws the card's controls and hands back what a person does."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import ClassVar

import anywidget
import traitlets

from course.activities.card import Card, attempt
from course.activities.controls import CardWords, PressMessage, ReplyMessage, SetMessage
from course.content import edition_language
from course.content import words as say
from course.core.design_tokens import stylesheet

_HERE = Path(__file__).parent
_one_at_a_time = threading.RLock()
"""Held while a message is dealt with: Jupyter may hand those of two cards to two threads at once."""


class CardWidget(anywidget.AnyWidget):
    """A card in the browser.

    The browser sends a SetMessage or a PressMessage, and is answered with a ReplyMessage once the answer is on disk
    or could not be saved.
    """

    _esm: ClassVar = _HERE / "card.js"
    _css: ClassVar = stylesheet(_HERE / "card.css")

    controls = traitlets.List().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    language: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)
    """The card’s `lang` and `dir`: the page around it may be in another language."""

    def __init__(self, card: Card) -> None:
        super().__init__(
            controls=card.controls(),
            label=card.key,
            language=edition_language().declared,
            problem=_problem(card),
            words=_words(card),
        )
        self.card = card
        self.on_msg(self._take)

    def __repr__(self) -> str:
        """Name the card and nothing that is on it."""
        return f"<Exercise {self.label}>"

    def _take(self, _widget: object, content: object, _buffers: object) -> None:
        message = read_message(content)
        if message is None:
            return
        with _one_at_a_time:
            reply: ReplyMessage = {"turn": message["turn"], "error": say("status.unexpected")}
            try:
                reply["error"] = self._handle(message)
            finally:  # without an answer, the card would wait with all that comes after
                self.send(reply)

    def _handle(self, message: SetMessage | PressMessage) -> str:
        """Do what a person asked for, and return what went wrong in words, or an empty text."""
        if message["event"] == "set":
            value = message["value"]
            error = attempt(lambda: self.card.set(message["control"], value))
        else:
            error = attempt(lambda: self.card.press(message["control"]))
        self.controls = self.card.controls()
        self.problem = _problem(self.card)
        return error


def read_message(content: object) -> SetMessage | PressMessage | None:
    """Return what the browser sent, or None for anything that is no message of a card."""
    if not isinstance(content, dict):
        return None
    control, turn = str(content.get("control", "")), content.get("turn")
    number = turn if isinstance(turn, int) else 0
    match content.get("event"):
        case "set":
            return {"event": "set", "control": control, "value": content.get("value"), "turn": number}
        case "press":
            return {"event": "press", "control": control, "turn": number}
    return None


def _words(card: Card) -> CardWords:
    return {
        "saving": say("status.saving"),
        "saved": say(card.saved if card.answers.path else "status.memory"),
        "notSaved": say("status.not-saved"),
        "noReply": say("status.no-reply"),
        "moved": say("card.moved"),
        "position": say("card.position"),
        "clear": say("button.clear"),
    }


def _problem(card: Card) -> str:
    """Return in one sentence what is wrong with the file of answers, or an empty text."""
    problem = card.answers.problem
    return f"{problem.message} {problem.hint}".strip() if problem else ""
