"""A question that is asked again: two pictures of a room tell no more of anyone than each does alone."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.privacy import LiveQuestion, ResponseType, live_release
from tests.cases import every
from tests.privacy.asking import PEOPLE, RATING, VOTE, question, said

# When it is shown


def again(first: Sequence[Any], second: Sequence[Any], kind: ResponseType = VOTE) -> Any:
    """What is said of a second vote of the same people, of whom the last may be gone."""
    asked = LiveQuestion(kind, question(first, kind))
    for person, answer in zip(PEOPLE, second, strict=False):
        asked.take(person, answer)
    asked.close()
    asked.reveal()
    return said(asked)


@every("movers,is_shown", [(0, False), (1, False), (4, False), (5, True), (8, True)])
def test_a_vote_asked_again_is_shown_if_five_say_something_else(movers: int, is_shown: bool) -> None:
    second = ["B" if place < 2 * movers else "AB"[place % 2] for place in range(20)]
    expected = {"A": 10 - movers, "B": 10 + movers} if is_shown else "not-beside"
    assert again("AB" * 10, second) == expected


@pytest.mark.parametrize("leavers", [1, 4])
def test_whether_it_is_shown_is_told_by_the_counts_and_not_by_who_changed(leavers: int) -> None:
    assert again("AABB" + "A" * 12, ("AAAA" + "B" * 12)[:-leavers]) == {"A": 4, "B": 12 - leavers}
    assert again("AB" * 8, ("BA" * 8)[:-leavers]) == "not-beside", "everyone changed, and the counts did not"


@every(
    "first,second,expected",
    [
        ("A" * 20, "A" * 10 + "B" * 10, {"A": 10, "B": 10}),
        ("A" * 20, "A" * 14 + "B" * 6, {"A": 14, "B": 6}),
        ("A" * 20, "A" * 15 + "B" * 5, "not-beside"),
        ("AB" * 10, "A" * 20, "close-together"),
        ("A" * 14 + "B" * 6, "A" * 20, "close-together"),
        ("A" * 15 + "B" * 5, "A" * 20, "not-beside"),
        ("A" * 20, "B" * 20, "not-beside"),
        ("AAAAABBBB", "AAAAABBBBB", "not-beside"),
        ("AAAAABBBB", "AAAAABBBBBBBB", "not-beside"),
        ("AAAAABBBB", "AAAAABBBBBBBBB", {"A": 5, "B": 9}),
    ],
)
def test_where_a_sentence_stood_for_a_picture_it_is_shown_if_five_must_have_moved(
    first: str, second: str, expected: Any
) -> None:
    """Whatever was behind the sentence: that it is shown must not tell what was."""
    assert again(first, second) == expected


@pytest.mark.parametrize("movers,is_shown", [(5, False), (9, False), (10, True)])
def test_of_two_that_were_open_at_once_ten_must_have_touched_the_second_since(movers: int, is_shown: bool) -> None:
    """Else one of five who all changed their minds would know what the other four said."""
    first = LiveQuestion(VOTE)
    second = LiveQuestion(VOTE, first)
    for asked in (first, second):
        for place, person in enumerate(PEOPLE[:30]):
            asked.take(person, "AB"[place < 6])
    first.close()
    first.reveal()
    for person in PEOPLE[10 : 10 + movers]:
        second.take(person, "B")
    second.close()
    second.reveal()
    assert said(second) == ({"A": 14, "B": 16} if is_shown else "not-beside")


@pytest.mark.parametrize("people,is_shown", [(9, False), (10, True)])
def test_in_a_room_of_fewer_than_ten_nothing_is_shown_twice(people: int, is_shown: bool) -> None:
    low, high = [1] * (people - 2) + [7] * 2, [7] * (people - 2) + [1] * 2
    assert again(low, high, RATING) == ({1: 2, 7: 8} if is_shown else "not-beside")


@every(
    "first,second,expected",
    [
        ([2] * 3 + [7] * 6, [2] * 3 + [7] * 6 + [1], "not-beside"),
        ([2] * 3 + [7] * 6, [1] * 3 + [6] * 6 + [1] * 5, {1: 8, 6: 6}),
        ([2] * 3 + [7] * 8, [2] * 3 + [7] * 6, "not-beside"),
    ],
)
def test_one_shown_in_bands_and_one_in_full_are_compared_in_bands(first: Any, second: Any, expected: Any) -> None:
    """Else each answer of the full one would seem to have moved, and the one who came would be told."""
    assert again(first, second, RATING) == expected


def test_two_shown_in_full_are_compared_in_full() -> None:
    assert again([1] * 10 + [7] * 10, [3] * 10 + [7] * 10, RATING) == {3: 10, 7: 10}


def test_the_first_does_not_grow_once_the_second_was_shown() -> None:
    first = question("AB" * 10, VOTE)
    second = LiveQuestion(VOTE, first)
    for person in PEOPLE[:20]:
        second.take(person, "A")
    second.close()
    second.reveal()
    first.reopen()
    for person in PEOPLE[20:]:
        first.take(person, "A")
    first.close()
    assert (said(first), said(second)) == ({"A": 10, "B": 10}, "close-together")


def test_one_who_left_between_two_ratings_is_not_given_away() -> None:
    first = [1, 7] * 10
    assert again(first, first[:-1], RATING) == "not-beside"


# The reader who knows the rules, who acts when, and their own answers


class Room:
    """Two votes in one room; what the wire carries of them."""

    def __init__(self, kind: ResponseType) -> None:
        self.first = LiveQuestion(kind)
        self.second = LiveQuestion(kind, self.first)

    def ask(self, asked: LiveQuestion, answers: Mapping[str, Any]) -> None:
        for person in sorted(answers):
            asked.take(person, answers[person])
        asked.close()
        asked.reveal()

    def wire(self, first: Mapping[str, Any], second: Mapping[str, Any]) -> tuple[str, str]:
        self.ask(self.first, first)
        self.ask(self.second, second)
        return repr(self.first.published), repr(self.second.published)


def joint(options: str, people: int) -> Iterator[tuple[tuple[str, str], ...]]:
    """Give each way in which so many people, of whom none is known from another, may vote twice."""
    return itertools.combinations_with_replacement([*itertools.product(options, repeat=2)], people)


def groups_told(options: str, stayed: int, left: int, came: int, reader: str) -> Iterator[tuple[Any, int]]:
    """Yield each wire that tells how people answered, with how many it tells the same answer of.

    Who stayed voted twice, who left only the first time, who came only the second; and the reader, "" for none.
    """
    nothing = ("",)
    times: dict[str, tuple[Iterable[str], Iterable[str]]] = {
        "": (nothing, nothing),
        "stayed": (options, options),
        "left": (options, nothing),
        "came": (nothing, options),
    }
    for mine in itertools.product(*times[reader]):
        said_of: dict[Any, dict[tuple[str, int], set[str]]] = defaultdict(lambda: defaultdict(set))
        for both in joint(options, stayed):
            for gone in itertools.combinations_with_replacement(options, left):
                for new in itertools.combinations_with_replacement(options, came):
                    votes = [*both, *((one, "") for one in gone), *(("", one) for one in new), mine]
                    first, second = (
                        {f"synthetic-{place:02d}": vote[which] for place, vote in enumerate(votes) if vote[which]}
                        for which in (0, 1)
                    )
                    groups = said_of[Room(ResponseType.vote(options)).wire(first, second)]
                    groups["stayed", 0] |= {one for one, _ in both}
                    groups["stayed", 1] |= {one for _, one in both}
                    groups["left", 0] |= {*gone}
                    groups["came", 1] |= {*new}
        many = {"stayed": stayed, "left": left, "came": came}
        for wire, groups in said_of.items():
            for which, option in itertools.product((0, 1), options):
                known = [role for (role, when), answers in groups.items() if when == which and answers == {option}]
                if known:
                    yield (mine, wire), sum(many[role] for role in known)


READERS = ["", "stayed", "left", "came"]


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("stayed,left,came", [(9, 1, 0), (9, 1, 1), (10, 0, 1), (9, 2, 0), (13, 1, 0), (8, 4, 0)])
def test_two_votes_tell_no_reader_what_fewer_than_five_said(stayed: int, left: int, came: int, reader: str) -> None:
    assert [
        groups for groups in groups_told("AB", stayed, left, came, reader) if groups[1] < live_release.MIN_CELL
    ] == []


@pytest.mark.slow
@pytest.mark.usefixtures("three_for_five")
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "options,stayed,left,came", [("ABC", 4, 1, 1), ("ABC", 3, 2, 2), ("AB", 6, 3, 2), ("AB", 3, 2, 5)]
)
def test_in_smaller_rooms_neither_do_more_options(options: str, stayed: int, left: int, came: int, reader: str) -> None:
    assert [
        groups for groups in groups_told(options, stayed, left, came, reader) if groups[1] < live_release.MIN_CELL
    ] == []


# Any two people could swap


KINDS = [VOTE, ResponseType.vote("ABC"), RATING, ResponseType.rating(3)]
Votes = dict[str, Any]


@st.composite
def rooms(draw: st.DrawFn) -> tuple[ResponseType, Votes, Votes]:
    """A kind, and who says what the first and the second time; many say the same again."""
    kind = draw(st.sampled_from(KINDS))
    answer = st.sampled_from([*kind.bands])
    first = {person: draw(answer) for person in PEOPLE[: draw(st.integers(5, 20))]}
    left = draw(st.integers(0, 5))
    second = dict(list(first.items())[left:]) | {person: draw(answer) for person in PEOPLE[20 : 20 + left]}
    movers = draw(st.lists(st.sampled_from([*second]), max_size=12)) if second else []
    return kind, first, second | {person: draw(answer) for person in movers}


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(rooms(), st.integers(0, 1), st.data())
def test_two_people_who_swap_answers_change_nothing(
    room: tuple[ResponseType, Votes, Votes], which: int, data: Any
) -> None:
    """What two pictures, or “not beside the first”, tell of one person, they could tell of any other in them."""
    kind, *votes = room
    before = Room(kind).wire(*votes)
    one, other = data.draw(st.lists(st.sampled_from([*votes[which]]), min_size=2, max_size=2, unique=True))
    votes[which] |= {one: votes[which][other], other: votes[which][one]}
    assert Room(kind).wire(*votes) == before


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(rooms())
def test_if_a_second_is_shown_five_answers_moved(room: tuple[ResponseType, Votes, Votes]) -> None:
    """Who takes it that people say the same again finds five or more who did not, and nobody who stands out."""
    kind, first, second = room
    watched = Room(kind)
    watched.wire(first, second)
    if watched.first.released and watched.second.released:
        assert (Counter(second.values()) - Counter(first.values())).total() >= live_release.MIN_CELL


# Refused once


@pytest.mark.parametrize("touch", [1, 20])
def test_what_was_refused_is_not_shown_later(touch: int) -> None:
    """That a picture appears would tell what those few said who touched a phone in between."""
    first = question("AB" * 10, VOTE)
    second = LiveQuestion(VOTE, first)
    for place, person in enumerate(PEOPLE[:20]):
        second.take(person, "A" if place < 6 else "B")
    second.close()
    second.reveal()
    assert said(second) == "not-beside"
    second.reopen()
    for person in PEOPLE[:touch]:
        second.take(person, "B")
    second.close()
    assert said(second) == "not-beside"
    after = LiveQuestion(VOTE, question("AB" * 10, VOTE))
    after.resume({}, is_open=False, is_revealed=True, is_refused=second.is_refused)
    after.update()
    assert said(after) == "not-beside"


def test_who_touched_only_the_first_question_has_not_acted_on_the_second() -> None:
    first = LiveQuestion(VOTE)
    second = LiveQuestion(VOTE, first)
    for asked in (first, second):
        for place, person in enumerate(PEOPLE[:30]):
            asked.take(person, "AB"[place < (6 if asked is first else 12)])
    first.close()
    first.reveal()
    first.reopen()
    for person in PEOPLE[:20]:
        first.take(person, "A")
    second.close()
    second.reveal()
    assert said(second) == "not-beside"


@every("is_known,expected", [(True, {"A": 4, "B": 16}), (False, "not-beside")])
def test_after_a_restart_those_count_who_had_not_answered_yet_when_the_first_was_shown(
    is_known: bool, expected: Any
) -> None:
    """Where a store of an earlier version does not say who had, nobody counts."""
    before = LiveQuestion(VOTE)
    second_before = LiveQuestion(VOTE, before)
    for number, person in enumerate(PEOPLE[:20]):
        before.take(person, "AB"[number % 2])
        if number < 10:
            second_before.take(person, "A", 1)
    before.close()
    before.reveal()
    assert before.touched_before == {second_before: dict.fromkeys(PEOPLE[:10], 1)}
    first = LiveQuestion(VOTE)
    second = LiveQuestion(VOTE, first)
    for number, person in enumerate(PEOPLE[:20]):
        first.take(person, "AB"[number % 2])
        second.take(person, "AB"[number >= 4], 1 if number < 10 else 2)
    first.resume(before.released, {second: dict.fromkeys(PEOPLE[:10], 1)} if is_known else None,
                 is_open=False, is_revealed=True)  # fmt: skip
    second.resume({}, is_open=True, is_revealed=False)
    second.close()
    second.reveal()
    assert said(second) == expected


@every("movers,expected", [(9, "not-beside"), (10, {"A": 4, "B": 16})])
def test_after_a_restart_those_count_who_have_answered_again_since_the_first_was_shown(
    movers: int, expected: Any
) -> None:
    answers = {person: "AB"[number % 2] for number, person in enumerate(PEOPLE[:20])}
    first = LiveQuestion(VOTE)
    second = LiveQuestion(VOTE, first)
    for number, (person, answer) in enumerate(answers.items()):
        first.take(person, answer, 1)
        second.take(person, "AB"[number >= 4], 2 if number < movers else 1)
    first.resume(answers, {second: dict.fromkeys(PEOPLE[:20], 1)}, is_open=False, is_revealed=True)
    second.resume({}, is_open=True, is_revealed=False)
    second.close()
    second.reveal()
    assert said(second) == expected


def test_a_second_vote_that_was_refused_does_not_stand_in_the_way_of_a_third() -> None:
    first = question("AB" * 10, VOTE)
    second = LiveQuestion(VOTE, first)
    third = LiveQuestion(VOTE, second)
    for person, answer in zip(PEOPLE, "AB" * 10, strict=False):
        second.take(person, answer)
    second.close()
    second.reveal()
    for person, answer in zip(PEOPLE, "A" * 4 + "B" * 16, strict=False):
        third.take(person, answer)
        second.update()
    third.close()
    third.reveal()
    assert (said(second), said(third)) == ("not-beside", {"A": 4, "B": 16})
