"""One session in the store: its rows as they are written and read, and the wait until they are on disk.

What is read is taken by its syntax alone and never held against today's words. An answer or a line that cannot be
read is left out and counted; where anything else cannot be read, so cannot the session.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from course.content import words
from course.core import moments
from course.core.errors import SessionRefused, StoreUnusable
from course.workshop.errors import log_error, refused
from course.workshop.rules.answers import to_json
from course.workshop.rules.lines import Line, StoredLine
from course.workshop.rules.session_model import SessionState, StoredAnswer
from course.workshop.script.script import Script, read_stored_script
from course.workshop.store.ownership import OwnedElsewhere
from course.workshop.store.session_keys import SessionKeys
from course.workshop.store.session_rows import RowChange, SessionRows, StoredSession
from course.workshop.store.store import Done, Store
from course.workshop.store.tables import FORMAT
from course.workshop.wire import Answer

ROOM: Final = 100_000
"""In bytes: so much room there has to be before a full disk is called over."""


class SessionStore:
    """The rows of one session in the store, under its present keys."""

    def __init__(self, store: Store, session_id: str, keys: SessionKeys) -> None:
        self._store, self._session_id, self._keys = store, session_id, keys
        self._rows = SessionRows(session_id, keys)
        self._is_erased = False
        self._is_dropped = False

    # Rows

    def session(self, script: Script, state: SessionState, gone_after: str | None) -> RowChange:
        """Return the row of the session itself."""
        return self._rows.session(script.text, to_json(state.to_store()), gone_after)

    def person(self, person: str) -> RowChange:
        """Return the row of a phone."""
        return self._rows.person(person)

    def answer(self, part: str, person: str, revision: int, answer: Answer | None) -> RowChange:
        """Return the row of an answer."""
        return self._rows.answer(part, person, revision, to_json(answer))

    def line(self, name: str, stored: StoredLine) -> RowChange:
        """Return the row of a line and what became of it."""
        return self._rows.line(name, to_json(stored))

    def total(self, part: str, total: object) -> RowChange:
        """Return the row of what stands behind a picture, or of what is left of it."""
        return self._rows.total(part, to_json(total))

    # Writing

    async def put(self, changes: Sequence[RowChange], then: Callable[[], None] = lambda: None) -> None:
        """Write rows; `then` happens when they are on disk, in the order in which things were written.

        Raises SessionRefused where they could not be written.
        """
        self.check()
        await _on_disk(lambda done: self._store.put(changes, done), then)

    def drop(self) -> None:
        """Write nothing any more: another worker may decide for the session now."""
        self._is_dropped = True

    def check(self) -> None:
        """Raise SessionRefused where nothing can be written any more."""
        if self._is_dropped:
            raise refused("owner-away", 503, 1)
        if self._is_erased:
            raise refused("no-session", 404)

    def wipe_order(self) -> None:
        """Leave nothing on the disk of the order in which answers came."""
        self._store.wipe_order()

    def note_due(self, due: datetime.datetime) -> None:
        """Note when the session is to be closed or erased, where it still has its keys."""
        with contextlib.suppress(OSError):
            self._store.keys.note_due(self._session_id, self._keys.id, due)

    def due(self) -> datetime.datetime | None:
        """Return when the session is to be closed or erased; None where its keys are gone."""
        try:
            return self._store.keys.due(self._session_id, self._keys.id)
        except OSError:
            return None

    def write_keys(self, due: datetime.datetime) -> None:
        """Put the keys on disk, before any row that they encrypt. Raises SessionRefused where that cannot be done."""
        try:
            self._store.keys.write(self._session_id, self._keys, due)
        except OSError:
            raise refused("not-saved", 503, 2) from None

    def note_keep_days(self, days: int) -> None:
        """Note with the keys for how many days what was shown is kept. Raises SessionRefused as `write_keys` does.

        When the session is due stays as it was.
        """
        due = self.due() if days != self._keys.keep_days else None
        if due is not None:
            self._keys = replace(self._keys, keep_days=days)
            try:
                self.write_keys(due)
            except SessionRefused:
                self._keys = replace(self._keys, keep_days=None)  # tried again the next time
                raise

    def after_close(self, erased_at: datetime.datetime) -> SessionStore:
        """Return where the rest of a session that closes is kept, under keys that are on disk."""
        kept = SessionStore(self._store, self._session_id, self._keys.after_close())
        kept.write_keys(erased_at)
        return kept

    async def forget_people(self, rest: Sequence[RowChange]) -> None:
        """Write the rest of a session in place of who said what, and destroy the key under which that was written.

        Raises SessionRefused where the rest could not be written, or the key not be destroyed; do it again then.
        """
        self.check()
        await _on_disk(lambda done: self._store.forget_people(self._session_id, rest, done))
        _destroy_keys(self._store, self._session_id, but=self._keys.id)

    async def erase(self) -> None:
        """Erase everything, and write nothing any more. Raises SessionRefused as `erase_rows` does."""
        if self._is_dropped:
            self.check()
        self._is_erased = True
        await erase_rows(self._store, self._session_id)


async def take_session(store: Store, session_id: str) -> bool:
    """Own a session of a store that several workers share; say whether that could be: not where another one owns it.

    Raises SessionRefused where the database does not answer.
    """
    taken: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def done(error: Exception | None) -> None:
        if taken.done():
            return
        if error is None or isinstance(error, OwnedElsewhere):
            taken.set_result(error is None)
        else:
            taken.set_exception(refused("owner-away", 503, 2))

    store.take(session_id, done)
    return await taken


async def erase_rows(store: Store, session_id: str) -> None:
    """Destroy the keys of a session, so that nobody can read anything of it any more; then erase all its rows.

    Raises SessionRefused where one of both could not be done; do it again then.
    """
    _destroy_keys(store, session_id)
    try:
        await _on_disk(lambda done: store.erase(session_id, done))
    except SessionRefused:
        raise refused("not-erased", 503, 2) from None


async def try_room(store: Store) -> None:
    """Write more than a few answers take, and erase it again. Raises SessionRefused while there is no room for that."""
    row = {"room": "", "part": "room", "shown": "0" * ROOM}  # of no session
    await _on_disk(lambda done: store.put([RowChange("totals", row)], done))
    await _on_disk(lambda done: store.erase("", done))


async def keep_unread(store: Store, stored: StoredSession, last_day: datetime.date, now: datetime.datetime) -> bool:
    """Keep a session that cannot be read until a day, if it is due and of this version; say whether that was so.

    Raises OSError where its keys are gone, and SessionRefused where that could not be written.
    """
    key_id = stored.key_id.decode("ascii", "replace")
    if stored.format != FORMAT or store.keys.due(stored.id, key_id) > now:
        return False
    row = {"room": stored.id, "format": stored.format, "key": stored.key_id, "people_key": None}
    row |= {"script": stored.script, "state": stored.state, "gone_after": last_day.isoformat()}
    await _on_disk(lambda done: store.put([RowChange("rooms", row)], done))
    store.keys.note_due(stored.id, key_id, moments.start_of_day(last_day))
    return True


def _destroy_keys(store: Store, session_id: str, *, but: str = "") -> None:
    try:
        store.keys.destroy(session_id, but=but)
    except OSError:
        raise refused("not-erased", 503, 2) from None


async def _on_disk(start: Callable[[Done], None], then: Callable[[], None] = lambda: None) -> None:
    written: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def done(error: Exception | None) -> None:
        if error is None:
            try:
                then()
            except Exception as failure:
                log_error(failure)
                error = failure
        if written.done():  # whoever waited was told that it failed, or has gone
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


def check_format(stored: StoredSession) -> None:
    """Refuse a session of another version of the course with StoreUnusable."""
    if stored.format != FORMAT:
        key = "store-too-new" if stored.format > FORMAT else "store-too-old"
        raise StoreUnusable(words(f"session.{key}"), words(f"session.{key}-hint"))


def read_session(store: Store, stored: StoredSession, keys: SessionKeys) -> SessionContents:
    """Return what the store has of a session; raises an error of any type for one that cannot be read.

    A picture that cannot be read is such an error: whose answers are behind it must be known, or the next one could
    show what one person said.
    """
    rows = SessionRows(stored.id, keys)
    script, state = rows.read_session(stored)
    answer_rows, line_rows, people = store.answers(stored.id), store.lines(stored.id), store.people(stored.id)
    answers = [answer for row in answer_rows if (answer := _read_answer(rows, *row))]
    lines = [line for name, about in line_rows if (line := _read_line(rows, name, about))]
    return SessionContents(
        script=read_stored_script(script),
        state=SessionState.from_store(json.loads(state)),
        people={person for name in people if (person := _read_person(rows, name))},
        answers=answers,
        lines=lines,
        totals={part: json.loads(rows.read_total(part, total)) for part, total in store.totals(stored.id).items()},
        unread=len(answer_rows) + len(line_rows) - len(answers) - len(lines),
    )


@dataclass(frozen=True)
class ListedSession:
    """What a list of sessions says of one."""

    id: str
    made: float
    """In seconds since 1970."""
    is_open: bool
    gone_after: str | None
    facilitators: str


def listed(session_id: str, state: SessionState, gone_after: str | None) -> ListedSession:
    """Return what a list of sessions says of one that has a state."""
    return ListedSession(session_id, state.made, not state.is_closed, gone_after, state.facilitators)


def read_listed(store: Store) -> list[ListedSession]:
    """Return what a list says of each session in the store, whoever serves it; one that cannot be read is left out."""
    found = []
    for stored in store.sessions():
        keys = store.keys.read(stored.id, stored.key_id.decode("ascii", "replace"))
        with contextlib.suppress(Exception):  # it says so where it is opened
            if keys:
                _, state = SessionRows(stored.id, keys).read_session(stored)
                found.append(listed(stored.id, SessionState.from_store(json.loads(state)), stored.gone_after))
    return found


def _read_person(rows: SessionRows, name: str) -> str | None:
    """Return a phone's pseudonym, or None for one that cannot be read."""
    try:
        return rows.read_person(name)
    except ValueError:
        return None


def _read_answer(rows: SessionRows, part: str, name: str, revision: int, text: str) -> StoredAnswer | None:
    """Return an answer, or None for one that cannot be read."""
    try:
        person, answer_text = rows.read_answer(part, name, text)
        answer = json.loads(answer_text)
    except ValueError:
        return None
    is_answer = answer is None or (isinstance(answer, str | int | dict) and not isinstance(answer, bool))
    return (part, person, revision, answer) if is_answer else None


def _read_line(rows: SessionRows, name: str, about: str) -> StoredLine | None:
    """Return what the store has of a line, or None where it cannot be read."""
    try:
        stored = json.loads(rows.read_line(name, about))
        Line.from_store(stored)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return dict(stored)
