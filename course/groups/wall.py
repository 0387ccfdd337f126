"""R4: which lines that people wrote may be on the wire, and in which order.

The facilitator approves each. A wall opens with the approved lines of five people, and grows by those of five more;
what is left joins when the wall is closed. Who types and waits for one line to appear sees it among others, in a
place that says nothing of when it came. No name and no time is kept here.

What is not promised: that a line cannot be known by its words, or that the facilitator, who reads each line as it
comes, cannot tell who wrote it.
"""

from __future__ import annotations

import hashlib

from course.groups.parts import FEW


class Wall:
    """Approved lines, by the name that each has in the store.

    >>> wall = Wall(key=b"made anew for each room")
    >>> for writer in "abcd":
    ...     wall.approve(f"line of {writer}", writer)
    >>> wall.on_the_wire
    ()
    >>> wall.approve("line of e", "e")
    >>> len(wall.on_the_wire)
    5
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._approved: dict[str, str] = {}
        self._seen: set[str] = set()
        """Lines that were on the wire; approved again, they come back at once."""

    @property
    def on_the_wire(self) -> tuple[str, ...]:
        """The lines that may be shown, shuffled in the same way each time; none of fewer than five people."""
        lines = self._approved.keys() & self._seen
        return tuple(sorted(lines, key=self._place)) if self._writers(lines) >= FEW else ()

    def approve(self, line: str, writer: str) -> None:
        """Let a line be shown, once those of enough people are waiting with it."""
        self._approved[line] = writer
        if self._writers(self._waiting()) >= FEW:
            self._seen |= self._waiting()

    def recall(self, line: str) -> None:
        """Note, after a restart, that a line was on the wire: approved again, it comes back at once."""
        self._seen.add(line)

    def undo(self, line: str) -> None:
        """Take a line off the wall at once, or out of those that wait."""
        self._approved.pop(line, None)

    def close(self) -> None:
        """Let the lines that still wait join; later ones wait for those of five people again, or for another close."""
        if self._writers(set(self._approved)) >= FEW:
            self._seen |= self._waiting()

    def _waiting(self) -> set[str]:
        return self._approved.keys() - self._seen

    def _writers(self, lines: set[str]) -> int:
        return len({self._approved[line] for line in lines})

    def _place(self, line: str) -> bytes:
        return hashlib.blake2b(line.encode(), key=self._key[:64]).digest()
