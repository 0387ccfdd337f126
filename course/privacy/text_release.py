"""R4: which lines that people wrote may be released, and in which order.

The facilitator approves each, and a wall opens with the approved lines of five people. Lines are admitted in groups of
five writers or more. While the question is open, the lines of five people are held back, so that the last group is as
large; when it closes, they are admitted. Anyone who writes after that waits until there are five more. Who is in which
group goes by pseudonym, not by time. If so many of a group write anew that fewer than five are left, those that were
not released yet wait again. What was released stays when its writer writes anew. So whoever sees who is typing knows of
a line only that one of five or more wrote it. No name and no time is stored here.

Lines come here once the facilitator has them (`reading_batches`): else what joins a wall would tell of what they do not
see yet.

What is not promised: that a line cannot be known by its words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from course.privacy.cells import MIN_CELL
from course.privacy.shuffling import shuffled_place


class TextRelease:
    """Lines by the name that each has in the store.

    >>> wall = TextRelease(key=b"made anew for each room")
    >>> written = {f"line of {writer}": writer for writer in "abcde"}
    >>> wall.grow(written, is_open=True)
    {}
    >>> set(wall.grow(written, is_open=False).values())
    {1}
    >>> for line, writer in written.items():
    ...     wall.approve(line, writer)
    >>> len(wall.published)
    5
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._approved: dict[str, str] = {}
        self._joined: dict[str, int] = {}
        """By line, the group with which it may be shown once it is approved."""
        self._groups = 0
        self._seen: set[str] = set()
        """Lines that were on the wire."""

    @property
    def published(self) -> tuple[str, ...]:
        """The lines that may be shown, shuffled in the same way each time; none of fewer than five people."""
        lines = self._approved.keys() & self._joined.keys()
        writers = {self._approved[line] for line in lines}
        return tuple(sorted(lines, key=self._place)) if len(writers) >= MIN_CELL else ()

    def approve(self, line: str, writer: str) -> None:
        """Let a line be shown as soon as it may."""
        self._approved[line] = writer

    def undo(self, line: str) -> None:
        """Take a line off the wall at once."""
        self._approved.pop(line, None)

    def grow(self, written: Mapping[str, str], *, is_open: bool) -> dict[str, int]:
        """Let the next group join; return each line that has changed with its group, 0 if it waits again.

        `written` has the writer of each line, approved or not.
        """
        waiting_again = self._let_wait(written)
        new = {line: writer for line, writer in written.items() if line not in self._joined}
        writers = sorted(set(new.values()), key=self._place)
        group = set(writers[:-MIN_CELL] if is_open else writers)
        if len(group) < MIN_CELL:
            return dict.fromkeys(waiting_again, 0)
        self._groups += 1
        joined = {line: self._groups for line, writer in new.items() if writer in group}
        self._joined |= joined
        return dict.fromkeys(waiting_again, 0) | joined

    def see(self) -> frozenset[str]:
        """Note that what is on the wire is seen; return all that ever was."""
        self._seen |= set(self.published)
        return frozenset(self._seen)

    def recall(self, line: str, group: int, *, is_seen: bool) -> None:
        """Note, after a restart, with which group a line had joined, and whether it was seen."""
        self._joined[line] = group
        self._groups = max(self._groups, group)
        self._seen |= {line} if is_seen else set()

    def _let_wait(self, written: Mapping[str, str]) -> set[str]:
        """Let those wait again that were not seen, where fewer than five of their group are left; return them."""
        left: dict[int, set[str]] = defaultdict(set)
        for line, writer in written.items():
            left[self._joined.get(line, 0)].add(writer)
        few = {
            line
            for line, group in self._joined.items()
            if line in written and line not in self._seen and len(left[group]) < MIN_CELL
        }
        for line in few:
            del self._joined[line]
        return few

    def _place(self, name: str) -> bytes:
        return shuffled_place(self._key, name)
