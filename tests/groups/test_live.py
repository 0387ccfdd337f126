"""A live room: whoever reads the whole wire and knows one answer works out nobody else's, or that of five at once."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from course.groups import Kind, LiveQuestion, Picture, Sentence, Shown, by_fives, change, changed, live, pictures
from tests.groups.watchers import events, pictures_seen, worked_out

PEOPLE = [f"synthetic-{number:03d}" for number in range(40)]
VOTE, RATING = Kind.vote("AB"), Kind.rating()


def question(answers: Any, kind: Kind = RATING) -> LiveQuestion:
    """A question that was answered, closed and revealed."""
    asked = LiveQuestion(kind)
    for person, answer in zip(PEOPLE, answers, strict=False):
        asked.take(person, answer)
    asked.close()
    asked.reveal()
    return asked


def said(asked: LiveQuestion) -> Any:
    wire = asked.on_the_wire
    return (
        wire.key
        if isinstance(wire, Sentence)
        else {key: part.count for key, part in wire.counts.items() if part.count}
        if wire
        else None
    )


# What is shown of so many answers


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
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
    assert said(question(votes, Kind.vote("ABC"))) == expected


def test_five_or_more_is_said_without_how_many() -> None:
    wires = {question("A" * n + "BB", VOTE).on_the_wire for n in (5, 6, 7)}
    assert wires == {Sentence("five-or-more", "A")}


def test_nothing_is_on_the_wire_before_a_reveal_or_after_it_is_undone() -> None:
    asked = LiveQuestion(RATING)
    for person in PEOPLE[:30]:
        asked.take(person, 4)
    asked.close()
    assert asked.on_the_wire is None
    asked.reveal()
    asked.undo()
    assert asked.on_the_wire is None


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
        shown.append(len(asked.shown))
    assert shown == [0] * 19 + [10] * 10 + [20] * 10 + [30]
    asked.close()
    assert len(asked.shown) == 40


def test_the_number_answered_moves_in_fives_and_never_down() -> None:
    asked = LiveQuestion(RATING)
    numbers = []
    for person in PEOPLE[:11]:
        asked.take(person, 4)
        numbers.append(asked.answered)
    for person in PEOPLE[:11]:
        asked.take(person, None)
    assert [*numbers, asked.answered] == [0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10, 10]
    assert by_fives(29) == 25


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
    assert len(asked.shown) == expected


def test_one_who_leaves_changes_no_picture() -> None:
    asked = question("AB" * 6, VOTE)
    before = asked.on_the_wire
    asked.reopen()
    asked.take(PEOPLE[0], None)
    asked.close()
    assert asked.on_the_wire == before


@pytest.mark.parametrize("movers,is_shown", [(0, False), (1, False), (4, False), (5, True), (8, True)])
def test_a_vote_asked_again_is_shown_if_five_say_something_else(movers: int, is_shown: bool) -> None:
    first = question("AB" * 10, VOTE)
    again = LiveQuestion(VOTE, first)
    again.reveal()
    for place, person in enumerate(PEOPLE[:20]):
        again.take(person, "B" if place < 2 * movers else "AB"[place % 2])
    again.close()
    assert isinstance(again.on_the_wire, Picture) is is_shown
    assert is_shown or said(again) == "little-changed"


def test_one_who_left_between_two_ratings_is_not_given_away() -> None:
    first = question([1, 7] * 10)
    again = LiveQuestion(RATING, first)
    for place, person in enumerate(PEOPLE[1:20], start=1):
        again.take(person, [1, 7][place % 2])
    again.close()
    again.reveal()
    assert said(again) == "little-changed"


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
    after.resume(asked.shown, asked.ever, is_open=is_open, is_revealed=is_revealed)
    assert (after.on_the_wire, after.answered, after.shown) == (asked.on_the_wire, asked.answered, asked.shown)


@pytest.mark.parametrize("leavers", [1, 4])
def test_whether_a_second_vote_is_shown_is_told_by_the_counts_and_not_by_who_changed(leavers: int) -> None:
    def again(first: str, second: str) -> Any:
        asked = LiveQuestion(VOTE, question(first, VOTE))
        for place, answer in enumerate(second):
            asked.take(PEOPLE[place], answer)
        asked.close()
        asked.reveal()
        return said(asked)

    assert again("AABB" + "A" * 12, ("AAAA" + "B" * 12)[:-leavers]) == {"A": 4, "B": 12 - leavers}
    assert again("AB" * 8, ("BA" * 8)[:-leavers]) == "little-changed", "everyone changed, and the counts did not"


def votes(people: int) -> Iterator[list[tuple[str, str]]]:
    """Give each way in which so many people may vote twice, whoever they are."""
    for same, up, down in itertools.product(range(people + 1), repeat=3):
        if same + up + down <= people:
            rest = people - same - up - down
            yield [("A", "A")] * same + [("A", "B")] * up + [("B", "A")] * down + [("B", "B")] * rest


@pytest.mark.parametrize("stayed", [10, 14])
def test_two_votes_with_one_who_left_between_do_not_tell_what_they_said(stayed: int) -> None:
    seen: dict[tuple[str, str], set[str]] = {}
    for left, rest in itertools.product("AB", votes(stayed)):
        first = LiveQuestion(VOTE)
        for place, answer in enumerate([*(one for one, _ in rest), left]):
            first.take(PEOPLE[place], answer)
        first.close()
        first.reveal()
        again = LiveQuestion(VOTE, first)
        for place, (_, answer) in enumerate(rest):
            again.take(PEOPLE[place], answer)
        again.close()
        again.reveal()
        if isinstance(first.on_the_wire, Picture) and isinstance(again.on_the_wire, Picture):
            seen.setdefault((repr(first.on_the_wire), repr(again.on_the_wire)), set()).add(left)
    assert seen, "some pairs of pictures are shown"
    assert [pair for pair, answers in seen.items() if len(answers) == 1] == []


# The reader of the wire, who tries every room that would look the same


class Naive:
    """Rules that fall short, to see that the reader finds it out."""

    kept_back = 0
    step = 1

    def __init__(self, after: Any = None) -> None:
        self.answers: dict[str, str] = {}
        self.shown: dict[str, str] = {}
        self.is_open, self.is_revealed, self.answered = True, False, 0

    def take(self, person: str, answer: str | None) -> None:
        self.answers = (
            {**self.answers, person: answer} if answer else {k: v for k, v in self.answers.items() if k != person}
        )

    def update(self) -> None:
        waiting = changed(self.shown, self.answers)
        if self.is_revealed and (waiting >= self.step or not self.is_open):
            self.shown = dict(self.answers)

    @property
    def on_the_wire(self) -> Any:
        votes = list(self.shown.values())
        return (votes.count("A"), len(votes)) if self.is_revealed and len(votes) >= live.FEW else None

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
        return live.FEW


class ShownOnce(StepsOfFive):
    """Shown only when it closes; revealed again with whatever is said by then."""

    def update(self) -> None:
        if self.is_revealed and not self.is_open:
            self.shown = dict(self.answers)


@pytest.fixture
def three_for_five(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rules with three in place of five, so that a room can be small enough to try every one."""
    for module in (live, change, pictures):
        monkeypatch.setattr(module, "FEW", 3)
    for module in (live, change):
        monkeypatch.setattr(module, "STEP", 6)
    monkeypatch.setattr(pictures, "MANY", 6)


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


@pytest.mark.usefixtures("three_for_five")
@pytest.mark.parametrize("happened", HAPPENED)
def test_no_reader_works_out_fewer_than_five(happened: str) -> None:
    for _, found in worked_out(lambda after: LiveQuestion(VOTE, after), events(happened)):
        assert len(found) >= live.FEW


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
    assert any(0 < len(found) < live.FEW for _, found in worked_out(rule_of, events(happened)))


# The same over long courses of events, by who is in each picture


class Room(RuleBasedStateMachine):
    """A question and the same asked again, in a room that comes and goes; a reader notes every picture."""

    def make(self, after: Any) -> Any:
        return LiveQuestion(self.kind, after)

    @initialize(kind=st.sampled_from([VOTE, RATING]))
    def begin(self, kind: Kind) -> None:
        self.kind = kind
        self.first = self.make(None)
        self.questions = [self.first, self.make(self.first)]
        self.seen: list[dict[str, Any]] = []
        self.wires: dict[int, Any] = {}
        self.answered = [0, 0]

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

    @precondition(lambda self: self.first.shown)
    @rule(people=st.sets(st.sampled_from(PEOPLE), max_size=6), seed=st.randoms())
    def say_the_same_again(self, people: set[str], seed: Any) -> None:
        again = self.questions[1]
        for person, answer in self.first.shown.items() if again.is_open else ():
            again.take(person, seed.choice([*self.kind.bands]) if person in people else answer)

    @rule(which=st.integers(0, 1), act=st.sampled_from(["reveal", "undo", "close", "reopen", "reveal", "close"]))
    def lead(self, which: int, act: str) -> None:
        getattr(self.questions[which], act)()

    @invariant()
    def any_two_pictures_differ_by_nobody_or_by_five(self) -> None:
        for asked in self.questions:
            picture = dict(asked.shown)
            if picture and asked.is_revealed:
                assert len(picture) >= live.FEW
                assert all(changed(earlier, picture) in (0, *range(live.FEW, 41)) for earlier in self.seen)
                self.seen += [picture] if picture not in self.seen else []

    @invariant()
    def the_wire_is_what_the_people_in_the_picture_said(self) -> None:
        for asked in self.questions:
            wire = asked.on_the_wire
            if isinstance(wire, Picture):
                assert wire == self.kind.picture(list(asked.shown.values()))
                assert wire.people == Shown(len(asked.shown), len(asked.shown))
                assert wire.in_bands is (len(asked.shown) < 10)
                assert sum(part.count for part in wire.counts.values()) == wire.people.count

    @invariant()
    def the_number_answered_only_grows_by_fives(self) -> None:
        latest = [asked.answered for asked in self.questions]
        assert all(now >= before and now % 5 == 0 for now, before in zip(latest, self.answered, strict=True))
        self.answered = latest


Room.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
TestRoom = Room.TestCase


LESSER = [
    (Naive, "reveal abcdefgh close"),
    (StepsOfFive, "reveal abcdefgh close"),
    (ShownOnce, "abcdefgh close reveal undo reopen a close reveal"),
    (ShownOnce, "abcdefgh close reveal reopen -c close"),
    (ShownOnce, "abcdefgh close reveal again abcdefgi close reveal"),
]


@pytest.mark.parametrize("rule_of,happened", LESSER)
def test_the_same_watcher_catches_lesser_rules(rule_of: Callable[[Any], Any], happened: str) -> None:
    def too_near(make: Callable[[Any], Any]) -> bool:
        seen = pictures_seen(make, events(happened), "ABABABABBBABABAB")
        return any(0 < changed(one, other) < live.FEW for one in seen for other in seen)

    assert too_near(rule_of)
    assert not too_near(lambda after: LiveQuestion(VOTE, after))
