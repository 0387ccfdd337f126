"""R4: which lines that people wrote may be on the wire, and in which order.

The facilitator approves each, and a wall opens with the approved lines of five people. Lines may join it in groups of
five people or more. While the question is open, the lines of five people are kept back, so that the last group is as
large; when it closes, they join. Who writes after that waits until there are five of them. Who is in which group goes
by pseudonym, not by time. So whoever sees who is typing knows of a new line only that one of five or more wrote it.
No name and no time is kept here.

What is not promised: that a line cannot be known by its words; that the facilitator, who reads each line as it comes,
cannot tell who wrote it; or that nobody sees who takes a shown line back, which goes at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from course.groups.parts import FEW


class Wall:
    """Lines by the name that each has in the store.

    >>> wall = Wall(key=b"made anew for each room")
    >>> written = {f"line of {writer}": writer for writer in "abcde"}
    >>> for line, writer in written.items():
    ...     wall.approve(line, writer)
    >>> wall.grow(written, is_open=True)
    frozenset()
    >>> wall.grow(written, is_open=False) == written.keys()
    True
    >>> len(wall.on_the_wire)
    5
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._approved: dict[str, str] = {}
        self._free: set[str] = set()
        """Lines that may be shown once they are approved."""

    @property
    def on_the_wire(self) -> tuple[str, ...]:
        """The lines that may be shown, shuffled in the same way each time; none of fewer than five people."""
        lines = self._approved.keys() & self._free
        writers = {self._approved[line] for line in lines}
        return tuple(sorted(lines, key=self._place)) if len(writers) >= FEW else ()

    def approve(self, line: str, writer: str) -> None:
        """Let a line be shown as soon as it may join."""
        self._approved[line] = writer

    def undo(self, line: str) -> None:
        """Take a line off the wall at once; approved again, it comes back at once."""
        self._approved.pop(line, None)

    def grow(self, written: Mapping[str, str], *, is_open: bool) -> frozenset[str]:
        """Let the next group join; return its lines. `written` has the writer of each line, approved or not."""
        new = {line: writer for line, writer in written.items() if line not in self._free}
        writers = sorted(set(new.values()), key=self._place)
        group = set(writers[:-FEW] if is_open else writers)
        joined = (
            frozenset(line for line, writer in new.items() if writer in group) if len(group) >= FEW else frozenset()
        )
        self._free |= joined
        return joined

    def recall(self, line: str) -> None:
        """Note, after a restart, that a line had joined."""
        self._free.add(line)

    def _place(self, name: str) -> bytes:
        return hashlib.blake2b(name.encode(), key=self._key[:64]).digest()
