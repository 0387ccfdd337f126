"""Walls: lines join in groups of five people or more, in an order that says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from course.privacy import MIN_CELL, TextRelease
from tests.cases import every

WRITERS = "abcdefghijklmnopqrst"


def lines(writers: str) -> dict[str, str]:
    return {f"line-{number}": writer for number, writer in enumerate(writers)}


def wall(writers: str, *, is_open: bool = False, key: bytes = b"key") -> TextRelease:
    """A wall on which every line was approved."""
    release = TextRelease(key)
    for line, writer in lines(writers).items():
        release.approve(line, writer)
    release.grow(lines(writers), is_open=is_open)
    return release


@every("writers,shown", [("", 0), ("abcd", 0), ("abcde", 5), ("abcdefg", 7), ("aabbccddd", 0), ("aabbccdde", 9)])
def test_a_wall_opens_with_the_lines_of_five_people_when_its_question_closes(writers: str, shown: int) -> None:
    assert len(wall(writers).published) == shown


@every("writers,shown", [(5, 0), (9, 0), (10, 5), (14, 9), (20, 15)])
def test_while_it_is_open_the_lines_of_five_people_are_kept_back(writers: int, shown: int) -> None:
    release = wall(WRITERS[:writers], is_open=True)
    assert len(release.published) == shown
    assert len(release.grow(lines(WRITERS[:writers]), is_open=False)) == writers - shown
    assert len(release.published) == writers


@pytest.mark.parametrize("late,joined", [(1, 0), (4, 0), (5, 5)])
def test_who_writes_after_the_close_waits_until_there_are_five_of_them(late: int, joined: int) -> None:
    release, written = wall("abcdef"), lines(WRITERS[: 6 + late])
    before = release.published
    for line, writer in written.items():
        release.approve(line, writer)
    for is_open in (True, False, False):
        release.grow(written, is_open=is_open)
    assert len(release.published) == len(before) + joined


def test_once_five_may_be_shown_each_is_as_it_is_approved() -> None:
    release = TextRelease(b"key")
    release.grow(lines("abcdef"), is_open=False)
    shown = []
    for line, writer in lines("abcdef").items():
        release.approve(line, writer)
        shown.append(len(release.published))
    assert shown == [0, 0, 0, 0, 5, 6]


def test_who_writes_anew_counts_as_new() -> None:
    release = wall("abcdef")
    again = {line: writer for line, writer in lines("abcdef").items() if writer != "a"} | {"line-new": "a"}
    release.undo("line-0")
    release.approve("line-new", "a")
    assert release.grow(again, is_open=False) == {}
    assert "line-new" not in release.published


def test_a_line_taken_back_is_gone_at_once_and_comes_back_at_once() -> None:
    release = wall("abcde")
    release.undo("line-0")
    assert release.published == ()
    release.approve("line-0", "a")
    assert set(release.published) == {f"line-{n}" for n in range(5)}
    release.undo("line-9")


def test_after_a_restart_what_had_joined_is_there_and_what_waited_waits() -> None:
    before, again = wall("abcdefghijk", is_open=True), TextRelease(b"key")
    for line in before.published:
        again.recall(line, 1, is_seen=True)
    for line, writer in lines("abcdefghijk").items():
        again.approve(line, writer)
    assert again.published == before.published
    again.grow(lines("abcdefghijk"), is_open=True)
    assert again.published == before.published
    assert set(again.grow(lines("abcdefghijk"), is_open=False).values()) == {2}


@pytest.mark.parametrize(("is_seen", "waiting"), [(True, {}), (False, {"line-0": 0, "line-1": 0})])
def test_after_a_restart_only_what_had_not_been_seen_waits_again(is_seen: bool, waiting: dict[str, int]) -> None:
    """Five had joined before the restart, and three of them have written anew since."""
    again = TextRelease(b"key")
    for line in lines("abcde"):
        again.recall(line, 1, is_seen=is_seen)
    rest = {line: writer for line, writer in lines("abcde").items() if writer in "ab"}
    assert again.grow(rest | {f"new-{writer}": writer for writer in "cde"}, is_open=True) == waiting


def test_what_was_seen_stays_though_the_rest_of_its_group_write_anew() -> None:
    """Else who has touched no phone would be known as its writer, or who has as the one of a line that goes."""
    release = wall("abcdefgh")
    release.see()
    before = release.published
    rest = {line: writer for line, writer in lines("abcdefgh").items() if writer in "ab"}
    assert release.grow(rest | {f"new-{writer}": writer for writer in "cdef"}, is_open=True) == {}
    assert release.published == before


def test_what_was_approved_and_not_seen_waits_again_too() -> None:
    """Five are seen, five more have joined; two are hidden, one of the five is approved, and the others write anew."""
    written = lines("abcdefghij")
    release = TextRelease(b"key")
    release.grow(dict(list(written.items())[:5]), is_open=False)
    for number in range(5):
        release.approve(f"line-{number}", WRITERS[number])
    release.see()
    release.grow(written, is_open=False)
    release.undo("line-0")
    release.undo("line-1")
    release.approve("line-5", "f")
    assert release.published == ()
    rest = {line: writer for line, writer in written.items() if writer not in "ghij"}
    assert release.grow(rest | {f"new-{writer}": writer for writer in "ghi"}, is_open=True) == {"line-5": 0}
    release.approve("line-0", "a")
    assert "line-5" not in release.published


def test_who_is_left_of_a_group_that_wrote_anew_waits_again() -> None:
    """Five are shown; five more could be; four of these write anew: what then appears alone would be the fifth's."""
    written = lines("abcdefghij")
    release = TextRelease(b"key")
    release.grow(dict(list(written.items())[:5]), is_open=False)
    release.grow(written, is_open=False)
    for number in range(5):
        release.approve(f"line-{number}", WRITERS[number])
    rest = dict(list(written.items())[:6])
    assert release.grow(rest | {"new-g": "g", "new-h": "h", "new-i": "i"}, is_open=True) == {"line-5": 0}
    release.approve("line-5", "f")
    assert set(release.published) == {f"line-{number}" for number in range(5)}
    again = rest | {f"new-{writer}": writer for writer in "ghij"}
    assert release.grow(again, is_open=False).keys() == {"line-5", "new-g", "new-h", "new-i", "new-j"}


@given(st.permutations(range(12)), st.binary(min_size=1, max_size=80), st.booleans())
def test_neither_the_order_nor_the_groups_say_who_was_first(order: list[int], key: bytes, is_open: bool) -> None:
    first, second = TextRelease(key), TextRelease(key)
    for release, numbers in ((first, order), (second, sorted(order))):
        written = {f"line-{number}": WRITERS[number] for number in numbers}
        for line, writer in written.items():
            release.approve(line, writer)
        release.grow(written, is_open=is_open)
    assert first.published == second.published


def test_another_room_has_another_order() -> None:
    assert wall(WRITERS, key=b"one").published != wall(WRITERS, key=b"two").published
    assert sorted(wall(WRITERS, key=b"one").published) == sorted(wall(WRITERS, key=b"two").published)


def test_any_line_may_come_first_or_last() -> None:
    rooms = [wall("abcde", key=bytes([number])).published for number in range(60)]
    assert {room[0] for room in rooms} == {room[-1] for room in rooms} == {f"line-{n}" for n in range(5)}


class Watched(RuleBasedStateMachine):
    """A wall in use. For each new line, a reader counts those who may have written it: who was in its group."""

    def __init__(self) -> None:
        super().__init__()
        self.wall = TextRelease(b"key")
        self.written: dict[str, str] = {}
        self.number = 0
        self.approved: set[str] = set()
        self.groups: dict[str, int] = {}
        self.released: set[str] = set()

    @rule(writer=st.sampled_from(WRITERS))
    def write(self, writer: str) -> None:
        for line in [line for line, by in self.written.items() if by == writer and line not in self.released]:
            del self.written[line]
            self.take_back(line)
        self.number += 1
        self.written[f"line-{self.number}"] = writer

    @rule(writers=st.sets(st.sampled_from(WRITERS), min_size=6))
    def write_at_once(self, writers: set[str]) -> None:
        """Many write before anything is admitted: else no more than a few would ever wait."""
        for writer in sorted(writers):
            self.write(writer)

    def take_back(self, line: str) -> None:
        self.wall.undo(line)
        self.approved.discard(line)

    @rule(is_open=st.booleans())
    def grow(self, is_open: bool) -> None:
        changed = self.wall.grow(self.written, is_open=is_open)
        self.groups |= changed
        joined = {self.written[line] for line, group in changed.items() if group}
        waiting = {writer for line, writer in self.written.items() if not self.groups.get(line)}
        assert not joined or len(joined) >= MIN_CELL
        assert not (is_open and joined) or len(waiting - joined) >= MIN_CELL

    @rule(is_open=st.booleans(), places=st.sets(st.integers(0, len(WRITERS) - 1)))
    def approve(self, is_open: bool, places: set[int]) -> None:
        self.grow(is_open)
        for line in [line for place, line in enumerate(sorted(self.written)) if place in places]:
            self.wall.approve(line, self.written[line])
            self.approved.add(line)
        self.grow(is_open)

    @rule(place=st.integers(0, len(WRITERS) - 1))
    def hide(self, place: int) -> None:
        self.take_back(next(iter(sorted(self.written)[place:]), ""))

    @invariant()
    def only_approved_lines_of_five_or_more_people_show(self) -> None:
        now = set(self.wall.published)
        assert now <= self.approved & {line for line, group in self.groups.items() if group}
        assert not now or len({self.written[line] for line in now}) >= MIN_CELL
        for line in now - self.released:
            group = {one for one in self.written if self.groups.get(one) == self.groups[line]}
            assert len(group | now - self.released) >= MIN_CELL
        self.released |= now
        assert self.wall.see() == self.released


Watched.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestWatched = Watched.TestCase
