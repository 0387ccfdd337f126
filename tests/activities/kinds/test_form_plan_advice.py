"""Advice on a plan stands right under the field that it is about."""

from __future__ import annotations

from course.activities.kinds.form import IfThen
from course.records.answers.answers import Answers

WORDS = """
A plan

- when
! sometime, get time -> When will the moment come?
- act
! try, improve -> What would someone see you do?
"""


def fields(**typed: str) -> list[str]:
    card = IfThen("plan", Answers(None, "lesson", "trust-plan"), WORDS, obstacle=True)
    for control, text in typed.items():
        card.set(control.replace("_", "-"), text)
    (group,) = (control for control in card.controls() if control["id"] == "fields")
    return [control["text"] if control["kind"] == "text" else control["id"] for control in group["controls"]]


def test_a_vague_moment_is_answered_under_the_moment() -> None:
    assert fields(blank_0="I get time")[:3] == ["blank-0", "When will the moment come?", "blank-1"]


def test_a_vague_act_is_answered_under_the_act() -> None:
    assert fields(blank_1="try harder")[1:4] == ["blank-1", "What would someone see you do?", "blank-2"]


def test_a_check_looks_at_its_own_field_only() -> None:
    assert fields(blank_0="they try", blank_1="sometime", blank_2="I improve") == [f"blank-{n}" for n in range(4)]


def test_words_that_only_contain_a_phrase_pass() -> None:
    assert len(fields(blank_1="bring the industry report")) == 4
