"""The open rooms of one server, rebuilt at start from what the store has."""

from __future__ import annotations

import datetime
import json
import secrets
import time
from collections.abc import Callable
from typing import Final

from course.content import words
from course.core.errors import RoomRefused
from course.workshop.answer_rules import refused
from course.workshop.live import Live
from course.workshop.rate_limit import Allowance
from course.workshop.script import Script
from course.workshop.script_read import parse_script
from course.workshop.session import OpenRoom
from course.workshop.session_state import State
from course.workshop.store import KeptRoom, Store
from course.workshop.tokens import is_same, new_key, read_code, seal

CODE_PACE: Final = (20.0, 1.0)
"""How many wrong codes may be typed in all rooms together, at once and a second after that."""


class House:
    """All rooms of one server."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wrong_codes = Allowance(*CODE_PACE)
        self.rooms: dict[str, OpenRoom] = {}
        for kept in store.rooms():
            self.rooms[kept.room] = _recalled(store, kept)

    def over(self, today: datetime.date) -> list[OpenRoom]:
        """Return the rooms whose days are over."""
        return [
            room for room in self.rooms.values() if room.gone_after is not None and room.gone_after <= today.isoformat()
        ]

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


def _recalled(store: Store, kept: KeptRoom) -> OpenRoom:
    """Return a room as the store has it."""
    live = Live(parse_script(kept.script), _wall_key(kept.key), State.recalled(json.loads(kept.state)))
    answers = [(part, person, number, json.loads(text)) for part, person, number, text in store.answers(kept.room)]
    about = [json.loads(about) for _, about in store.lines(kept.room)]
    totals = {part: json.loads(shown) for part, shown in store.totals(kept.room).items()}
    live.recall(store.people(kept.room), answers, about, totals)
    room = OpenRoom(store, kept.room, kept.key, kept.people_key, live)
    room.gone_after = kept.gone_after
    return room
