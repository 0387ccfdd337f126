"""A room's server for tests that kill it: `python -m tests.room.serve FILE PORT`. It says its port, room and link."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from course.room import server
from course.room.commands import raise_limits
from course.room.script import find_script
from course.room.server import Server
from course.room.store import Store


async def serve(file: str, port: int) -> None:
    """Serve the room in the file, with every question of the first step open, until killed."""
    host = Server(Store(f"sqlite:///{file}", asyncio.get_running_loop().call_soon_threadsafe))
    await host.start(port)
    room = next(iter(host.house.rooms.values()), None)
    if room is None:
        room = await host.house.new_room(find_script())
        host.watch(room)
        for question in room.live.script.steps[0].questions:
            await room.act("open", {"question": question.slug}, 0.0)
    told = {"port": host.port, "room": room.room, "link": room.doors.link, "console": host.new_once(room.room)}
    print(json.dumps(told), flush=True)  # noqa: T201
    await asyncio.Event().wait()


if __name__ == "__main__":
    raise_limits()
    server.PAGES = Path(__file__).parent / "pages"  # type: ignore[misc]
    asyncio.run(serve(sys.argv[1], int(sys.argv[2])))
