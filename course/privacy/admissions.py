"""R1 and R4: who is admitted to a live session, and what leaves it with phones that are removed.

The attacker to guard against is the facilitator, also where they have counted the cards. They open and shut the door as
people come, see who taps on a phone, and choose when phones are removed: with that, they could have the counts of one
group with somebody in it and without. So:

- Everybody is removed who was admitted since the door was last opened, never a chosen one, and the door is shut.
- The group's answers to a question are withdrawn where five or more of it gave one, and else stay counted (`removed`).
  A withdrawal is a change as any other (`live_release`): what was released stays as it was.
- The number of phones, which is said in steps of five, goes down by five phones or more, or not at all.
- Who is admitted again is the same person as before, whose answers take the place of earlier ones. By another name, two
  people who are asked to join again would pass a threshold as four, and a second release of the same answers would give
  those of the few who did not come back as the difference.
- Lines that were written and not shown leave where five or more of the group wrote one. Who has written besides must be
  nobody or five people too, and five whose lines nobody has yet while the question is open: else what is left, or what
  comes last, would be known as theirs (`removed_writers`).

What is not promised: who joins again in another browser is another person to these rules, as is everybody with several
phones.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from course.privacy.cells import MIN_CELL
from course.privacy.live_release import rounded_down


class Admissions:
    """The pseudonyms of those who were admitted before the door was last opened, and of those who were removed.

    `people` is everybody who ever joined; whoever keeps it adds to it.

    >>> admissions, people = Admissions(), set("abcdef")
    >>> admissions.open(people)
    >>> people |= set("ghijk")
    >>> "".join(sorted(admissions.remove_latest(people)))
    'ghijk'
    >>> admissions.rounded_number(people)
    5
    """

    def __init__(self, stored: Mapping[str, Sequence[str]] | None = None) -> None:
        stored = stored or {}
        self._before, self._removed, self._uncounted = (set(stored.get(name, ())) for name in _STORED)

    def to_store(self) -> dict[str, list[str]]:
        """Return all of it as plain data, from which it is made again after a restart."""
        sets = (self._before, self._removed, self._uncounted)
        return {name: sorted(people) for name, people in zip(_STORED, sets, strict=True)}

    def open(self, people: Collection[str]) -> None:
        """Begin with a new group: those who join from now on. Call it where the door was shut."""
        self._before = set(people)

    def latest(self, people: Collection[str]) -> frozenset[str]:
        """Return who was admitted since the door was last opened and is not removed."""
        return frozenset(people) - self._before - self._removed

    def remove_latest(self, people: Collection[str]) -> frozenset[str]:
        """Remove who was admitted since the door was last opened, and return them."""
        group = self.latest(people)
        self._removed |= group
        self._uncounted |= group if len(group) >= MIN_CELL else set()
        return group

    @property
    def is_first_group(self) -> bool:
        """Whether the door was not opened again yet: then everybody joined since it was last opened."""
        return not self._before and not self._removed

    def is_removed(self, person: str) -> bool:
        """Say whether somebody was removed and not admitted again."""
        return person in self._removed

    def admit_again(self, person: str) -> None:
        """Admit somebody who was removed, as the same person; they belong to the group that joins now."""
        for people in (self._before, self._removed, self._uncounted):
            people.discard(person)

    def number(self, people: Collection[str]) -> int:
        """Return how many phones count as being there; for no eyes."""
        return len(people) - sum(person in people for person in self._uncounted)

    def rounded_number(self, people: Collection[str]) -> int:
        """Return the same as it may be said, in steps of five."""
        return rounded_down(self.number(people))


_STORED = ("before", "removed", "uncounted")


def removed_writers(
    group: Collection[str], writers: Collection[str], waiting: Collection[str], *, is_open: bool
) -> frozenset[str]:
    """Return whose lines of one question leave when a group is removed; nobody's where that would tell whose is whose.

    `writers` have a line that was not shown, and `waiting` those of them whose line the facilitator does not have yet.

    >>> len(removed_writers("abcde", "abcdefghij", "", is_open=False))
    5
    >>> removed_writers("abcde", "abcdefg", "", is_open=False)
    frozenset()
    """
    leaving = frozenset(writers) & frozenset(group)
    rest = frozenset(writers) - leaving
    if len(leaving) < MIN_CELL:
        return frozenset()
    if is_open:
        return leaving if len(rest & frozenset(waiting)) >= MIN_CELL else frozenset()
    return leaving if not rest or len(rest) >= MIN_CELL else frozenset()
