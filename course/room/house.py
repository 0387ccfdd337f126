"""The open rooms: rules and store together. An answer counts when it is on disk, and is acknowledged only then."""

from __future__ import annotations

import asyncio
import datetime
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from course.content import words
from course.errors import RoomRefused
from course.room.answering import refused, to_json
from course.room.lines import Line
from course.room.live import Live, State
from course.room.people import Allowance, Doors, People, is_same, new_key, read_code, seal
from course.room.script import Script
from course.room.script_read import parse_script
from course.room.store import Change, Done, KeptRoom, Store
from course.room.store_tables import FORMAT

MOST_PEOPLE: Final = 5000
MOST_DAYS: Final = 7
ANSWER_PACE: Final = (60.0, 5.0)
"""How many answers a phone may send at once, and a second after that."""
CODE_PACE: Final = (20.0, 1.0)
"""How many wrong codes may be typed in all rooms together, at once and a second after that."""


class OpenRoom:
    """One room: its rules, its keys and its place in the store."""

    def __init__(self, store: Store, room: str, key: bytes, people_key: bytes | None, live: Live) -> None:
        self.room = room
        self.doors = Doors(key)
        self.people = People(people_key) if people_key else None
        self.live = live
        self.gone_after: str | None = None
        self.changed: Callable[[], None] = lambda: None
        self._store = store
        self._busy = asyncio.Lock()
        self._is_erased = False
        self._closing: set[str] = set()
        self._paces: dict[str, Allowance] = {}

    # Phones

    async def join(self) -> str:
        """Let one more phone in; return its token once it is on disk."""
        if self.people is None:
            raise refused("room-closed", 410)
        if len(self.live.people) >= MOST_PEOPLE:
            raise refused("room-full", 503)
        token = self.people.new_token()
        person = self.people.person(token) or ""
        await self._put([Change("people", {"room": self.room, "person": person})])
        self.live.people.add(person)
        self.changed()
        return token

    def person(self, token: str) -> str:
        """Return the pseudonym of a phone that is in this room, or raise RoomRefused."""
        if self.people is None:
            raise refused("room-closed", 410)
        person = self.people.person(token)
        if person is None:
            raise refused("not-in-room", 401)
        return person

    async def answer(self, person: str, given: Mapping[str, Any], now: float) -> int:
        """Take a phone's answer; return the revision that counts once it is on disk."""
        wait = self._paces.setdefault(person, Allowance(*ANSWER_PACE)).take(now)
        if wait:
            raise RoomRefused(words("room.too-fast"), words("room.too-fast-hint"), 429, int(wait) + 1)
        question, part, number, answer = self.live.expect(given["part"], given["revision"], given["answer"])
        if question.slug in self._closing:
            raise refused("not-open", 409)
        row = {"room": self.room, "part": part, "person": person, "revision": number, "answer": to_json(answer)}
        counts = number
        if number > self.live.revision(part, person):

            def apply() -> None:
                nonlocal counts
                counts = self.live.answered(part, person, number, answer)
                self.changed()

            await self._put([Change("answers", row)], apply)
        return max(counts, self.live.revision(part, person))

    # The facilitator

    async def act(self, name: str, given: Mapping[str, Any], now: float) -> None:
        """Do one thing on the console, after the answers that came before it; return once it is on disk."""
        async with self._busy:
            closing = str(given.get("question")) if name == "close" else ""
            self._closing.add(closing)
            try:
                await self._put([])
                lines = self.live.act(name, {**given, "act": name}, now)
                rows = [self._line_row(line) for line in [*lines, *self.live.newly_seen()]]
                await self._keep_pictures([self._row(), *rows])
            finally:
                self._closing.discard(closing)
                self.changed()

    async def let_in(self, address: str) -> None:
        """Remember where phones are let in, for a restart."""
        self.live.state.let_in = address
        await self.keep()

    async def paper(self, tally: Mapping[str, Mapping[str, int]]) -> None:
        """Take in the cards of those who took part on paper, in place of earlier ones."""
        async with self._busy:
            self.live.put_paper(tally)
            await self.keep()
        self.changed()

    async def settled(self) -> None:
        """Wait until all that may be shown now is on disk: nothing is shown before."""
        async with self._busy:
            if self.people:
                await self._keep_pictures([])

    async def keep(self) -> None:
        """Keep the room's own row."""
        await self._put([self._row()])

    async def close(self, days: int, today: datetime.date) -> None:
        """Destroy pseudonyms and their key; keep totals and approved lines for so many days."""
        if not 0 < days <= MOST_DAYS:
            raise refused("no-act")
        async with self._busy:
            self.live.state.is_closed = True
            await self._put([])
            self.people = None
            self._paces.clear()
            self.gone_after = (today + datetime.timedelta(days=days)).isoformat()
            lines, totals = self.live.forget_people()
            rows = [
                Change("lines", {"room": self.room, "line": line, "about": to_json(a)}) for line, a in lines.items()
            ]
            rows += [self._total(part, wire) for part, wire in totals.items()]
            await self._wait(lambda done: self._store.forget_people(self.room, [self._row(), *rows], done))
        self.changed()

    async def erase(self) -> None:
        """Erase everything of this room."""
        async with self._busy:
            self.live.state.is_closed = True
            self.people = None
            await self._wait(lambda done: self._store.erase(self.room, done))
            self._is_erased = True

    # The store

    def _row(self) -> Change:
        return Change(
            "rooms",
            {
                "room": self.room,
                "format": FORMAT,
                "key": self.doors.key,
                "people_key": self.people.key if self.people else None,
                "script": self.live.script.text,
                "state": to_json(self.live.kept_state()),
                "gone_after": self.gone_after,
            },
        )

    async def _keep_pictures(self, changes: list[Change]) -> None:
        """Write changes together with the pictures that have grown."""
        new = self.live.new_pictures()
        changes = changes + [self._total(part, answers) for part, answers in new.items()]
        if changes:
            await self._put(changes)
            self.live.pictures_kept(new)

    def _total(self, part: str, shown: Any) -> Change:
        return Change("totals", {"room": self.room, "part": part, "shown": to_json(shown)})

    def _line_row(self, line: Line) -> Change:
        return Change("lines", {"room": self.room, "line": line.line, "about": to_json(line.about())})

    async def _put(self, changes: Sequence[Change], then: Callable[[], None] = lambda: None) -> None:
        if self._is_erased:
            raise refused("no-room", 404)
        await self._wait(lambda done: self._store.put(changes, done), then)

    async def _wait(self, start: Callable[[Done], None], then: Callable[[], None] = lambda: None) -> None:
        """Wait until it is on disk; `then` happens at that moment, in the order in which things were written."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def done(error: Exception | None) -> None:
            if error is None:
                then()
            if not written.cancelled():
                written.set_result(None) if error is None else written.set_exception(
                    RoomRefused(words("room.not-saved"), words("room.not-saved-hint"), 503, 2)
                )

        start(done)
        await written


class House:
    """All rooms of one server."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wrong_codes = Allowance(*CODE_PACE)
        self.rooms: dict[str, OpenRoom] = {}
        for kept in store.rooms():
            self.rooms[kept.room] = _recalled(store, kept)

    async def sweep(self, today: datetime.date) -> None:
        """Erase the rooms whose days are over."""
        for name, room in list(self.rooms.items()):
            if room.gone_after is not None and room.gone_after <= today.isoformat():
                await room.erase()
                del self.rooms[name]

    async def new_room(self, script: Script) -> OpenRoom:
        """Return a new room, once it is on disk."""
        key = new_key()
        room = OpenRoom(self._store, secrets.token_hex(4), key, new_key(), Live(script, _wall_key(key)))
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
    live.recall(store.people(kept.room), answers, [json.loads(about) for _, about in store.lines(kept.room)])
    live.count_again({part: json.loads(shown) for part, shown in store.totals(kept.room).items()})
    live.hang_again()
    room = OpenRoom(store, kept.room, kept.key, kept.people_key, live)
    room.gone_after = kept.gone_after
    return room
