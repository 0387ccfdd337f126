"""A live question: what is on the wire of so many answers, and as the room goes on."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.privacy import LiveQuestion, Notice, ResponseType
from tests.cases import every
from tests.privacy.asking import PEOPLE, RATING, VOTE, question, said

# What is shown of so many answers


@every(
    "answers,expected",
    [
        ([], "not-enough"),
        ([1, 7, 4, 2], "not-enough"),
        ([1, 7, 4, 2, 6], {"1–3": 2, "4": 1, "5–7": 2}),
        ([1, 7, 4, 2, 6, 6, 6, 6, 5], {"1–3": 2, "4": 1, "5–7": 6}),
        ([1, 7, 4, 2, 6, 6, 6, 6, 5, 5], {1: 1, 2: 1, 4: 1, 5: 2, 6: 4, 7: 1}),
        ([1, 7, 4, 2, 6, 6, 6, 6, 5, 5, 5], {1: 1, 2: 1, 4: 1, 5: 3, 6: 4, 7: 1}),
        ([7] * 4, "not-enough"),
        ([7] * 5, "close-together"),
        ([7] * 30, "close-together"),
        ([5, 6, 7, 7, 6], "close-together"),
        ([1, 6, 7, 7, 6], "close-together"),
        ([1, *[7] * 9], "close-together"),
        ([1, 2, *[7] * 9], {1: 1, 2: 1, 7: 9}),
        ([2] * 3 + [6] * 27, {2: 3, 6: 27}),
    ],
)
def test_a_rating_shows_nothing_then_bands_then_everything(answers: list[int], expected: Any) -> None:
    assert said(question(answers)) == expected


@every(
    "votes,expected",
    [
        ("AABB", "not-enough"),
        ("AABBC", "spread"),
        ("AAAABBBBC", "spread"),
        ("AAAAA", "close-together"),
        ("AAAAAB", "close-together"),
        ("AAAAABB", "five-or-more"),
        ("AAAAABBBB", "five-or-more"),
        ("AAAAABBBBC", {"A": 5, "B": 4, "C": 1}),
        ("AAAAAAAAAAA", "close-together"),
    ],
)
def test_a_vote_shows_nothing_then_what_five_chose_then_everything(votes: str, expected: Any) -> None:
    assert said(question(votes, ResponseType.vote("ABC"))) == expected


def test_five_or_more_is_said_without_how_many() -> None:
    wires = {question("A" * n + "BB", VOTE).published for n in (5, 6, 7)}
    assert wires == {Notice("five-or-more", "A")}


def test_nothing_is_on_the_wire_before_a_reveal_or_after_it_is_undone() -> None:
    asked = LiveQuestion(RATING)
    for person in PEOPLE[:30]:
        asked.take(person, 4)
    asked.close()
    assert asked.published is None
    asked.reveal()
    asked.undo()
    assert asked.published is None


def test_answers_are_of_the_question_and_come_while_it_is_open() -> None:
    asked = LiveQuestion(RATING)
    for wrong in (0, 8, "A", "n"):
        with pytest.raises(ValueError, match="not one of the answers"):
            asked.take("a", wrong)
    asked.close()
    for answer in (4, None):
        with pytest.raises(ValueError, match="closed"):
            asked.take("a", answer)


# What is shown as the room goes on


def test_one_answer_at_a_time_moves_nothing_but_by_steps() -> None:
    asked = LiveQuestion(RATING)
    asked.reveal()
    shown = []
    for n, person in enumerate(PEOPLE, start=1):
        asked.take(person, 1 + n % 7)
        asked.update()
        shown.append(len(asked.released))
    assert shown == [0] * 19 + [10] * 10 + [20] * 10 + [30]
    asked.close()
    assert len(asked.released) == 40


def test_a_changed_answer_counts_until_it_is_shown_and_not_after() -> None:
    asked = LiveQuestion(VOTE)
    for person in PEOPLE[:12]:
        asked.take(person, "A")
    for person in PEOPLE[:5]:
        asked.take(person, "B")
    asked.close()
    asked.reveal()
    first = said(asked)
    assert first == {"A": 7, "B": 5}
    asked.reopen()
    for person in PEOPLE[:12]:
        asked.take(person, "B")
    asked.close()
    assert said(asked) == first


@pytest.mark.parametrize("late,expected", [(1, 12), (9, 12), (10, 22)])
def test_late_comers_are_shown_when_they_are_ten(late: int, expected: int) -> None:
    asked = question("AB" * 6, VOTE)
    asked.undo()
    asked.reopen()
    for number in range(late):
        asked.take(f"synthetic-late-{number}", "A")
    asked.close()
    asked.reveal()
    assert len(asked.released) == expected


@pytest.mark.parametrize("first,expected", [("AAABB", 5), ("AAABBB", 16)])
def test_what_was_shown_of_five_does_not_grow(first: str, expected: int) -> None:
    """One of them may be the only one who dissents, and would learn who came."""
    asked = question(first, VOTE)
    asked.reopen()
    for number in range(10):
        asked.take(f"synthetic-late-{number}", "A")
    asked.close()
    assert len(asked.released) == expected


def test_one_who_leaves_changes_no_picture() -> None:
    asked = question("AB" * 6, VOTE)
    before = asked.published
    asked.reopen()
    asked.take(PEOPLE[0], None)
    asked.close()
    assert asked.published == before


@given(st.integers(0, 40), st.booleans(), st.booleans())
def test_a_restart_changes_nothing(people: int, is_open: bool, is_revealed: bool) -> None:
    asked = LiveQuestion(RATING)
    asked.reveal()
    given_answers = {person: 1 + place % 7 for place, person in enumerate(PEOPLE[:people])}
    for person, answer in given_answers.items():
        asked.take(person, answer)
        asked.update()
    if not is_open:
        asked.close()
    if not is_revealed:
        asked.undo()
    after = LiveQuestion(RATING)
    for person, answer in sorted(given_answers.items(), reverse=True):
        after.take(person, answer)
    after.resume(asked.released, is_open=is_open, is_revealed=is_revealed)
    assert (after.published, after.released) == (asked.published, asked.released)
