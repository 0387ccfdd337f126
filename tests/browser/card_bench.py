"""Python's side of a page that shows one card: the real card and the real widget, in Chromium and in Firefox."""

from __future__ import annotations

from typing import Any

from course.activities.card import Card
from course.activities.widget import CardWidget


class CardBench:
    """The card on the page, what came from the browser, and what is answered."""

    card: Card
    widget: CardWidget

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        """Every message that came from the browser."""

    def put(self, card: Card) -> None:
        """Have this card behind the page."""
        self.card, self.widget = card, CardWidget(card)

    def traits(self) -> dict[str, Any]:
        """Return what Jupyter keeps the same on both sides."""
        traits = CardWidget.class_traits(sync=True).items()
        return {name: getattr(self.widget, name) for name, trait in traits if trait.this_class is CardWidget}

    def take(self, message: dict[str, Any]) -> dict[str, Any]:
        """Give a message to the widget and return what it answers with."""
        self.received.append(message)
        answers: list[dict[str, Any]] = []
        self.widget.send = lambda content, buffers=None: answers.append(content)
        self.widget._take(self.widget, message, [])
        return {"traits": self.traits(), "answers": answers}
