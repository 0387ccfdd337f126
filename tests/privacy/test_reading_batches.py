"""When lines come to the facilitator: what they see, and when, does not depend on who wrote last."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from course.privacy import MIN_CELL, ReadingBatches
from tests.cases import every

DELAY = 8.0


class Console:
    """The console of one question, whose facilitator looks at it after everything that happens."""

    def __init__(self, key: bytes) -> None:
        self.batches = ReadingBatches(key, lambda: DELAY)
        self.waiting: set[str] = set()
        self.now = 0.0
        self.seen: list[tuple[float, frozenset[str]]] = []

    def write(self, writer: str) -> None:
        self.waiting.add(writer)
        self.look()

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.look()

    def look(self, *, is_open: bool = True) -> None:
        batch = self.batches.take(self.waiting, self.now, is_open=is_open)
        self.waiting -= batch
        if batch:
            self.seen.append((self.now, batch))


def evening(key: bytes, counts: Sequence[int]) -> Console:
    """So many write; the delay passes, so many more write while it does, and so on; then the question closes."""
    console, names = Console(key), (f"writer {number:02}" for number in itertools.count())
    for count in counts:
        for _ in range(count):
            console.write(next(names))
        console.wait(DELAY)
    console.look(is_open=False)
    return console


def all_evenings() -> Iterator[tuple[int, ...]]:
    return itertools.product(range(13), range(7), range(7))


def keys() -> list[bytes]:
    return [bytes([number]) for number in range(60)]


def test_when_batches_come_and_how_large_they_are_says_nothing_of_who_wrote() -> None:
    """Another key is another choice of who waits: what the facilitator sees is the same, whatever it is."""
    for counts in all_evenings():
        observed = {
            tuple((moment, len(batch)) for moment, batch in evening(key, counts).seen)
            for key in (b"one", b"two", b"three")
        }
        assert len(observed) == 1, counts


def test_no_batch_is_of_fewer_than_five_unless_fewer_than_five_wrote() -> None:
    for counts in all_evenings():
        seen = evening(b"key", counts).seen
        sizes = [len(batch) for _, batch in seen]
        assert all(size >= MIN_CELL for size in sizes) or (len(sizes) == 1 and sum(counts) < MIN_CELL), counts
        assert sum(sizes) == sum(counts)


def test_whoever_wrote_last_may_be_in_each_batch_that_came_after() -> None:
    """For each person whose tap the facilitator saw, no line of a batch is theirs for certain, nor for certain not."""
    for counts in ((10, 0), (10, 1), (11, 0), (12, 4), (6, 5)):
        people = sum(counts)
        evenings = [evening(key, counts).seen for key in keys()]
        for number in range(people):
            person = f"writer {number:02}"
            among = Counter(next(i for i, (_, batch) in enumerate(seen) if person in batch) for seen in evenings)
            first_batch = evenings[0][0][1]
            is_late = number >= counts[0] and evenings[0][0][0] < DELAY * 2
            assert set(among) == ({0, 1} if not is_late else {1}) or not first_batch, (counts, person, among)
            sizes = {len(seen[place][1]) for seen in evenings for place in among}
            assert min(sizes) >= MIN_CELL


def test_a_batch_is_made_of_who_waits_and_not_of_their_order() -> None:
    writers = [f"writer {number:02}" for number in range(11)]
    for last in writers:
        console = Console(b"key")
        for writer in [*(one for one in writers if one != last), last]:
            console.write(writer)
        console.wait(DELAY)
        first = console.seen[0]
        assert first == (DELAY, evening(b"key", (11,)).seen[0][1])


@every("waiting,taken", [(4, 0), (9, 0), (10, 5), (14, 9), (30, 25)])
def test_while_the_question_is_open_the_lines_of_five_people_stay_behind(waiting: int, taken: int) -> None:
    console = evening(b"key", ())
    for number in range(waiting):
        console.write(f"writer {number:02}")
    assert console.seen == []
    console.wait(DELAY - 0.1)
    assert console.seen == []
    console.wait(0.1)
    assert sum(len(batch) for _, batch in console.seen) == taken


def test_a_batch_does_not_come_where_so_many_took_their_lines_back_meanwhile() -> None:
    console = Console(b"key")
    for number in range(10):
        console.write(f"writer {number}")
    console.waiting.discard("writer 3")
    console.wait(DELAY)
    console.write("writer 3")
    console.look()
    assert console.seen == []
    console.wait(DELAY)
    assert [len(batch) for _, batch in console.seen] == [5]


class Watched(RuleBasedStateMachine):
    """Writing, waiting, closing and opening again in any order: two consoles on which other people write."""

    def __init__(self) -> None:
        super().__init__()
        self.sides = Console(b"one"), Console(b"another")
        self.wrote = 0
        self.is_open = True

    @rule(count=st.integers(1, 8))
    def write(self, count: int) -> None:
        self.is_open = True
        for number in range(self.wrote, self.wrote + count):
            self.sides[0].write(f"person {number}")
            self.sides[1].write(f"somebody else {number}")
        self.wrote += count

    @rule(seconds=st.floats(0.25, 20))
    def wait(self, seconds: float) -> None:
        for side in self.sides:
            side.wait(seconds)

    @rule()
    def close(self) -> None:
        before = [len(side.waiting) for side in self.sides]
        for side in self.sides:
            side.look(is_open=False)
        assert before[0] == before[1]

    def teardown(self) -> None:
        first, other = ([(moment, len(batch)) for moment, batch in side.seen] for side in self.sides)
        assert first == other


Watched.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestWatched = Watched.TestCase
