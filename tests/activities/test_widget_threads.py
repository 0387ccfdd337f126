"""Jupyter may hand the messages of two cards to two threads at once: no answer is lost for it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from course.activities.kinds.rate import Rate
from course.activities.widget import CardWidget
from course.content.scales import find_scale
from course.records.answers.answers import Answers

CODES = [item.code for item in find_scale("habits").items]


def rate(widget: CardWidget) -> None:
    for turn, code in enumerate(CODES):
        widget._take(widget, {"event": "set", "control": code, "value": "5", "turn": turn}, None)


@pytest.mark.slow
def test_two_cards_that_are_answered_at_once_keep_every_answer(tmp_path: Path) -> None:
    for number in range(5):
        answers = Answers(tmp_path / f"{number}.json", "lesson", "trust-plan")
        cards = [Rate("now", answers, "habits", "pulse"), Rate("looking-back", answers, "looking-back")]
        threads = [threading.Thread(target=rate, args=[CardWidget(card)]) for card in cards]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [len(card.ratings) for card in cards] == [len(CODES), len(CODES)]


def test_one_card_that_is_answered_from_two_threads_keeps_every_answer(tmp_path: Path) -> None:
    for number in range(5):
        card = Rate("now", Answers(tmp_path / f"{number}.json", "lesson", "trust-plan"), "habits", "pulse")
        widget = CardWidget(card)
        threads = [threading.Thread(target=rate, args=[widget]), threading.Thread(target=rate_pulse, args=[widget])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(card.ratings) == len(CODES) + 2


def rate_pulse(widget: CardWidget) -> None:
    for turn in range(6):
        widget._take(widget, {"event": "set", "control": ("P1", "P2")[turn % 2], "value": "4", "turn": turn}, None)
