"""The live room's server for the benchmark: `python -m benchmarks.room_server KIND FILE`. It says its port and link.

KIND is `store` (the room's own), `memory` (acknowledges without a store: the ceiling), `one-by-one` (a commit for
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

from course.workshop.commands import raise_limits
from course.workshop.script_read import find_script
from course.workshop.server import Server
from course.workshop.store import Change, Done, Store

HEAVY = ("pandas", "matplotlib", "nbgrader", "IPython", "numpy")
SYNC = 0.005


class Memory(Store):
    """Acknowledges at once and keeps nothing: what the same server can do at most."""

    def put(self, changes: Sequence[Change], done: Done) -> None:
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
    """Serve one room until standard input ends; then say how much memory it took and what was loaded."""
    loop = asyncio.get_running_loop()
    host = Server(KINDS[kind](f"sqlite:///{file}", loop.call_soon_threadsafe))
    await host.start()
    room = await host.house.new_room(find_script())
    host.watch(room)
    step = next(one for one in room.live.script.steps if any(question.kind == "rate" for question in one.questions))
    question = next(question for question in step.questions if question.kind == "rate")
    await room.act("step", {"step": step.slug}, 0.0)
    await room.act("open", {"question": question.slug}, 0.0)
    parts = list(room.live.parts(question))
    say(port=host.port, room=room.room, link=room.doors.link, parts=parts)
    while (line := (await loop.run_in_executor(None, sys.stdin.readline)).strip()) and line != "stop":
        await room.act(line, {"question": question.slug}, 0.0)
        say(sent=time.time())
    say(memory=most_memory(), loaded=[name for name in HEAVY if name in sys.modules])
    await host.stop()


def most_memory() -> float:
    """Return the most memory that was taken, in MB; what `getrusage` says on Linux counts the parent's in."""
    status = Path("/proc/self/status")
    if status.exists():
        found = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(found.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


def say(**told: Any) -> None:
    """Tell the benchmark."""
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    raise_limits()
    asyncio.run(serve(sys.argv[1], sys.argv[2]))
