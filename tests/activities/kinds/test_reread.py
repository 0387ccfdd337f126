"""Words of earlier lessons, shown again: each under its heading, and one that was not written is said kindly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from course.activities.kinds.reread import Reread
from course.activities.notebook_cards import PastAnswers, make_card
from course.core.errors import BadWords
from course.core.notebooks import ask_calls, material, read_notebook
from course.records.answers.answers import Answers
from course.records.journal import Journal

CARDS = {"trust-plan/plan-caring": "My plan", "repair/at-next-meeting": "My meeting"}


def texts(card: Any) -> dict[str, tuple[str, str]]:
    """Return the tone and the words under each heading."""
    return {group["legend"]: (group["controls"][0]["tone"], group["controls"][0]["text"]) for group in card.controls()}


def test_own_words_stand_under_their_headings_and_a_missing_one_is_said_kindly(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.page("trust-plan").save("plan-caring", ["someone objects", "thank them first", "", ""])
    card = Reread("reread", journal.page("day-30"), CARDS, PastAnswers(tmp_path))
    shown = texts(card)
    assert shown["My plan"] == ("quote", "If someone objects, then I will thank them first.")
    tone, words = shown["My meeting"]
    assert tone == "help"
    assert "You have not written this in lesson 4" in words
    assert "That is fine" in words


def test_nothing_is_asked_and_nothing_is_kept(tmp_path: Path) -> None:
    card = Reread("reread", Journal(tmp_path).page("day-30"), CARDS, PastAnswers(tmp_path))
    card.set("words-0", "x")
    card.press("skip")
    assert (card.done, card.answer_lines()) == (None, [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("cards", [{}, {"nowhere/plan": "My plan"}, {"trust-plan": "My plan"}])
def test_a_card_of_no_lesson_is_refused(cards: dict[str, str]) -> None:
    with pytest.raises(BadWords):
        Reread("reread", Answers(None, "lesson", "day-30"), cards)


def test_day_30_shows_all_plans_before_it_asks_about_them() -> None:
    calls = ask_calls(read_notebook(material() / "notebooks" / "day-30.ipynb"))
    cards = [make_card(call, Answers(None, "lesson", "day-30")) for call in calls]
    keys = [card.key for card in cards]
    shown = [
        f"{reference.page}/{reference.card}"
        for card in cards[: keys.index("plans-carried-out")]
        if isinstance(card, Reread)
        for reference in card.references
    ]
    assert shown[:3] == ["trust-plan/plan-competence", "trust-plan/plan-caring", "trust-plan/plan-group"]
    assert {"starting-point/small-plan", "listening/check-in", "repair/at-next-meeting"} == set(shown[3:])
    assert keys.index("day-30") < keys.index("reread")
