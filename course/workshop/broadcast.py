"""Who follows which page of which room: what has changed is sent to them together, a few times a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from course.workshop.error_log import fault_text, log_fault
from course.workshop.events import Channel
from course.workshop.session import OpenRoom
from course.workshop.sessions import House
from course.workshop.templates import PARTS

TICK: Final = 0.25
"""How often, in seconds, what is shown is sent: changes in between go out together."""
LONGEST_PAUSE: Final = 5.0
"""After a fault it is tried again, each time after twice as long, up to so many seconds."""
ALIVE: Final = 20.0
"""How often, in seconds, all who follow hear that the line is open."""


@dataclass(frozen=True)
class _Fault:
    text: str
    pause: float
    again_at: float


class Following:
    """The channels of all rooms. `parts` makes the parts of a page as they are now."""

    def __init__(self, house: House, parts: Callable[[OpenRoom, str], dict[str, str]]) -> None:
        self._house, self._parts = house, parts
        self._channels: dict[tuple[str, str], Channel] = {}
        self._dirty: set[str] = set()
        self._faults: dict[str, _Fault] = {}
        """What went wrong last in each session, until it goes well again."""
        for room in house.rooms.values():
            self._listen_to(room)

    @property
    def streams(self) -> int:
        """How many streams there are."""
        return sum(map(len, self._channels.values()))

    def watch(self, room: OpenRoom) -> None:
        """Send what changes in a room to those who follow it."""
        self._listen_to(room)
        self._dirty.add(room.room)

    def all_changed(self) -> None:
        """Send every room again: something around them has changed."""
        self._dirty |= set(self._house.rooms)

    async def channel(self, room: OpenRoom, page: str) -> Channel:
        """Return those who follow a page of a room, brought up to date with what is on disk."""
        channel = self._channels.setdefault((room.room, page), Channel())
        if not len(channel):
            await room.settled()
            channel.show(self._parts(room, page))
        return channel

    def end(self, room: OpenRoom, *pages: str) -> None:
        """Tell those who follow these pages that the room is closed, and let them go."""
        for page in pages:
            channel = self._channels.pop((room.room, page), None)
            if channel:
                channel.end()

    def end_all(self) -> None:
        """Let everyone go."""
        for channel in self._channels.values():
            channel.end()

    async def send_on(self) -> None:
        """Send what changes, and now and then a sign of life, until cancelled."""
        alive = time.monotonic() + ALIVE
        while True:
            await asyncio.sleep(TICK)
            await self.send(time.monotonic())
            if time.monotonic() > alive:
                alive = time.monotonic() + ALIVE
                for channel in self._channels.values():
                    channel.keep_alive()

    async def send(self, now: float) -> None:
        """Send what has changed since the last time, once it is on disk; what fails is tried again after a pause."""
        waiting = {name for name, fault in self._faults.items() if now < fault.again_at}
        due = self._dirty - waiting
        self._dirty &= waiting
        for name in due & set(self._house.rooms):
            try:
                await self._send(self._house.rooms[name])
                self._faults.pop(name, None)
            except Exception as error:
                self._dirty.add(name)
                self._failed(name, error, now)

    def _failed(self, name: str, error: Exception, now: float) -> None:
        """Log a fault the first time it happens, and wait longer each time before it is tried again."""
        before, kind = self._faults.get(name), fault_text(error)
        if before is None or before.text != kind:
            log_fault(error)
        pause = min(2 * before.pause, LONGEST_PAUSE) if before else TICK
        self._faults[name] = _Fault(kind, pause, now + pause)

    async def _send(self, room: OpenRoom) -> None:
        await room.settled()
        for page in PARTS:
            channel = self._channels.get((room.room, page))
            if channel:
                channel.show(self._parts(room, page))

    def _listen_to(self, room: OpenRoom) -> None:
        room.changed = lambda: self._dirty.add(room.room)
