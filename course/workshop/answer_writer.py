"""How one room is kept: its rows, and the wait until they are on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from course.workshop.answer_rules import Answer, refused, to_json
from course.workshop.error_log import log_fault
from course.workshop.store import Change, Done, Store


class Keeping:
    """The rows of one room in the store."""

    def __init__(self, store: Store, room: str) -> None:
        self._store, self._room = store, room
        self._is_erased = False

    # Rows

    def person(self, person: str) -> Change:
        """Return the row of a phone."""
        return Change("people", {"room": self._room, "person": person})

    def answer(self, part: str, person: str, number: int, answer: Answer | None) -> Change:
        """Return the row of an answer."""
        row = {"room": self._room, "part": part, "person": person, "revision": number, "answer": to_json(answer)}
        return Change("answers", row)

    def line(self, name: str, about: dict[str, Any]) -> Change:
        """Return the row of a line and what became of it."""
        return Change("lines", {"room": self._room, "line": name, "about": to_json(about)})

    def total(self, part: str, shown: Any) -> Change:
        """Return the row of what stands behind a picture, or of what is left of it."""
        return Change("totals", {"room": self._room, "part": part, "shown": to_json(shown)})

    # Writing

    async def put(self, changes: Sequence[Change], then: Callable[[], None] = lambda: None) -> None:
        """Write rows; `then` happens when they are on disk, in the order in which things were written."""
        if self._is_erased:
            raise refused("no-room", 404)
        await _on_disk(lambda done: self._store.put(changes, done), then)

    async def forget_people(self, left: Sequence[Change]) -> None:
        """Destroy who said what, and write what is left."""
        await _on_disk(lambda done: self._store.forget_people(self._room, left, done))

    async def erase(self) -> None:
        """Erase everything, and write nothing any more."""
        await _on_disk(lambda done: self._store.erase(self._room, done))
        self._is_erased = True


async def _on_disk(start: Callable[[Done], None], then: Callable[[], None] = lambda: None) -> None:
    written: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def done(error: Exception | None) -> None:
        if error is None:
            try:
                then()
            except Exception as fault:
                log_fault(fault)
                error = fault
        if written.cancelled():
            return
        if error is None:
            written.set_result(None)
        else:
            written.set_exception(refused("not-saved", 503, 2))

    start(done)
    await written
