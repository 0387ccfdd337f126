"""Walls: five people's lines or none, in steps of five, in an order that says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from course.groups import FEW, Wall

WRITERS = "abcdefghijklmnopqrst"


def wall(writers: str, key: bytes = b"key") -> Wall:
    made = Wall(key)
    for number, writer in enumerate(writers):
        made.approve(f"line-{number}", writer)
    return made


@pytest.mark.parametrize(
    "writers,shown", [("", 0), ("abcd", 0), ("abcde", 5), ("abcdefghi", 5), ("abcdefghij", 10), ("aabbccdd", 0)]
)
def test_a_wall_opens_with_the_lines_of_five_people_and_grows_by_those_of_five(writers: str, shown: int) -> None:
    assert len(wall(writers).on_the_wire) == shown


@pytest.mark.parametrize("writers,shown", [("abcd", 0), ("abcde", 5), ("abcdefg", 7), ("aabbccddd", 0)])
def test_what_waits_joins_when_the_wall_closes(writers: str, shown: int) -> None:
    made = wall(writers)
    made.close()
    assert len(made.on_the_wire) == shown


def test_a_line_taken_back_is_gone_at_once_and_comes_back_at_once() -> None:
    made = wall("abcdef")
    made.undo("line-0")
    assert made.on_the_wire == ()
    made.approve("line-5", "f")
    made.approve("line-0", "a")
    assert set(made.on_the_wire) == {f"line-{n}" for n in range(5)}
    made.undo("line-9")


def test_a_line_approved_after_the_close_waits_for_five_more_or_another_close() -> None:
    made = wall("abcdef")
    made.close()
    before = made.on_the_wire
    made.approve("line-7", "g")
    assert made.on_the_wire == before
    made.close()
    assert len(made.on_the_wire) == len(before) + 1


def test_after_a_restart_a_wall_that_lost_lines_grows_by_those_of_five_new_people() -> None:
    again = Wall(b"key")
    for number in range(5):
        again.recall(f"line-{number}")
    for number, writer in enumerate("abcd"):
        again.approve(f"line-{number}", writer)
    assert again.on_the_wire == ()
    again.approve("line-5", "f")
    assert again.on_the_wire == ()
    again.approve("line-4", "e")
    assert set(again.on_the_wire) == {f"line-{n}" for n in range(5)}


@given(st.permutations(range(12)), st.binary(min_size=1, max_size=80))
def test_the_order_says_nothing_of_when_a_line_came(order: list[int], key: bytes) -> None:
    first, second = Wall(key), Wall(key)
    for number in order:
        first.approve(f"line-{number}", WRITERS[number])
    for number in sorted(order):
        second.approve(f"line-{number}", WRITERS[number])
    first.close()
    second.close()
    assert first.on_the_wire == second.on_the_wire


def test_another_room_has_another_order() -> None:
    assert wall(WRITERS, b"one").on_the_wire != wall(WRITERS, b"two").on_the_wire
    assert sorted(wall(WRITERS, b"one").on_the_wire) == sorted(wall(WRITERS, b"two").on_the_wire)


def test_any_line_may_come_first_or_last() -> None:
    rooms = [wall("abcde", bytes([number])).on_the_wire for number in range(60)]
    assert {room[0] for room in rooms} == {room[-1] for room in rooms} == {f"line-{n}" for n in range(5)}


class Watched(RuleBasedStateMachine):
    """A wall in use; a reader notes what is new on it."""

    def __init__(self) -> None:
        super().__init__()
        self.wall = Wall(b"key")
        self.writer: dict[str, str] = {}
        self.approved: set[str] = set()
        self.seen: set[str] = set()
        self.is_closing = False

    @rule(number=st.integers(0, 30), writer=st.sampled_from(WRITERS))
    def approve(self, number: int, writer: str) -> None:
        line = f"line-{number}"
        self.wall.approve(line, self.writer.setdefault(line, writer))
        self.approved.add(line)

    @rule(number=st.integers(0, 30))
    def undo(self, number: int) -> None:
        self.wall.undo(f"line-{number}")
        self.approved.discard(f"line-{number}")

    @rule()
    def close(self) -> None:
        self.wall.close()
        self.is_closing = True

    @invariant()
    def only_approved_lines_of_five_or_more_people_show(self) -> None:
        lines = self.wall.on_the_wire
        assert set(lines) <= self.approved
        assert not lines or len({self.writer[line] for line in lines}) >= FEW
        assert len(set(lines)) == len(lines)

    @invariant()
    def new_lines_come_with_those_of_five_people_or_at_a_close(self) -> None:
        new = set(self.wall.on_the_wire) - self.seen
        assert not new or self.is_closing or len({self.writer[line] for line in new}) >= FEW
        self.seen |= new
        self.is_closing = self.is_closing and not self.wall.on_the_wire


Watched.TestCase.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
TestWatched = Watched.TestCase
