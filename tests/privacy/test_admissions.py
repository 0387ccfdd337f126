"""Removing phones: a facilitator who opens and shuts the door and removes as they like works out nobody's answer.

Every order of doing so is tried with small groups and three in place of five, by `meetings`, which knows the rules and
every card. Larger meetings follow as a state machine, which keeps its own account of people and answers.
"""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from course.privacy import MIN_CELL, Distribution, LiveQuestion, ResponseType, TwoSourceQuestion
from course.privacy.admissions import Admissions, removed_writers
from tests.cases import every
from tests.privacy.asking import PEOPLE, RATING, VOTE, said
from tests.privacy.asking import question as asked_question
from tests.privacy.meetings import ByAnotherName, CountedAnew, Rules, few
from tests.privacy.watchers import changed

# Every order, in small groups

BEFORE = ("", "remove open", "close reveal reopen shut open")
BETWEEN = (
    "remove", "shut open remove open", "close remove reveal reopen open", "close reveal remove reopen open",
    "remove again open", "close reveal again remove open",
)  # fmt: skip
AFTER = ("close reveal", "close remove reveal", "undo remove close reveal")
WITH_CARDS, WITHOUT = "abc 1 {before} def 2 {between} {again} {after}", "abcd {before} efg {between} {again} {after}"


def courses(skeleton: str, again: str) -> list[str]:
    return [
        skeleton.format(before=before, between=between, again=again, after=after)
        for before, between, after in product(BEFORE, BETWEEN, AFTER)
    ]


@pytest.mark.slow
@pytest.mark.usefixtures("three_for_five")
def test_in_every_order_no_facilitator_works_out_fewer_than_five_who_say_the_same_each_time() -> None:
    for course in (*courses(WITH_CARDS, "def"), *courses(WITHOUT, "abcdefg")):
        assert few(Rules, course, 3, is_of_one_mind=True) == [], course


@pytest.mark.slow
@pytest.mark.usefixtures("three_for_five")
def test_in_every_order_no_facilitator_works_out_fewer_than_five_whatever_they_say() -> None:
    for course in (*courses(WITH_CARDS, "e"), *courses(WITHOUT, "ae")):
        assert few(Rules, course, 3, is_of_one_mind=False) == [], course


@pytest.mark.usefixtures("three_for_five")
@pytest.mark.parametrize(
    "rules,course",
    [
        (ByAnotherName, "ab remove open ab close reveal"),
        (ByAnotherName, "abcdefgh close reveal reopen remove open abcdef close reveal"),
        (CountedAnew, "abcde shut open f close reveal remove"),
        (CountedAnew, "abcde 123 shut open fgh close reveal remove"),
    ],
)
def test_the_same_facilitator_finds_out_lesser_rules(rules: type[Rules], course: str) -> None:
    is_of_one_mind = rules is ByAnotherName
    assert few(rules, course, 3, is_of_one_mind=is_of_one_mind)
    assert not few(Rules, course, 3, is_of_one_mind=is_of_one_mind)


# What is removed


@every("removed,counted", [(4, 24), (5, 19), (24, 0)])
def test_answers_leave_where_five_or_more_give_them_and_else_stay(removed: int, counted: int) -> None:
    question = LiveQuestion(VOTE)
    for number in range(24):
        question.take(PEOPLE[number], "AB"[number % 2], 1)
    leaving = question.remove(dict.fromkeys(PEOPLE[:removed], 2))
    assert len(leaving) == (removed if removed >= MIN_CELL else 0)
    question.close()
    question.reveal()
    published = question.published
    assert (published.people.count if isinstance(published, Distribution) else 0) == counted


def test_those_who_gave_no_answer_do_not_help_to_five() -> None:
    question = LiveQuestion(VOTE)
    for number in range(24):
        question.take(PEOPLE[number], "A" if number else None, 1)
    assert question.remove(dict.fromkeys(PEOPLE[:5], 2)) == frozenset()


@pytest.mark.parametrize("is_again", [False, True])
def test_what_was_released_stays_as_it_was(is_again: bool) -> None:
    question = LiveQuestion(VOTE)
    for number in range(24):
        question.take(PEOPLE[number], "AB"[number % 2], 1)
    question.close()
    question.reveal()
    released = question.published
    if is_again:
        question.undo()
    assert len(question.remove(dict.fromkeys(PEOPLE[:10], 2))) == 10
    question.reveal()
    assert question.published == released
    question.reopen()
    question.close()
    assert question.published == released


def test_answers_leave_a_closed_question_that_was_not_shown_and_no_cards_leave() -> None:
    question = TwoSourceQuestion(VOTE)
    for number in range(24):
        question.phones.take(PEOPLE[number], "AB"[number % 2], 1)
        question.cards.take(f"card {number}", "AB"[number % 2])
    question.close()
    question.phones.remove(dict.fromkeys(PEOPLE[12:], 2))
    question.reveal()
    published = question.published
    assert isinstance(published, Distribution)
    assert published.people.count == 36
    assert not question.is_open


def test_who_holds_many_phones_reads_the_others_as_the_guide_says() -> None:
    """What no threshold can prevent: with four of five phones a rating's band, with five of ten the whole picture."""
    bands = {RATING.bands[fifth]: said(asked_question([1, 2, 4, 7, fifth])) for fifth in range(1, 8)}
    assert len({repr(seen) for seen in bands.values()}) == len(bands) == 3
    own, others = [1, 2, 4, 6, 7], [3, 3, 5, 7, 1]
    assert Counter(said(asked_question([*own, *others]))) - Counter(own) == Counter(others)


def test_only_those_are_removed_who_came_since_the_door_was_last_opened() -> None:
    admissions, people = Admissions(), set(PEOPLE[:10])
    admissions.open(people)
    people |= set(PEOPLE[10:16])
    assert admissions.remove_latest(people) == set(PEOPLE[10:16])
    assert admissions.remove_latest(people) == frozenset()
    admissions.open(people)
    admissions.admit_again(PEOPLE[12])
    people.add(PEOPLE[20])
    assert admissions.latest(people) == {PEOPLE[12], PEOPLE[20]}
    assert [admissions.is_removed(person) for person in PEOPLE[11:13]] == [True, False]


@every("came,number", [(4, 10), (5, 10), (9, 10), (10, 10)])
def test_the_number_of_phones_goes_down_by_five_or_more_only(came: int, number: int) -> None:
    admissions, people = Admissions(), set(PEOPLE[:10])
    admissions.open(people)
    people |= set(PEOPLE[10 : 10 + came])
    before = admissions.rounded_number(people)
    admissions.remove_latest(people)
    assert admissions.rounded_number(people) == number
    assert (admissions.number(people) == 10 + came) == (came < MIN_CELL)
    assert before - number in (0, 5, 10)


def test_all_of_it_is_there_again_after_a_restart() -> None:
    admissions, people = Admissions(), set(PEOPLE[:10])
    admissions.open(people)
    people |= set(PEOPLE[10:18])
    admissions.remove_latest(people)
    admissions.open(people)
    people |= set(PEOPLE[18:20])
    again = Admissions(admissions.to_store())
    assert again.to_store() == admissions.to_store()
    assert (again.latest(people), again.number(people)) == (set(PEOPLE[18:20]), 12)


# Lines


@every(
    "writers,waiting,is_open,leave",
    [
        ("abcd vwxyz", "", False, 0),
        ("abcde vwxyz", "", False, 5),
        ("abcde vwxy", "", False, 0),
        ("abcde v", "", False, 0),
        ("abcde", "", False, 5),
        ("abcde vwxyz", "vwxyz", True, 5),
        ("abcde vwxyz", "vwxy", True, 0),
        ("abcde vwxyz", "abcde", True, 0),
        ("abcde", "abcde", True, 0),
        ("abcd vwxyz", "abcd vwxyz", True, 0),
    ],
)
def test_lines_leave_where_they_and_those_that_stay_are_of_five(
    writers: str, waiting: str, is_open: bool, leave: int
) -> None:
    names = {name for name in writers if name != " "}
    assert len(removed_writers(set("abcde"), names, set(waiting), is_open=is_open)) == leave


# The same in long courses of events


class MeetingWithADoor(RuleBasedStateMachine):
    """Two questions that ask the same, with cards, and a door; an account of who is where is kept beside the rules."""

    @initialize(kind=st.sampled_from([VOTE, RATING]))
    def begin(self, kind: ResponseType) -> None:
        self.kind, self.revision = kind, 0
        self.first = TwoSourceQuestion(kind)
        self.questions = [self.first, TwoSourceQuestion(kind, self.first)]
        self.admissions, self.people = Admissions(), set[str]()
        self.is_shut = False
        self.inside, self.latest, self.outside = set[str](), set[str](), set[str]()
        self.answers: list[dict[str, Any]] = [{}, {}]
        self.seen: list[dict[str, Any]] = []
        self.number, self.has_removed_five = 0, False

    def update(self) -> None:
        for question in self.questions:
            question.update()

    @rule(many=st.integers(1, 12), act=st.sampled_from(["", "open", "shut and open"]), seed=st.randoms())
    def come(self, many: int, act: str, seed: Any) -> None:
        """Have people come, after the facilitator has perhaps opened the door; they answer what is open."""
        if act and (act == "shut and open" or self.is_shut):
            self.admissions.open(self.people)
            self.latest.clear()
            self.is_shut = False
        came = [one for one in PEOPLE if one not in self.inside][:many] if not self.is_shut else []
        for person in came:
            if person in self.outside:
                self.admissions.admit_again(person)
                self.outside.discard(person)
            self.people.add(person)
            self.inside.add(person)
            self.latest.add(person)
        for which in (0, 1):
            self.say(which, came, seed)

    @rule()
    def shut(self) -> None:
        self.is_shut = True

    def say(self, which: int, people: list[str], seed: Any) -> None:
        self.revision += 1
        for person in people if self.questions[which].is_open else []:
            said = seed.choice([*self.kind.bands] * 3 + [None])
            self.questions[which].phones.take(person, said, self.revision)
            self.answers[which].pop(person, None)
            self.answers[which] |= {person: said} if said is not None else {}
        self.update()

    @precondition(lambda self: self.latest)
    @rule()
    def remove(self) -> None:
        self.revision += 1
        published = [question.published for question in self.questions]
        group = self.admissions.remove_latest(self.people)
        assert group == self.latest
        for question, answers in zip(self.questions, self.answers, strict=True):
            gave = {person for person in answers if person in group}
            leaving = question.phones.remove(dict.fromkeys(group, self.revision))
            assert leaving == (gave if len(gave) >= MIN_CELL else set())
            for person in leaving:
                del answers[person]
        self.inside -= group
        self.outside |= group
        self.has_removed_five = len(group) >= MIN_CELL
        self.latest.clear()
        self.is_shut = True
        self.update()
        assert [question.published for question in self.questions] == published, "something came of removing"

    @rule(which=st.integers(0, 1), part=st.floats(0.2, 1), seed=st.randoms())
    def answer(self, which: int, part: float, seed: Any) -> None:
        self.say(which, [person for person in sorted(self.inside) if seed.random() < part], seed)

    @rule(which=st.integers(0, 1), many=st.integers(1, 12), seed=st.randoms())
    def count_cards(self, which: int, many: int, seed: Any) -> None:
        if self.questions[which].is_open:
            for card in range(many):
                self.questions[which].cards.take(f"card {self.revision} {card}", seed.choice([*self.kind.bands]))
        self.update()

    @rule(which=st.integers(0, 1), act=st.sampled_from(["reveal", "undo", "close", "reopen", "reveal", "close"]))
    def lead(self, which: int, act: str) -> None:
        getattr(self.questions[which], act)()
        self.update()

    @invariant()
    def any_two_pictures_differ_by_nobody_or_by_five_people(self) -> None:
        for question in self.questions:
            picture = dict(question.phones.released)
            if picture and question.phones.is_revealed:
                assert len(picture) >= MIN_CELL
                assert all(changed(earlier, picture) in (0, *range(MIN_CELL, 41)) for earlier in self.seen)
                self.seen += [picture] if picture not in self.seen else []

    @invariant()
    def the_number_of_phones_goes_down_by_five_or_not_at_all(self) -> None:
        number = self.admissions.rounded_number(self.people)
        assert number % MIN_CELL == 0
        assert number >= self.number or self.has_removed_five
        self.number, self.has_removed_five = number, False
        assert self.admissions.number(self.people) >= len(self.inside)
        assert len(self.people) - self.admissions.number(self.people) <= len(self.outside)

    @invariant()
    def nobody_is_new_who_was_here_before(self) -> None:
        assert self.inside | self.outside == self.people
        assert {person for person in self.people if self.admissions.is_removed(person)} == self.outside


MeetingWithADoor.TestCase.settings = settings(max_examples=100, stateful_step_count=25, deadline=None)
TestMeetingWithADoor = pytest.mark.slow(MeetingWithADoor.TestCase)


def test_the_first_group_is_all_until_the_door_opens_again_or_somebody_is_removed() -> None:
    opened_again, removed = Admissions(), Admissions()
    assert opened_again.is_first_group
    opened_again.open("abcde")
    removed.remove_latest("abcde")
    assert not opened_again.is_first_group
    assert not removed.is_first_group
