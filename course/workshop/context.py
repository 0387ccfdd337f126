"""What all handlers of the room's server share: the rooms, who follows them, their pages, and the console's door."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any, Final

from course.workshop import views
from course.workshop.answer_rules import refused
from course.workshop.broadcast import Following
from course.workshop.draw import Drawer
from course.workshop.listeners import Listening
from course.workshop.rate_limit import Allowance
from course.workshop.script import Script
from course.workshop.session import OpenRoom
from course.workshop.sessions import House
from course.workshop.store import Store
from course.workshop.templates import PARTS, Templates

JOIN_PACE: Final = (1000.0, 50.0)
"""How many phones may join at once, and a second after that."""
ONCE: Final = 60.0
"""How many seconds the link that opens the console is good for."""


class Host:
    """The rooms of one server, and all that their pages are made from."""

    def __init__(self, store: Store, script: Script) -> None:
        self.house = House(store)
        self.drawer = Drawer()
        self.following = Following(self.house, self._parts)
        self.listening: Listening
        self.key = secrets.token_hex(32)
        """What the facilitator's own programs show to get a link that opens the console."""
        self.is_synthetic = False
        self._script = script
        self._templates = Templates()
        self._once: dict[str, tuple[str, float]] = {}
        self._joining = Allowance(*JOIN_PACE)

    # Rooms

    def watch(self, room: OpenRoom) -> None:
        """Send what changes in a new room to those who follow it."""
        self.following.watch(room)

    async def erase(self, room: OpenRoom) -> None:
        """Erase a room and let its phones go."""
        await self.house.erase(room.room)
        self.following.end(room, *PARTS)

    def let_in(self, address: str) -> None:
        """Let phones reach this machine at one of its addresses, or at none but its own."""
        self.listening.let_in(address)
        self.following.all_changed()

    def pace_joining(self) -> None:
        """Refuse to let phones in faster than people can come."""
        wait = self._joining.take(time.monotonic())
        if wait:
            raise refused("too-many", 429, int(wait) + 1)

    # The facilitator's way in

    def new_once(self, room: str) -> str:
        """Return the path of a link that opens the console of a room, once and soon."""
        now = time.monotonic()
        self._once = {name: kept for name, kept in self._once.items() if kept[1] > now}
        name = secrets.token_hex(16)
        self._once[name] = (room, now + ONCE)
        return f"/facilitator/{name}"

    def use_once(self, name: str) -> OpenRoom:
        """Return the room that such a link opens; it is then used up."""
        room, until = self._once.pop(name, ("", 0.0))
        if time.monotonic() >= until:
            raise refused("not-host", 403)
        return self.house.find(room)

    # Pages

    def top(self, room: OpenRoom | None = None) -> dict[str, Any]:
        """Return what every page has; without a session, as the latest open one has it."""
        script = self._script_of(room)
        return {"title": script.title, "language": script.language}

    def render(self, template: str, room: OpenRoom | None, **given: Any) -> bytes:
        """Return a page in the words of its session, with all that people wrote escaped."""
        return self._templates.render(template, self._script_of(room).words, given)

    async def settled_view(self, room: OpenRoom, page: str) -> dict[str, Any]:
        """Return what a page of a room may show, once what the facilitator did last is on disk."""
        await room.settled()
        return self.view(room, page)

    def view(self, room: OpenRoom, page: str) -> dict[str, Any]:
        """Return what a page of a room may show now."""
        if page == "phone":
            return views.phone(room)
        make: Callable[..., dict[str, Any]] = views.screen if page == "screen" else views.console
        return make(room, self._around(), time.time())

    def _parts(self, room: OpenRoom, page: str) -> dict[str, str]:
        return self._templates.parts(page, room.live.script.words, self.view(room, page))

    def _script_of(self, room: OpenRoom | None) -> Script:
        """Return the script of a session; of a page that belongs to none, that of the latest open one."""
        room = room or self.house.latest()
        return room.live.script if room else self._script

    def _around(self) -> views.Surroundings:
        return views.Surroundings(
            address=self.listening.address,
            is_secure=self.listening.is_secure,
            addresses=self.listening.addresses(),
            let_in=self.listening.let_in_at,
            is_synthetic=self.is_synthetic,
        )
