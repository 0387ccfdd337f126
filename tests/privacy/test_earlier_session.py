"""Totals after those of an earlier session: what differs between the two is what five people or more said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations_with_replacement
from typing import Any

from course.privacy import MIN_CELL, Distribution, Notice, ResponseType, TwoSourceQuestion
from course.privacy.earlier_session import differing_answers
from tests.privacy.asking import RATING


def published(answers: Sequence[Any], earlier: Distribution, kind: Any, *, on_paper: bool = False) -> Any:
    return published_of_both(*(((), answers) if on_paper else (answers, ())), earlier, kind)


def published_of_both(phones: Sequence[Any], cards: Sequence[Any], earlier: Distribution, kind: Any) -> Any:
    question = TwoSourceQuestion(kind, earlier=[earlier])
    for source, answers in ((question.phones, phones), (question.cards, cards)):
        for number, answer in enumerate(answers):
            source.take(f"{number:03}", answer)
    question.close()
    question.reveal()
    return question.published


def totals(answers: Sequence[Any], kind: Any) -> Distribution:
    release = kind.release(answers)
    assert isinstance(release, Distribution)
    return release


VOTE = ResponseType.vote("ABC")
FIRST = [2, 3, 3, 4, 4, 4, 5, 5, 6, 6]


def test_one_newcomer_among_people_who_answer_as_before_is_not_told() -> None:
    for answer in range(1, 8):
        result = published([*FIRST, answer], totals(FIRST, RATING), RATING)
        assert result == Notice("not-beside")


def test_cards_are_held_against_it_as_phones_are() -> None:
    for on_paper in (False, True):
        assert isinstance(published([*FIRST, 7], totals(FIRST, RATING), RATING, on_paper=on_paper), Notice)
        grown = published([*FIRST, 1, 2, 3, 6, 7], totals(FIRST, RATING), RATING, on_paper=on_paper)
        assert isinstance(grown, Distribution)


def test_one_newcomer_is_not_told_where_some_of_the_rest_are_on_paper_now() -> None:
    """Each source differs from the first total by all who are on the other one; both together differ by one answer."""
    for answer in range(1, 8):
        for phones, cards in (([*FIRST, answer], FIRST), (FIRST, [*FIRST, answer])):
            result = published_of_both(phones, cards, totals([*FIRST, *FIRST], RATING), RATING)
            assert result == Notice("not-beside")
    moved = published_of_both([*FIRST, *FIRST[:5]], FIRST, totals([*FIRST, *FIRST], RATING), RATING)
    assert moved.people.count == 25


def test_whatever_both_sources_say_what_is_shown_of_them_differs_by_five_answers_or_more() -> None:
    first = totals("A" * 6 + "B" * 7 + "C" * 7, VOTE)
    rooms = ["".join(room) for room in combinations_with_replacement("ABC", 10)]
    results = [published_of_both(phones, cards, first, VOTE) for phones in rooms[::3] for cards in rooms]
    shown = [result for result in results if isinstance(result, Distribution)]
    assert len(results) > len(shown) > 100
    assert all(differing_answers(VOTE, first, result) >= MIN_CELL for result in shown)


def test_whatever_ten_people_answer_and_up_to_four_come_or_go_none_of_them_is_told() -> None:
    """The attacker knows that the rest answered as before: then the difference has to stay untold."""
    first = "AAAABBBCCC"
    for many in range(1, MIN_CELL):
        for come in combinations_with_replacement("ABC", many):
            assert not isinstance(published([*first, *come], totals(first, VOTE), VOTE), Distribution)
        for kept in {"".join(sorted(first)[many:]), first[:-many]}:
            assert not isinstance(published(kept, totals(first, VOTE), VOTE), Distribution)


def test_whatever_is_shown_differs_by_five_answers_or_more() -> None:
    first = "AAAABBBCCC"
    shown = 0
    for later in combinations_with_replacement("ABC", 10):
        result = published(later, totals(first, VOTE), VOTE)
        if isinstance(result, Distribution):
            shown += 1
            assert (Counter(later) - Counter(first)).total() >= MIN_CELL
    assert shown


def test_a_full_total_and_a_banded_one_are_compared_in_bands() -> None:
    few = [2, 3, 4, 5, 6, 7]
    assert differing_answers(RATING, totals(FIRST, RATING), totals(few, RATING)) == 4
    assert differing_answers(RATING, totals(few, RATING), totals(FIRST, RATING)) == 4


def test_a_second_time_is_held_against_the_first_of_its_own_session_too() -> None:
    earlier = totals("A" * 15 + "C" * 5, VOTE)
    first = TwoSourceQuestion(VOTE, earlier=[earlier])
    second = TwoSourceQuestion(VOTE, first, earlier=[earlier])
    for question, answers in ((first, "A" * 10 + "B" * 10), (second, "A" * 10 + "B" * 11)):
        for number, answer in enumerate(answers):
            question.phones.take(f"{number:03}", answer)
        question.close()
        question.reveal()
    assert isinstance(first.published, Distribution)
    assert second.published == Notice("not-beside")


def test_a_refusal_is_for_good() -> None:
    question = TwoSourceQuestion(RATING, earlier=[totals(FIRST, RATING)])
    for number, answer in enumerate([*FIRST, 7, 7, 7, 7]):
        question.phones.take(f"{number:03}", answer)
    question.close()
    question.reveal()
    question.reopen()
    question.phones.take("one more", 7)
    question.close()
    assert question.published == Notice("not-beside")
