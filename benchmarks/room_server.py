"""The live session's server for the benchmark: `python -m benchmarks.room_server KIND FILE`. It says its port and link.

KIND is `store` (the session's own), `memory` (acknowledges without a store: the ceiling), `one-by-one` (a commit for
each answer), or `slow` and `slow-one-by-one` (the same on a disk that takes 5 ms longer to sync).
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from course.workshop.commands import raise_process_limits
from course.workshop.script.script import find_script
from course.workshop.store.session_keys import KeyFolder
from course.workshop.store.session_rows import RowChange
from course.workshop.store.store import Done, Store
from course.workshop.web.server import Server

HEAVY = ("pandas", "matplotlib", "nbgrader", "IPython", "numpy", "sqlalchemy.dialects.postgresql", "cryptography.x509")
SYNC = 0.005


class Memory(Store):
    """Acknowledges at once and keeps nothing: what the same server can do at most."""

    def put(self, changes: Sequence[RowChange], done: Done) -> None:
        """Tell that it is done."""
        done(None)


class OneByOne(Store):
    """Commits each answer by itself."""

    def _batch(self) -> tuple[list[Any], bool]:
        job = self._jobs.get()
        return ([], True) if job is None else ([job], False)


class Slow(Store):
    """A disk that takes longer to sync."""

    def _commit(self, connection: Any) -> None:
        super()._commit(connection)
        time.sleep(SYNC)


class SlowOneByOne(OneByOne, Slow):
    """Both."""


KINDS = {"store": Store, "memory": Memory, "one-by-one": OneByOne, "slow": Slow, "slow-one-by-one": SlowOneByOne}


async def serve(kind: str, file: str) -> None:
    """Serve one session until standard input ends; then say how much memory it took and what was loaded."""
    loop = asyncio.get_running_loop()
    keys = KeyFolder(Path(file).parent / "keys")
    server = Server(KINDS[kind](f"sqlite:///{file}", keys, loop.call_soon_threadsafe))
    await server.start()
    session = await server.sessions.new_session(find_script(is_long=True))
    server.broadcast.watch(session)
    step = next(
        step for step in session.model.script.steps if any(question.kind == "rate" for question in step.questions)
    )
    question = next(question for question in step.questions if question.kind == "rate")
    await session.perform("step", {"step": step.slug}, 0.0)
    await session.perform("open", {"question": question.slug}, 0.0)
    parts = list(session.model.parts(question))
    say(port=server.port, session=session.id, link=session.access.link, parts=parts)
    while (line := (await loop.run_in_executor(None, sys.stdin.readline)).strip()) and line != "stop":
        await session.perform(line, {"question": question.slug}, 0.0)
        say(sent=time.time())
    say(memory=most_memory(), loaded=[name for name in HEAVY if name in sys.modules])
    await server.stop()


def most_memory() -> float:
    """Return the most memory that was taken, in MB; what `getrusage` says on Linux counts the parent's in."""
    status = Path("/proc/self/status")
    if status.exists():
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(peak.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


def say(**reply: Any) -> None:
    """Tell the benchmark."""
    print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    raise_process_limits()
    asyncio.run(serve(sys.argv[1], sys.argv[2]))
