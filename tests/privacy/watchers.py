"""Someone who reads the whole wire: works out what people answered by trying every room that would look the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

Event = tuple[str, ...]
"""What happens, and to whom: ("take", "a"), ("off", "a"), ("close",), ("again",)."""
Answers = tuple[str, ...]
"""What was answered in each “take”, in turn."""


def changed(before: Mapping[str, int | str], after: Mapping[str, int | str]) -> int:
    """How many people's answers differ between two releases, with those who came and those who left."""
    return sum(before.get(person) != after.get(person) for person in before.keys() | after.keys())


def events(text: str) -> list[Event]:
    """Read `abc -a close reveal`: three people answer, one takes it back, the question closes and is revealed."""
    happened: list[Event] = []
    for word in text.split():
        if word in {"close", "reveal", "undo", "reopen", "again"}:
            happened.append((word,))
        elif word.startswith("-"):
            happened += [("off", person) for person in word[1:]]
        else:
            happened += [("take", person) for person in word]
    return happened


def moments(make: Callable[[Any], Any], happened: Sequence[Event], answers: Iterable[str]) -> Iterator[Any]:
    """Yield the question of each moment: the first, then the one that asks it again."""
    question, next_answers = make(None), iter(answers)
    for what, *who in happened:
        if what == "again":
            question = make(question)
        elif what in ("take", "off"):
            question.take(*who, next(next_answers) if what == "take" else None)
        else:
            getattr(question, what)()
        question.update()
        yield question


def wire(make: Callable[[Any], Any], happened: Sequence[Event], answers: Answers) -> tuple[Hashable, ...]:
    """Everything that the wire carries, moment by moment."""
    return tuple(repr(asked.published) for asked in moments(make, happened, answers))


def pictures_seen(
    make: Callable[[Any], Any], happened: Sequence[Event], answers: Iterable[str]
) -> list[dict[str, str]]:
    """Whose answers were behind each picture, which the wire does not carry, and tests may know."""
    return [dict(asked.released) for asked in moments(make, happened, answers) if asked.is_revealed and asked.released]


def worked_out(
    make: Callable[[Any], Any], happened: Sequence[Event], options: str = "AB"
) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each reader and people of whom that reader works out that they gave one and the same answer.

    The reader knows the rules, who acts when, and their own answers; "" is a reader who is not in the room.
    """
    who = [person for what, *people in happened if what == "take" for person in people]
    alike: dict[Hashable, list[Answers]] = defaultdict(list)
    for answers in product(options, repeat=len(who)):
        alike[wire(make, happened, answers)].append(answers)
    for rooms in alike.values():
        for reader in ["", *sorted(set(who))]:
            for possible in _as_known(rooms, [place for place, person in enumerate(who) if person == reader]):
                fixed: dict[str, set[str]] = defaultdict(set)
                for place, person in enumerate(who):
                    if person != reader and len({room[place] for room in possible}) == 1:
                        fixed[possible[0][place]].add(person)
                yield from ((reader, frozenset(people)) for people in fixed.values())


def _as_known(rooms: Sequence[Answers], places: Sequence[int]) -> list[list[Answers]]:
    """Part the rooms by the answers that the reader gave."""
    known: dict[Answers, list[Answers]] = defaultdict(list)
    for room in rooms:
        known[tuple(room[place] for place in places)].append(room)
    return list(known.values())
