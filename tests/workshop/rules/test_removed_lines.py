"""Whose line is whose, when phones are removed: a facilitator who sees who writes, and every line as it comes and goes.

Every order of pseudonyms is tried, which decides whose lines come with which batch, with two in place of five. Of a
line, all are possible whose line came and went in the same way in a meeting that looks the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import permutations
from typing import Final

import pytest

from course.privacy import admissions, reading_batches
from course.privacy.reading_batches import ReadingBatches
from course.workshop.rules import actions
from course.workshop.rules.actions import perform
from course.workshop.rules.session_model import SessionModel
from course.workshop.script.script import find_script

pytestmark = pytest.mark.slow

QUESTION: Final = "attention"
LONG: Final = 1000.0
"""In seconds: longer than any batch waits."""
SCRIPT: Final = find_script(is_long=True)
COURSES: Final = (
    "ab again cd remove close",
    "abc again de remove close",
    "abc again de wait remove wait close",
    "ab again cd wait remove e wait close",
    "abc again de close remove",
    "a again bcd close remove",
    "ab again c close remove",
    "ab again cd wait remove open e wait close",
    "abc again def wait remove wait close",
    "abcd again ef wait remove wait close",
    "abc again def wait close remove",
    "abc again de wait remove f wait close",
)


class Ordered(ReadingBatches):
    """The same batches; whose lines stay behind goes by an order that the test chooses."""

    order = ""

    def _place(self, writer: str) -> bytes:
        return bytes([self.order.index(writer)])


def histories(course: str, order: str) -> dict[str, str]:
    """Return for each writer at which moments the console had the latest line of theirs, and whether it was another."""
    model = SessionModel(SCRIPT, b"key")
    Ordered.order = order
    model.delivery._batches[QUESTION] = Ordered(b"key", lambda: 1.0)
    perform(model, "open", {"question": QUESTION}, 0.0)
    now, revision = 0.0, 0
    seen: defaultdict[str, str] = defaultdict(str)
    for word in course.split():
        now += LONG
        if word == "again":
            perform(model, "door", {"to": "shut"}, 0.0)
            perform(model, "door", {"to": "open"}, 0.0)
        elif word == "remove":
            perform(model, "remove-phones", {"sure": "yes"}, 0.0)
        elif word == "open":
            perform(model, "door", {"to": "open"}, 0.0)
        elif word == "close":
            perform(model, "close", {"question": QUESTION}, 0.0)
        elif word != "wait":
            for person in word:
                revision += 1
                model.people.add(person)
                model.record_answer(QUESTION, person, revision, f"{person} {revision}")
        for moment in (now, now + 10):  # the first begins a batch's delay
            model.delivery.deliver(0.0, moment)
        on_console = {line.person: line.revision for line in model.lines.delivered(QUESTION)}
        for person in order:
            seen[person] += f" {on_console.get(person, 0)}"
    return {person: _pattern(history) for person, history in seen.items()}


def _pattern(history: str) -> str:
    """Return a history with each line's revision as a letter, in the order in which they came: none is known by it."""
    letters = {"0": "-"}
    for revision in history.split():
        letters.setdefault(revision, "xyz"[len(letters) - 1])
    return "".join(letters[revision] for revision in history.split())


def fewest_writers(course: str) -> int:
    """Return of how many people at least somebody may have written a line that the console had, for who sees all."""
    people = "".join(dict.fromkeys(letter for word in course.split() if _is_people(word) for letter in word))
    by_sight: defaultdict[tuple[tuple[str, int], ...], defaultdict[str, set[str]]] = defaultdict(
        lambda: defaultdict(set)
    )
    for order in permutations(people):
        by_person = histories(course, "".join(order))
        for person, pattern in by_person.items():
            by_sight[tuple(sorted(Counter(by_person.values()).items()))][pattern].add(person)
    return min(
        len(people) for writers in by_sight.values() for pattern, people in writers.items() if set(pattern) != {"-"}
    )


def _is_people(word: str) -> bool:
    return word not in ("again", "remove", "open", "close", "wait")


@pytest.fixture
def two_for_five(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (admissions, reading_batches):
        monkeypatch.setattr(module, "MIN_CELL", 2)


@pytest.mark.usefixtures("two_for_five")
@pytest.mark.parametrize("course", COURSES)
def test_removing_phones_makes_no_line_known_as_that_of_fewer_than_five(course: str) -> None:
    assert fewest_writers(course) >= 2


def _all_of_them(group: frozenset[str], writers: Sequence[str], *_: object, **__: object) -> frozenset[str]:
    return frozenset(writers) & group


@pytest.mark.usefixtures("two_for_five")
@pytest.mark.parametrize(
    "course", ["abc again d close remove", "a again bc close remove", "ab again cd wait remove e wait close"]
)
def test_the_same_facilitator_finds_out_a_lesser_rule(course: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "removed_writers", _all_of_them)
    assert fewest_writers(course) < 2 <= fewest_writers(course.replace(" remove", " wait"))
