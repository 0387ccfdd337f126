"""The room's own server: one port for phones, and on this machine alone the pages of the facilitator."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
from typing import Final

from course.workshop.context import Host
from course.workshop.error_log import hush
from course.workshop.listeners import Listening
from course.workshop.routes import application
from course.workshop.script_read import find_script
from course.workshop.store import Store

SWEEP: Final = 3600
"""How often, in seconds, a server that goes on running looks for rooms whose days are over."""


class Server(Host):
    """The host of the rooms, who opens them and closes them again."""

    def __init__(self, store: Store, tls: tuple[str, str] | None = None, name: str = "") -> None:
        super().__init__(store, find_script())
        self.listening = Listening(
            lambda is_here: application(self, is_here), lambda: self.following.streams, tls, name
        )
        self._store = store
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def port(self) -> int:
        """The port at which it listens."""
        return self.listening.port

    @property
    def is_secure(self) -> bool:
        """Whether others on the network cannot read along."""
        return self.listening.is_secure

    async def start(self, port: int = 0) -> int:
        """Listen on this machine alone, and where phones were let in before; return the port."""
        hush()
        await self.sweep(datetime.date.today())
        self.listening.start(port)
        latest = self.house.latest()
        if latest and latest.live.state.let_in in self.listening.addresses():
            self.let_in(latest.live.state.let_in)
        self._tasks = [asyncio.create_task(self.following.send_on()), asyncio.create_task(self._sweep_on())]
        return self.port

    async def stop(self) -> None:
        """Let everyone go and put everything on disk."""
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self.following.end_all()
        await self.listening.stop()
        await self.drawer.stop()
        await asyncio.get_running_loop().run_in_executor(None, self._store.close)

    async def sweep(self, today: datetime.date) -> None:
        """Erase the rooms whose days are over, and let their pages go."""
        for room in self.house.over(today):
            await self.erase(room)
        await self.house.erase_unread(today)

    async def _sweep_on(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            await self.sweep(datetime.date.today())
