"""A live room: whoever reads the whole wire and knows one answer works out nobody else's, or that of five at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from course.privacy import Distribution, LiveQuestion, PublishedCount, ResponseType, live_release
from tests.cases import every
from tests.privacy.asking import PEOPLE, RATING, VOTE
from tests.privacy.watchers import changed, events, pictures_seen, worked_out

# The reader of the wire, who tries every room that would look the same


class Naive:
    """Rules that fall short, to see that the reader finds it out."""

    kept_back = 0
    step = 1

    def __init__(self, after: Any = None) -> None:
        self.answers: dict[str, str] = {}
        self.released: dict[str, str] = {}
        self.is_open, self.is_revealed = True, False

    def take(self, person: str, answer: str | None) -> None:
        self.answers = (
            {**self.answers, person: answer} if answer else {k: v for k, v in self.answers.items() if k != person}
        )

    def update(self) -> None:
        waiting = changed(self.released, self.answers)
        if self.is_revealed and (waiting >= self.step or not self.is_open):
            self.released = dict(self.answers)

    @property
    def published(self) -> Any:
        votes = list(self.released.values())
        return (votes.count("A"), len(votes)) if self.is_revealed and len(votes) >= live_release.MIN_CELL else None

    def reveal(self) -> None:
        self.is_revealed = True

    def undo(self) -> None:
        self.is_revealed = False

    def close(self) -> None:
        self.is_open = False

    def reopen(self) -> None:
        self.is_open = True


class StepsOfFive(Naive):
    """A step of five, and at the end the rest, however few."""

    @property
    def step(self) -> int:  # type: ignore[override]
        return live_release.MIN_CELL


class ShownOnce(StepsOfFive):
    """Released only when it closes; revealed again with whatever is said by then."""

    def update(self) -> None:
        if self.is_revealed and not self.is_open:
            self.released = dict(self.answers)


HAPPENED = [
    "abcdef close reveal",
    "reveal abcdefghijkl close",
    "abcdef close reveal reopen g close",
    "abcdef close reveal undo reopen a close reveal",
    "abcdef close reveal reopen -c close",
    "abcdef close reveal reopen ghijkl close",
    "abcd close reveal reopen -ab cd efgh close",
    "abcdef close reveal again abcdef close reveal",
    "abcde close reveal again abcdef close reveal",
    "abcdef close reveal again bcdef close reveal",
    "abcdef close reveal again abcdeg close reveal",
]


@pytest.mark.slow
@pytest.mark.usefixtures("three_for_five")
@pytest.mark.parametrize("happened", HAPPENED)
def test_no_reader_works_out_fewer_than_five(happened: str) -> None:
    for _, people in worked_out(lambda after: LiveQuestion(VOTE, after), events(happened)):
        assert len(people) >= live_release.MIN_CELL


@pytest.mark.usefixtures("three_for_five")
@pytest.mark.parametrize(
    "rule_of,happened",
    [
        (Naive, "reveal abcdefg close"),
        (StepsOfFive, "reveal abcdefg close"),
        (ShownOnce, "abcdef close reveal undo reopen a close reveal"),
        (ShownOnce, "abcdef close reveal reopen g close"),
        (ShownOnce, "abcdef close reveal reopen -c close"),
    ],
)
def test_the_same_reader_finds_out_lesser_rules(rule_of: Callable[[Any], Any], happened: str) -> None:
    assert any(0 < len(people) < live_release.MIN_CELL for _, people in worked_out(rule_of, events(happened)))


# The same over long courses of events, by who is in each picture


class Room(RuleBasedStateMachine):
    """A question and the same asked again, in a room that comes and goes; a reader notes every picture."""

    def make(self, after: Any) -> Any:
        return LiveQuestion(self.kind, after)

    @initialize(kind=st.sampled_from([VOTE, RATING]))
    def begin(self, kind: ResponseType) -> None:
        self.kind = kind
        self.first = self.make(None)
        self.questions = [self.first, self.make(self.first)]
        self.seen: list[dict[str, Any]] = []
        self.wires: dict[int, Any] = {}

    @rule(which=st.integers(0, 1), people=st.sets(st.sampled_from(PEOPLE), max_size=30), seed=st.randoms())
    def answer(self, which: int, people: set[str], seed: Any) -> None:
        asked = self.questions[which]
        for person in sorted(people) if asked.is_open else []:
            asked.take(person, seed.choice([*self.kind.bands]))
            asked.update()

    @rule(which=st.integers(0, 1), people=st.sets(st.sampled_from(PEOPLE), max_size=12))
    def withdraw(self, which: int, people: set[str]) -> None:
        for person in people if self.questions[which].is_open else ():
            self.questions[which].take(person, None)
        self.questions[which].update()

    @precondition(lambda self: self.first.released)
    @rule(people=st.sets(st.sampled_from(PEOPLE), max_size=6), seed=st.randoms())
    def say_the_same_again(self, people: set[str], seed: Any) -> None:
        again = self.questions[1]
        for person, answer in self.first.released.items() if again.is_open else ():
            again.take(person, seed.choice([*self.kind.bands]) if person in people else answer)

    @rule(which=st.integers(0, 1), act=st.sampled_from(["reveal", "undo", "close", "reopen", "reveal", "close"]))
    def lead(self, which: int, act: str) -> None:
        getattr(self.questions[which], act)()

    @invariant()
    def any_two_pictures_differ_by_nobody_or_by_five(self) -> None:
        for asked in self.questions:
            picture = dict(asked.released)
            if picture and asked.is_revealed:
                assert len(picture) >= live_release.MIN_CELL
                assert all(changed(earlier, picture) in (0, *range(live_release.MIN_CELL, 41)) for earlier in self.seen)
                self.seen += [picture] if picture not in self.seen else []

    @invariant()
    def the_wire_is_what_the_people_in_the_picture_said(self) -> None:
        for asked in self.questions:
            wire = asked.published
            if isinstance(wire, Distribution):
                assert wire == self.kind.release(list(asked.released.values()))
                assert wire.people == PublishedCount(len(asked.released), len(asked.released))
                assert wire.in_bands is (len(asked.released) < 10)
                assert sum(part.count for part in wire.counts.values()) == wire.people.count


Room.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
TestRoom = Room.TestCase


LESSER = [
    (Naive, "reveal abcdefgh close"),
    (StepsOfFive, "reveal abcdefgh close"),
    (ShownOnce, "abcdefgh close reveal undo reopen a close reveal"),
    (ShownOnce, "abcdefgh close reveal reopen -c close"),
    (ShownOnce, "abcdefgh close reveal again abcdefgi close reveal"),
]


@every("rule_of,happened", LESSER)
def test_the_same_watcher_catches_lesser_rules(rule_of: Callable[[Any], Any], happened: str) -> None:
    def too_near(make: Callable[[Any], Any]) -> bool:
        seen = pictures_seen(make, events(happened), "ABABABABBBABABAB")
        return any(0 < changed(one, other) < live_release.MIN_CELL for one in seen for other in seen)

    assert too_near(rule_of)
    assert not too_near(lambda after: LiveQuestion(VOTE, after))
