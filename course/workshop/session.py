"""One open room: rules and store together. An answer counts when it is on disk, and is acknowledged only then."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from course.workshop import actions
from course.workshop.answer_rules import refused, to_json
from course.workshop.answer_writer import Keeping
from course.workshop.lines import Line
from course.workshop.live import Live
from course.workshop.rate_limit import Allowance
from course.workshop.store import Change, Store
from course.workshop.store_tables import FORMAT
from course.workshop.tokens import Doors, People

MOST_PEOPLE: Final = 5000
MOST_DAYS: Final = 7
ANSWER_PACE: Final = (60.0, 5.0)
"""How many answers a phone may send at once, and a second after that."""


class OpenRoom:
    """One room: its rules, its keys and its place in the store."""

    def __init__(self, store: Store, room: str, key: bytes, people_key: bytes | None, live: Live) -> None:
        self.room = room
        self.doors = Doors(key)
        self.people = People(people_key) if people_key else None
        self.live = live
        self.gone_after: str | None = None
        self.unread_rows = 0
        """How many of its answers and lines could not be read when it was taken up again."""
        self.changed: Callable[[], None] = lambda: None
        self._keeping = Keeping(store, room)
        self._busy = asyncio.Lock()
        self._closing: set[str] = set()
        self._paces: dict[str, Allowance] = {}
        self._owed: dict[str, Line] = {}
        """Lines that have changed and are not on disk yet."""
        self._is_kept = True
        """Whether the room's own row is on disk as it is now."""

    # Phones

    async def join(self) -> str:
        """Let one more phone in; return its token once it is on disk."""
        if self.people is None:
            raise refused("room-closed", 410)
        if len(self.live.people) >= MOST_PEOPLE:
            raise refused("room-full", 503)
        token = self.people.new_token()
        person = self.people.person(token) or ""
        await self._keeping.put([self._keeping.person(person)])
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
        self._pace(person, now)
        question, part, number, answer = self.live.expect(given["part"], given["revision"], given["answer"])
        if question.slug in self._closing:
            raise refused("not-open", 409)
        if number > self.live.answers.revision(part, person):

            def take() -> None:
                before = self.live.lines.by(part, person)
                self.live.answered(part, person, number, answer)
                if before and before.is_seen:
                    self._owed[before.line] = before  # it may have been shown while this was on its way
                self.changed()

            await self._keeping.put(
                [self._keeping.answer(part, person, number, answer), *self._left(part, person)], take
            )
        return self.live.answers.revision(part, person)

    def _left(self, part: str, person: str) -> list[Change]:
        """Return the row of the line that stays on its wall though its writer writes anew."""
        line = self.live.lines.by(part, person)
        return [self._keeping.line(line.line, self.live.lines.row_left(line))] if line and line.is_seen else []

    def _pace(self, person: str, now: float) -> None:
        """Refuse what a phone sends faster than a person can answer."""
        pace = self._paces.get(person)
        if pace is None:
            pace = self._paces[person] = Allowance(*ANSWER_PACE)
        wait = pace.take(now)
        if wait:
            raise refused("too-fast", 429, int(wait) + 1)

    # The facilitator

    async def act(self, name: str, given: Mapping[str, Any], now: float) -> None:
        """Do one thing on the console, after the answers that came before it; return once it is on disk."""
        async with self._busy:
            closing = str(given.get("question")) if name == "close" else ""
            self._closing.add(closing)
            try:
                await self._keeping.put([])
                self._act(name, given, now)
                await self._keep()
            finally:
                self._closing.discard(closing)
                self.changed()

    def _act(self, name: str, given: Mapping[str, Any], now: float) -> None:
        changed: Sequence[Line] = ()
        try:
            changed = actions.act(self.live, name, given, now)
        finally:
            self._owe([*changed, *self.live.walls.changed().values()])

    async def let_in(self, address: str) -> None:
        """Remember where phones are let in, for a restart."""
        async with self._busy:
            self.live.state.let_in = address
            self._owe()
            await self._keep()

    async def paper(self, tally: Mapping[str, Mapping[str, int]]) -> None:
        """Take in the cards of those who took part on paper, in place of earlier ones."""
        async with self._busy:
            self.live.put_paper(tally)
            self._owe()
            await self._keep()
        self.changed()

    async def settled(self) -> None:
        """Wait until all that may be shown now is on disk: nothing is shown before."""
        async with self._busy:
            if self.people:
                await self._keep()

    # What is kept

    async def keep(self) -> None:
        """Keep a new room."""
        await self._keeping.put([self._row()])

    def _owe(self, lines: Sequence[Line] = ()) -> None:
        """Note what the facilitator changed: it is written next, or where that fails, before anything is shown."""
        self._is_kept = False
        self._owed |= {line.line: line for line in lines}

    async def _keep(self) -> None:
        """Write what has changed, and the pictures that have grown with it."""
        pictures = self.live.tallies.new_pictures()
        changes = [] if self._is_kept else [self._row()]
        owed, self._owed = self._owed, {}
        changes += [self._keeping.line(name, self.live.lines.row(line)) for name, line in owed.items()]
        changes += [self._keeping.total(part, answers) for part, answers in pictures.items()]
        if changes:
            try:
                await self._keeping.put(changes)
            except BaseException:
                self._owed = owed | self._owed
                raise
            self.live.tallies.pictures_kept(pictures)
            self._is_kept = True

    def _row(self) -> Change:
        return Change(
            "rooms",
            {
                "room": self.room,
                "format": FORMAT,
                "key": self.doors.key,
                "people_key": self.people.key if self.people else None,
                "script": self.live.script.text,
                "state": to_json(self.live.state.plain()),
                "gone_after": self.gone_after,
            },
        )

    # The end

    async def close(self, days: int, today: datetime.date) -> None:
        """Destroy pseudonyms and their key; keep totals and approved lines for so many days."""
        if not 0 < days <= MOST_DAYS:
            raise refused("no-act")
        async with self._busy:
            await self._keeping.put([])
            for question in self.live.script.questions():
                if self.live.state.standing(question.slug).taking == "open":
                    self._act("close", {"question": question.slug}, 0.0)
            self.live.state.is_closed = True
            self.people = None
            self._paces.clear()
            self._owed.clear()
            self.gone_after = (today + datetime.timedelta(days=days)).isoformat()
            lines, totals = self.live.forget_people()
            left = [self._keeping.line(name, about) for name, about in lines.items()]
            left += [self._keeping.total(part, shown) for part, shown in totals.items()]
            await self._keeping.forget_people([self._row(), *left])
        self.changed()

    async def erase(self) -> None:
        """Erase everything of this room."""
        async with self._busy:
            self.live.state.is_closed = True
            self.people = None
            await self._keeping.erase()
