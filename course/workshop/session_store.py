"""One session in the store: its rows as they are written and read, and the wait until they are on disk.

What is read is taken by its syntax alone and never held against today's words. An answer or a line that cannot be
read is left out and counted; where anything else cannot be read, so cannot the session.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from course.content import words
from course.core.errors import StoreUnusable
from course.workshop.answers import to_json
from course.workshop.errors import log_error, refused
from course.workshop.lines import Line, StoredLine
from course.workshop.script import Script, read_stored_script
from course.workshop.session_model import SessionState, StoredAnswer
from course.workshop.store import Done, RowChange, Store, StoredSession
from course.workshop.store_tables import FORMAT
from course.workshop.wire import Answer


class SessionStore:
    """The rows of one session in the store."""

    def __init__(self, store: Store, session_id: str) -> None:
        self._store, self._session_id = store, session_id
        self._is_erased = False

    # Rows

    def session(
        self, key: bytes, people_key: bytes | None, script: Script, state: SessionState, gone_after: str | None
    ) -> RowChange:
        """Return the row of the session itself."""
        return self._row(
            "rooms",
            format=FORMAT,
            key=key,
            people_key=people_key,
            script=script.text,
            state=to_json(state.to_store()),
            gone_after=gone_after,
        )

    def person(self, person: str) -> RowChange:
        """Return the row of a phone."""
        return self._row("people", person=person)

    def answer(self, part: str, person: str, revision: int, answer: Answer | None) -> RowChange:
        """Return the row of an answer."""
        return self._row("answers", part=part, person=person, revision=revision, answer=to_json(answer))

    def line(self, name: str, stored: StoredLine) -> RowChange:
        """Return the row of a line and what became of it."""
        return self._row("lines", line=name, about=to_json(stored))

    def total(self, part: str, total: object) -> RowChange:
        """Return the row of what stands behind a picture, or of what is left of it."""
        return self._row("totals", part=part, shown=to_json(total))

    def _row(self, table: str, **columns: object) -> RowChange:
        return RowChange(table, {"room": self._session_id, **columns})

    # Writing

    async def put(self, changes: Sequence[RowChange], then: Callable[[], None] = lambda: None) -> None:
        """Write rows; `then` happens when they are on disk, in the order in which things were written.

        Raises SessionRefused where they could not be written.
        """
        if self._is_erased:
            raise refused("no-session", 404)
        await _on_disk(lambda done: self._store.put(changes, done), then)

    async def forget_people(self, rest: Sequence[RowChange]) -> None:
        """Destroy who said what, and write the rest."""
        await _on_disk(lambda done: self._store.forget_people(self._session_id, rest, done))

    async def erase(self) -> None:
        """Erase everything, and write nothing any more."""
        await _on_disk(lambda done: self._store.erase(self._session_id, done))
        self._is_erased = True


async def _on_disk(start: Callable[[Done], None], then: Callable[[], None] = lambda: None) -> None:
    written: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def done(error: Exception | None) -> None:
        if error is None:
            try:
                then()
            except Exception as failure:
                log_error(failure)
                error = failure
        if written.cancelled():
            return
        if error is None:
            written.set_result(None)
        else:
            written.set_exception(refused("not-saved", 503, 2))

    start(done)
    await written


# Reading


@dataclass(frozen=True)
class SessionContents:
    """All that the store has of one session."""

    script: Script
    state: SessionState
    people: set[str]
    answers: list[StoredAnswer]
    lines: list[StoredLine]
    totals: dict[str, Any]
    """By part whose answers are behind its picture; once the session is closed, what was shown."""
    unread: int
    """How many answers and lines cannot be read."""


def read_session(store: Store, stored: StoredSession) -> SessionContents:
    """Return what the store has of a session; raises an error of any type for one that cannot be read.

    A picture that cannot be read is such an error: whose answers are behind it must be known, or the next one could
    show what one person said.
    """
    if stored.format != FORMAT:
        key = "store-too-new" if stored.format > FORMAT else "store-too-old"
        raise StoreUnusable(words(f"session.{key}"), words(f"session.{key}-hint"))
    answer_rows, line_rows = store.answers(stored.id), store.lines(stored.id)
    answers = [answer for row in answer_rows if (answer := _read_answer(*row))]
    lines = [line for _, text in line_rows if (line := _read_line(text))]
    return SessionContents(
        script=read_stored_script(stored.script),
        state=SessionState.from_store(json.loads(stored.state)),
        people=store.people(stored.id),
        answers=answers,
        lines=lines,
        totals={part: json.loads(total) for part, total in store.totals(stored.id).items()},
        unread=len(answer_rows) + len(line_rows) - len(answers) - len(lines),
    )


def _read_answer(part: str, person: str, revision: int, text: str) -> StoredAnswer | None:
    """Return an answer, or None for one that cannot be read."""
    try:
        answer = json.loads(text)
    except ValueError:
        return None
    is_answer = answer is None or (isinstance(answer, str | int | dict) and not isinstance(answer, bool))
    return (part, person, revision, answer) if is_answer else None


def _read_line(text: str) -> StoredLine | None:
    """Return what the store has of a line, or None where it cannot be read."""
    try:
        stored = json.loads(text)
        Line.from_store(stored)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return dict(stored)
