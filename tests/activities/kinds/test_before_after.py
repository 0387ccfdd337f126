"""A shift: where something is now, where it could be, and what is said when both are known."""

from __future__ import annotations

from typing import Any

from course.activities.kinds.before_after import BeforeAfter
from course.records.answers.answers import Answers

WORDS = """
Choose one real decision.

Who decides?
-> Say so in front of others.
~> Fine, if you can say why.

A. I tell you what I decided.
B. We decide together.
C. You decide.
"""


def shift(value: Any = None, words: str = WORDS) -> BeforeAfter:
    answers = Answers(None, "lesson", "sharing-power")
    answers.save("shift", value)
    return BeforeAfter("shift", answers, words)


def feedback(card: BeforeAfter) -> list[str]:
    return [control["text"] for control in card.controls() if control["id"] == "feedback"]


def test_both_questions_show_every_level_and_nothing_is_chosen() -> None:
    (levels,) = (control for control in shift().controls() if control["id"] == "levels")
    assert levels["legend"] == "Who decides?"
    assert [control["legend"] for control in levels["controls"]] == ["Where is it now?", "Where could it be?"]
    for control in levels["controls"]:
        assert [option["label"] for option in control["options"]] == [option.text for option in shift().words.options]
        assert control["value"] is None


def test_each_level_is_kept_as_it_is_given() -> None:
    card = shift()
    card.set("could", "C")
    assert card.value == [None, "C"]
    card.set("now", "A")
    assert card.value == ["A", "C"]


def test_a_level_that_is_none_of_the_options_is_left_out() -> None:
    card = shift(["A", None])
    for control, value in (("could", "D"), ("could", None), ("could", ["A"]), ("levels", "B")):
        card.set(control, value)
    assert card.value == ["A", None]


def test_one_level_alone_gets_no_feedback() -> None:
    assert feedback(shift(["A", None])) == []
    assert feedback(shift([None, "C"])) == []


def test_moving_up_by_one_level_is_a_rise() -> None:
    assert feedback(shift(["A", "B"])) == ["Say so in front of others."]


def test_staying_and_falling_are_no_rise() -> None:
    assert feedback(shift(["B", "B"])) == ["Fine, if you can say why."]
    assert feedback(shift(["C", "A"])) == ["Fine, if you can say why."]


def test_feedback_is_read_out_when_it_changes() -> None:
    (control,) = (control for control in shift(["A", "B"]).controls() if control["id"] == "feedback")
    assert control["live"]


def test_without_a_line_for_it_nothing_is_said() -> None:
    words = "Who decides?\n-> Say so.\n\nA. I do.\nB. You do."
    assert feedback(shift(["B", "A"], words)) == []
    assert feedback(shift(["A", "B"], words)) == ["Say so."]


def test_damaged_answers_count_as_not_given() -> None:
    for value in ("AB", {"now": "A"}, [["A"], 3], []):
        assert shift(value).levels == [None, None]
    assert shift(["A", "B", "C"]).levels == ["A", "B"]


def test_the_answer_reads_as_two_levels_in_words() -> None:
    assert shift(["A", None]).answer_lines() == [
        ("Where is it now?", "I tell you what I decided."),
        ("Where could it be?", ""),
    ]
