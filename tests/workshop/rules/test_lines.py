"""Lines stand in an order that says nothing of when they came, are put in order seldom, and some say the same."""

from __future__ import annotations

import builtins
import random
from typing import Any

import pytest

from course.workshop.rules import lines as lines_module
from course.workshop.rules.lines import Line, Lines, line_key
from tests.cases import every

PEOPLE = 30


@pytest.fixture
def lines() -> Lines:
    lines = Lines(bytes(32))
    for number in range(PEOPLE):
        lines.put("differences", f"synthetic-{number}", 1, f"words {number}")
        lines.put("attention", f"synthetic-{number}", 1, f"word {number}")
    return lines


def names(lines: Lines, question: str) -> list[str]:
    return [line.name for line in lines.of(question)]


def test_each_line_of_a_wall_is_looked_at_and_all_are_put_in_order_once(
    lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a room of a thousand, to put them in order for each line anew would hold everybody up."""
    sorts = []

    def count(*values: Any, **options: Any) -> Any:
        sorts.append(values)
        return builtins.sorted(*values, **options)

    monkeypatch.setattr(lines_module, "sorted", count, raising=False)
    for line in lines.of("differences"):
        assert lines.like(line) == []
    assert len(lines.every()) == 2 * PEOPLE
    assert len(sorts) == 1


def test_for_what_stands_under_each_line_of_a_wall_no_line_is_looked_at_often(
    lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With three hundred people, to look through all of them for each would take most of the time of a page."""
    wall = lines.of("differences")
    lines.group([line.name for line in wall[:3]])
    looks = []

    def look(line: Line, name: str) -> object:
        looks.append(name)
        return object.__getattribute__(line, name)

    monkeypatch.setattr(Line, "__getattribute__", look)
    assert [lines.like(line) for line in wall] == [wall[1:3], *([] for _ in wall[1:])]
    assert looks.count("head") <= 2 * len(lines.every())


def test_what_stands_under_a_line_is_so_after_every_change(lines: Lines) -> None:
    chance = random.Random(1)
    seen = 0
    for _ in range(300):
        wall = lines.of("differences")
        some = [line.name for line in chance.sample(wall, 3)]
        person, revision = f"synthetic-{chance.randrange(PEOPLE)}", chance.randrange(2, 1000)
        chance.choice(
            [
                lambda some=some: lines.group(some),
                lambda some=some: lines.ungroup(some[:1]),
                lambda: lines.merge_equal(()),
                lambda person=person, revision=revision: lines.put("differences", person, revision, "the same"),
                lambda person=person, revision=revision: lines.put("differences", person, revision, f"{revision}"),
            ]
        )()
        for line in lines.of("differences")[:3]:
            line.status, line.group = "approved", 1
        wall = lines.of("differences")
        for head in wall:
            under = [line for line in wall if line.head == head.name]
            assert lines.like(head) == under
            seen += len(under)
    assert seen > 100


def test_what_comes_or_goes_afterwards_is_in_its_place(lines: Lines) -> None:
    before = names(lines, "differences")
    assert before == sorted(before)
    first, second = lines.of("differences")[:2]
    lines.group([first.name, second.name])
    assert lines.like(first) == [second]
    later = lines.put("differences", "synthetic-later", 1, "later words")
    assert later
    assert names(lines, "differences") == sorted([*before, later.name])
    lines.put("differences", "synthetic-later", 2, None)
    assert names(lines, "differences") == before
    second.is_replaced = True
    assert lines.like(first) == []
    assert second not in lines.of("differences")
    assert second not in lines.every()
    assert len(names(lines, "attention")) == PEOPLE


def test_a_session_that_forgets_people_keeps_only_the_lines_that_are_shown(lines: Lines) -> None:
    shown = names(lines, "differences")[:3]
    lines.forget_people(shown)
    assert names(lines, "differences") == shown
    assert lines.of("attention") == []
    assert [line.name for line in lines.every()] == shown


# Which lines say the same


@every(
    "first,second",
    [
        ("Hope", "hope"),
        ("  hope , mostly", "Hope mostly."),
        ("don’t rush", "Don't rush"),
        ("dont rush", "don't rush"),
        ("re-do", "re do"),
        ("\u00e9t\u00e9", "e\u0301te\u0301"),
        ("\uff46\uff55\uff4c\uff4c", "full"),
        ("STRASSE", "straße"),
        ("hope\u200d", "hope"),
        ({"if": "Monday", "then": "ask"}, {"then": "Ask!", "if": "monday", "show": True}),
    ],
)
def test_these_say_the_same(first: object, second: object) -> None:
    assert line_key(first) == line_key(second)  # type: ignore[arg-type]


@every(
    "first,second",
    [
        ("hope", "hopes"),
        ("👍", "👎"),
        ("?", "!"),
        ("5 %", "5"),
        ("C+", "C"),
        ("hometime", "home time"),
        ("میخواهم", "میخواهد"),
        ({"if": "a", "then": "b"}, {"if": "b", "then": "a"}),
    ],
)
def test_these_do_not(first: object, second: object) -> None:
    assert line_key(first) != line_key(second)  # type: ignore[arg-type]
