"""A session's server for tests that kill it: `python -m tests.workshop.serve FILE`.

For each line with a port that it reads, it starts a server and says its process, port, session and link. What it has
imported is there at once in each of them.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from course.workshop import templates
from course.workshop.commands import raise_process_limits
from course.workshop.script.script import find_script
from course.workshop.store.session_keys import KeyFolder
from course.workshop.store.store import Store
from course.workshop.web.server import Server


async def serve(file: str, port: int) -> None:
    """Serve the session in the file, with every question of the first step open, until killed."""
    keys = KeyFolder(Path(file).parent / "keys")
    server = Server(Store(f"sqlite:///{file}", keys, asyncio.get_running_loop().call_soon_threadsafe))
    await server.start(port)
    session = next(iter(server.sessions.by_id.values()), None)
    if session is None:
        session = await server.sessions.new_session(find_script(is_long=True))
        server.broadcast.watch(session)
        for question in session.model.script.steps[0].questions:
            await session.perform("open", {"question": question.slug}, 0.0)
    address = {"process": os.getpid(), "port": server.port, "session": session.id, "link": session.access.link}
    print(json.dumps(address), flush=True)  # noqa: T201
    await asyncio.Event().wait()


def main(file: str) -> None:
    """Start one server after another, each once the one before it has ended."""
    find_script(is_long=True)  # words and templates are read once, and not by each server
    templates.PageTemplates()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(serve(file, int(line)))
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    raise_process_limits()
    templates.PAGES = Path(__file__).parent / "pages"  # type: ignore[misc]
    main(sys.argv[1])
