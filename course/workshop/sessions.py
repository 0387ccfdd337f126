"""The open rooms of one server, rebuilt at start from what the store has."""

from __future__ import annotations

import datetime
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from course.content import words
from course.core.errors import CourseError, RoomNotKept, RoomRefused
from course.workshop.answer_rules import Answer, refused
from course.workshop.answer_writer import Keeping
from course.workshop.error_log import log_fault
from course.workshop.lines import Line
from course.workshop.live import Live
from course.workshop.rate_limit import Allowance
from course.workshop.script import Script
from course.workshop.script_read import stored_script
from course.workshop.session import OpenRoom
from course.workshop.session_state import State
from course.workshop.store import KeptRoom, Store
from course.workshop.store_tables import FORMAT
from course.workshop.tokens import is_same, new_key, read_code, seal

CODE_PACE: Final = (20.0, 1.0)
"""How many wrong codes may be typed in all rooms together, at once and a second after that."""


@dataclass(frozen=True)
class SetAside:
    """A session in the store that cannot be read. It stays there as it is until its days are over."""

    room: str
    why: str
    gone_after: str | None


class House:
    """All rooms of one server."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wrong_codes = Allowance(*CODE_PACE)
        self.rooms: dict[str, OpenRoom] = {}
        self.set_aside: dict[str, SetAside] = {}
        for kept in store.rooms():
            try:
                self.rooms[kept.room] = _recalled(store, kept)
            except Exception as error:  # whatever is wrong with one session: the others go on
                self.set_aside[kept.room] = SetAside(kept.room, _why(error), kept.gone_after)

    def latest(self) -> OpenRoom | None:
        """Return the session that was made last of those that are open, or None."""
        return max((room for room in self.rooms.values() if room.people), key=_made, default=None)

    def over(self, today: datetime.date) -> list[OpenRoom]:
        """Return the rooms whose days are over."""
        return [
            room for room in self.rooms.values() if room.gone_after is not None and room.gone_after <= today.isoformat()
        ]

    async def erase_unread(self, today: datetime.date) -> None:
        """Erase the sessions that cannot be read, once their days are over."""
        for room in [*self.set_aside.values()]:
            if room.gone_after is not None and room.gone_after <= today.isoformat():
                await Keeping(self._store, room.room).erase()
                del self.set_aside[room.room]

    async def new_room(self, script: Script) -> OpenRoom:
        """Return a new room, once it is on disk."""
        key = new_key()
        room = OpenRoom(self._store, secrets.token_hex(4), key, new_key(), Live(script, _wall_key(key)))
        room.live.state.made = time.time()
        await room.keep()
        self.rooms[room.room] = room
        return room

    def find(self, room: str) -> OpenRoom:
        """Return the room of that name, or raise RoomRefused."""
        if room not in self.rooms:
            raise refused("no-room", 404)
        return self.rooms[room]

    def find_link(self, link: str) -> OpenRoom:
        """Return the room whose QR code this is, or raise RoomRefused."""
        return self._first(lambda room: is_same(room.doors.link, link))

    def find_code(self, typed: str, now: float) -> OpenRoom:
        """Return the room of a typed code. Wrong ones make everyone who types wait; a link is never slowed."""
        wait = self._wrong_codes.wait(now)
        if wait:
            seconds = int(wait) + 1
            raise RoomRefused(words("room.code-wait"), words("room.code-wait-hint", seconds=seconds), 429, seconds)
        code = read_code(typed)
        try:
            return self._first(lambda room: is_same(room.doors.code, code))
        except RoomRefused:
            self._wrong_codes.take(now)
            raise refused("wrong-code", 404) from None

    def _first(self, is_it: Callable[[OpenRoom], bool]) -> OpenRoom:
        found = [room for room in self.rooms.values() if is_it(room) and room.people]
        if not found:
            raise refused("no-room", 404)
        return found[0]

    async def erase(self, room: str) -> None:
        """Erase a room for good."""
        await self.rooms[room].erase()
        del self.rooms[room]


def _wall_key(key: bytes) -> bytes:
    return seal(key, "wall").encode()


def _made(room: OpenRoom) -> float:
    return room.live.state.made


def _recalled(store: Store, kept: KeptRoom) -> OpenRoom:
    """Return a session as the store has it. An answer or a line that cannot be read is left out, and counted."""
    if kept.format != FORMAT:
        key = "store-too-new" if kept.format > FORMAT else "store-too-old"
        raise RoomNotKept(words(f"room.{key}"), words(f"room.{key}-hint"))
    live = Live(stored_script(kept.script), _wall_key(kept.key), State.recalled(json.loads(kept.state)))
    room = OpenRoom(store, kept.room, kept.key, kept.people_key, live)
    room.gone_after = kept.gone_after
    answer_rows, line_rows = store.answers(kept.room), store.lines(kept.room)
    answers = [answer for row in answer_rows if (answer := _answer(*row))]
    about = [line for _, text in line_rows if (line := _about_line(text))]
    room.unread_rows = len(answer_rows) + len(line_rows) - len(answers) - len(about)
    # Whose answers are behind a picture that was seen must be known, or a later one could show what one person said.
    totals = {part: json.loads(shown) for part, shown in store.totals(kept.room).items()}
    live.recall(store.people(kept.room), answers, about, totals)
    return room


def _answer(part: str, person: str, revision: int, text: str) -> tuple[str, str, int, Answer | None] | None:
    """Return an answer as the store has it, or None for one that cannot be read."""
    try:
        answer = json.loads(text)
    except ValueError:
        return None
    is_answer = answer is None or (isinstance(answer, str | int | dict) and not isinstance(answer, bool))
    return (part, person, revision, answer) if is_answer else None


def _about_line(text: str) -> dict[str, Any] | None:
    """Return what the store has about a line, or None where it cannot be read."""
    try:
        about = json.loads(text)
        Line(**{name: value for name, value in about.items() if name != "words"})
    except (ValueError, TypeError, AttributeError):
        return None
    return dict(about)


def _why(error: Exception) -> str:
    """Return what is wrong with a session, in words that say nothing of what people wrote."""
    if isinstance(error, CourseError):
        return f"{error.message} {error.hint}"
    log_fault(error)
    return words("room.set-aside-damaged")
