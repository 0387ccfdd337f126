"""What every card has: Skip and back, a notice that goes away, and the answer kept whatever happens to the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from course.activities.card import attempt
from course.activities.kinds.choose import Choose
from course.core.errors import AnswersNotKept, CourseError
from course.records.answers.answers import Answers

WORDS = "Which?\n\nA. This -> Yes.\nB. That"


def test_a_skipped_card_says_that_nothing_is_lost_and_how_to_come_back(open_page: Any, ids: Any) -> None:
    card = Choose("q", open_page(), WORDS)
    card.set("pick", "A")
    card.press("skip")
    again = Choose("q", open_page(), WORDS)
    assert ids(again) == ["asked", "skipped", "buttons", "unskip"]
    assert again.controls()[0]["text"] == "Which?"
    again.press("unskip")
    assert (again.picked, again.state) == ("A", "")
    assert "skip" in ids(again)


def test_answering_ends_the_skip(open_page: Any) -> None:
    card = Choose("q", open_page(), WORDS)
    card.press("skip")
    card.set("pick", "B")
    assert card.state == ""


def test_a_button_that_is_not_there_does_nothing(open_page: Any) -> None:
    card = Choose("q", open_page(), WORDS)
    card.set("pick", "A")
    card.press("delete-everything")
    assert (card.value, card.state) == ("A", "")


def test_an_answer_that_could_not_be_saved_stays_on_the_card_and_goes_with_the_next(tmp_path: Path) -> None:
    blocked = tmp_path / "journal"
    blocked.write_text("a file where the folder should be")
    answers = Answers(blocked / "page.json", "lesson", "page", wait=0)
    card = Choose("q", answers, WORDS)
    said = attempt(lambda: card.set("pick", "A"))
    assert "could not be saved" in said
    assert "It is still on this page" in said
    assert card.picked == "A"
    card.controls()
    blocked.unlink()
    assert attempt(lambda: card.press("check")) == ""
    again = Choose("q", Answers(blocked / "page.json", "lesson", "page"), WORDS)
    assert (again.picked, again.is_checked) == ("A", True)


def test_an_attempt_hides_no_bug() -> None:
    def bug() -> None:
        raise KeyError("a bug")

    def slip() -> None:
        raise AnswersNotKept("It did not work.", "Try once more.")

    assert attempt(slip) == "It did not work. Try once more."
    assert attempt(lambda: None) == ""
    with pytest.raises(KeyError):
        attempt(bug)
    assert issubclass(AnswersNotKept, CourseError)
