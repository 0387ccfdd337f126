"""Which hand-ins wait for a person, in an order that stays, and which is the next."""

from __future__ import annotations

import shutil

import pytest

from course.trainer.course_directory import Coursework
from course.trainer.pages.reflection_pages import waiting_sentence
from course.trainer.reflections.waiting import MarkedHandIn, marked_hand_ins, next_waiting
from tests.trainer.course_directories import SLUG
from tests.trainer.reflections.hand_ins import PEOPLE


def found(coursework: Coursework) -> list[MarkedHandIn]:
    with coursework.gradebook() as gradebook:
        return marked_hand_ins(coursework, gradebook, SLUG)


@pytest.mark.nbgrader
def test_what_the_gradebook_says_waits_is_found_in_the_formgraders_order(marked: Coursework) -> None:
    before = found(marked)
    assert [one.id for one in before] == sorted(one.id for one in before)
    assert sorted(one.learner for one in before) == PEOPLE
    assert all(one.is_waiting for one in before)
    with marked.gradebook() as gradebook:
        gradebook.find_grade("reflection-marks", SLUG, SLUG, PEOPLE[0]).needs_manual_grade = False
        gradebook.db.commit()
    shutil.rmtree(marked.folder("autograded", PEOPLE[2], SLUG))  # handed in, and not marked any more
    after = found(marked)
    assert [one for one in before if one.learner not in (PEOPLE[0], PEOPLE[2])] == [
        one for one in after if one.is_waiting
    ]
    assert len(after) == len(PEOPLE) - 1


def of(*waiting: bool) -> list[MarkedHandIn]:
    return [MarkedHandIn(str(number), "", waits) for number, waits in enumerate(waiting)]


def test_going_on_passes_each_that_waits_once_and_comes_back_to_what_was_left() -> None:
    hand_ins = of(True, False, True, False, True)
    visited = [next_waiting(hand_ins)]
    while len(visited) < 4:
        visited.append(next_waiting(hand_ins, visited[-1] or ""))
    assert visited == ["0", "2", "4", "0"]
    assert next_waiting(hand_ins, "2", backwards=True) == "0"
    assert next_waiting(hand_ins, "0", backwards=True) == "4"


def test_what_another_trainer_marks_or_takes_away_meanwhile_leads_to_the_next_all_the_same() -> None:
    assert next_waiting(of(True, False, False), "2") == "0"
    assert next_waiting(of(False, True), "gone") == "1"
    assert next_waiting(of(False, False), "1") is None
    assert next_waiting([]) is None


@pytest.mark.parametrize(
    "waiting, current, said",
    [
        ((True, False, True), "1", "2 of 3 reflections wait to be read."),
        ((True, False, False), "1", "1 of 3 reflections waits to be read."),
        ((True, False, False), "0", "Of 3 reflections, only this one still waits to be read."),
        ((True,), "0", "There is one reflection, and it waits to be read."),
        ((False, False), "0", "All 2 reflections are read."),
        ((False,), "0", "The only reflection is read."),
    ],
)
def test_how_many_wait_is_said_in_words(waiting: tuple[bool, ...], current: str, said: str) -> None:
    assert waiting_sentence(of(*waiting), current) == said
