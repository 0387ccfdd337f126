"""One in ten reflections is chosen for a second marker, the same ones for whoever asks."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.content.lessons import lessons
from course.trainer.second_marks.sample import (
    WrittenReflection,
    choose_sample,
    is_written,
    plain_number,
    reflection_name,
    reflection_names,
)
from tests.trainer.second_marks.written import SLUG, people, reflection


def chosen(learners: list[str]) -> list[str]:
    return [one.learner for one in choose_sample([reflection(learner) for learner in learners])]


@pytest.mark.parametrize(
    ("written", "size"), [(0, 0), (1, 1), (3, 3), (4, 3), (30, 3), (31, 4), (100, 10), (101, 11), (300, 30)]
)
def test_one_in_ten_is_chosen_and_at_least_three(written: int, size: int) -> None:
    assert len(chosen(people(written))) == size


def test_two_people_get_the_same_ones_in_the_same_order_and_it_never_changes() -> None:
    shuffled = people(40)
    random.Random(7).shuffle(shuffled)
    assert chosen(shuffled) == chosen(people(40))
    assert chosen(people(40)) == ["synthetic-0021", "synthetic-0012", "synthetic-0024", "synthetic-0022"]


@given(st.sets(st.integers(1, 400), min_size=1), st.sets(st.integers(401, 600)))
def test_who_comes_later_puts_out_only_whom_one_of_them_comes_before(before: set[int], later: set[int]) -> None:
    first = chosen([f"synthetic-{number:04}" for number in before])
    then = chosen([f"synthetic-{number:04}" for number in before | later])
    newcomers = {f"synthetic-{number:04}" for number in later} & set(then)
    assert len(set(first) - set(then)) <= len(newcomers)
    assert [learner for learner in then if learner in first] == [learner for learner in first if learner in then]


def test_each_exercise_has_a_sample_of_its_own_and_nobody_is_chosen_more_often_than_by_chance() -> None:
    keys = [lesson.key for lesson in lessons()]
    sample = choose_sample([reflection(learner, exercise=key) for key in keys for learner in people(400)])
    assert list(dict.fromkeys(one.exercise for one in sample)) == keys
    assert set(Counter(one.exercise for one in sample).values()) == {40}
    often = Counter(Counter(one.learner for one in sample).values())
    assert 140 <= often[1] <= 170  # 400 × 8 × 0.1 × 0.9⁷ = 153
    assert max(often) <= 5


@pytest.mark.parametrize("words", ["", "  \n\t", None, 3, ["a"], {"a": "b"}])
def test_nothing_written_is_no_reflection(words: object) -> None:
    assert not is_written(words)


def test_a_number_says_nothing_changes_with_the_words_and_holds_no_word_or_number() -> None:
    first, second = reflection("synthetic-0001", "One."), reflection("synthetic-0001", "Two.")
    assert first.number != second.number
    assert first.number.split()[0] == second.number.split()[0] == reflection_name(SLUG, "synthetic-0001")
    assert set(first.number) <= set("BCDFGHJKLMNPQRSTVWXZ ")
    assert plain_number(first.number.lower().replace(" ", "-")) == first.number
    assert "One." not in repr(first)


def test_words_that_are_judged_by_other_levels_have_another_number() -> None:
    by_level = [WrittenReflection(SLUG, "synthetic-0001", "One.", levels) for levels in ((), ("A", "B"), ("B", "A"))]
    assert len({one.number for one in by_level}) == len({one.digest for one in by_level}) == 3


def test_the_numbers_of_a_large_cohort_are_all_different() -> None:
    numbers = {
        WrittenReflection(lesson.key, learner, learner).number for lesson in lessons() for learner in people(1000)
    }
    assert len(numbers) == 1000 * len(lessons())
    assert len(set(reflection_names("synthetic-0001"))) == len(lessons())


@pytest.mark.parametrize("text", ["", "KTDWPX", "KTDWPX LRZ", "KTDWPX LRZBB", "KTDWP1 LRZB", "AEIOUA AEIO", "=1+1"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert plain_number(text) == ""
