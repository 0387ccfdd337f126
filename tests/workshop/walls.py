"""Walls for tests: lines that people wrote, approved and shown."""

from __future__ import annotations

from course.workshop.sessions.session import Session
from tests.workshop.live_server import Console, LiveServer


def fill_wall(live_server: LiveServer, session: Session, console: Console, count: int = 60) -> None:
    """Show a wall of so many lines."""

    async def write() -> None:
        for number in range(count):
            person = session.person(session.join())
            await session.arrive(person)
            text = f"Something that we see in two ways, {number}"
            await session.answer(person, {"part": "differences", "revision": 1, "answer": text}, 0.0)
        for line in session.model.lines.of("differences"):
            await session.perform("approve", {"line": line.name}, 0.0)

    console.press("step", step="agree")
    console.press("open", question="differences")
    live_server.run(write())
    console.press("close", question="differences")
    console.press("reveal", question="differences")
