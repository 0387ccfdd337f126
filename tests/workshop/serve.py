"""A room's server for tests that kill it: `python -m tests.workshop.serve FILE`.

For each line with a port that it reads, it starts a server and says its process, port, room and link. What it has
imported is there at once in each of them.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from course.workshop import templates
from course.workshop.commands import raise_limits
from course.workshop.script_read import find_script
from course.workshop.server import Server
from course.workshop.store import Store


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
    told = {"process": os.getpid(), "port": host.port, "room": room.room, "link": room.doors.link}
    print(json.dumps(told), flush=True)  # noqa: T201
    await asyncio.Event().wait()


def main(file: str) -> None:
    """Start one server after another, each once the one before it has ended."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(serve(file, int(line)))
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    raise_limits()
    templates.PAGES = Path(__file__).parent / "pages"  # type: ignore[misc]
    main(sys.argv[1])
