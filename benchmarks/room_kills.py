"""What a live session loses when its server is killed: `python -m benchmarks.room_kills`.

`course workshop` runs as a facilitator starts it. Phones answer on and on, and change their answers. The process is
killed (`kill -9`) at moments of chance and started again by the same command. Each time, every answer that was
acknowledged is looked for in the store.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks import room
from course.workshop.access.tokens import PhoneTokens
from tests.ports import free_port
from tests.workshop.live_server import Browser, open_console
from tests.workshop.stored_rows import stored_answers, stored_keys
from tests.workshop.workshop_process import console_link, interrupt, read_until, start

STEP, QUESTION, PARTS = "our-group", "group", [f"group.G{number}" for number in range(1, 7)]
PAUSE = 0.25
"""Seconds between the answers of one phone: as quick as a session lets one phone send for long."""
SHORTEST, LONGEST = 0.3, 1.2
"""Seconds from the first answer after a start to the next kill."""


class Phone(room.Phone):
    """A phone that answers on and on, connects again where it is cut off, and remembers what was acknowledged."""

    def __init__(self, reply: room.Told, number: int) -> None:
        super().__init__(reply)
        self.sent: dict[str, list[int]] = {part: [] for part in PARTS}
        """By part: what was sent under revision 1, 2 and so on."""
        self.acknowledged: dict[str, int] = {}
        self.count = 0
        """How many answers were acknowledged."""
        self.latest = time.perf_counter()
        self.longest_silence = 0.0
        self._random = random.Random(number)

    async def carry_on(self) -> None:
        """Answer until cancelled."""
        self.latest = time.perf_counter()
        while True:
            self.close()
            try:
                await self.connect()
                while True:
                    await self.answer_once()
                    await asyncio.sleep(PAUSE)
            except (OSError, asyncio.IncompleteReadError):
                await asyncio.sleep(0.05)

    async def answer_once(self) -> None:
        """Change one answer, and note when it was acknowledged."""
        part, value = self._random.choice(PARTS), self._random.randint(1, 7)
        self.sent[part].append(value)
        revision = len(self.sent[part])
        head, reply = await self.send(part, revision, value)
        if head.startswith("HTTP/1.1 200"):
            assert json.loads(reply)["revision"] == revision
            now = time.perf_counter()
            self.longest_silence = max(self.longest_silence, now - self.latest)
            self.latest, self.count = now, self.count + 1
            self.acknowledged[part] = revision

    def lost(self, tokens: PhoneTokens, stored: dict[tuple[str, str], tuple[int, int]]) -> int:
        """Return how many acknowledged answers are not stored as they were sent, nor a later one in their place."""
        person = tokens.person(self._cookie.partition("=")[2])
        assert person
        lost = 0
        for part, revision in self.acknowledged.items():
            there, value = stored.get((part, person), (0, 0))
            lost += there < revision or self.sent[part][there - 1] != value
        return lost


class Workshop:
    """`course workshop` in one data folder, killed and started again."""

    def __init__(self, data: Path) -> None:
        self._data, self._port = data, free_port()
        self._process: subprocess.Popen[str]
        self.output = ""

    def start(self) -> None:
        """Start it; return once it has said that it can be used."""
        self._process = start(self._data, "--port", str(self._port))
        self.output = read_until(self._process, "Ctrl-C")

    def kill(self) -> None:
        """Kill it without any warning."""
        self._process.kill()
        self._process.communicate(timeout=20)

    def stop(self) -> None:
        """Stop it as Ctrl-C does."""
        if self._process.poll() is None:
            interrupt(self._process)

    def open(self) -> room.Told:
        """Open the question that phones answer; return what a phone has to know to join."""
        console = open_console(*console_link(self.output))
        page = console.get(f"/console/{console.session}/").body.decode()
        letters = re.search(r'class="letters">(\w{6})<', page)
        assert letters
        link = Browser(console.port).form("/", {"code": letters[1]}).headers["location"].rpartition("/")[2]
        for name, fields in (("step", {"step": STEP}), ("open", {"question": QUESTION})):
            reply = console.press(name, **fields)
            assert reply.status == 200, reply.body
        return {"port": console.port, "session": console.session, "link": link, "parts": PARTS}

    def lost(self, session: str, phones: list[Phone]) -> int:
        """Return how many acknowledged answers are not on disk, nor a later one in their place. Nothing may run.

        A copy is read: whoever opens the files themselves does part of what the next server has to do.
        """
        with tempfile.TemporaryDirectory() as folder:
            file = shutil.copytree(self._data / "workshop" / "rooms", Path(folder) / "rooms") / "rooms.sqlite"
            people = stored_keys(file, session).people
            assert people
            rows = stored_answers(file, session)
        stored = {(part, person): (revision, int(answer)) for part, person, revision, answer in rows}
        assert len(stored) == len(rows), "an answer is there twice"
        return sum(phone.lost(PhoneTokens(people), stored) for phone in phones)


async def run(kills: int, count: int) -> None:
    """Kill so many times while so many phones answer, and print what became of it."""
    dice, loop = random.Random(5), asyncio.get_running_loop()
    lost, restarts = 0, list[float]()
    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(Path(folder))
        await loop.run_in_executor(None, workshop.start)
        reply = await loop.run_in_executor(None, workshop.open)
        phones = [Phone(reply, number) for number in range(count)]
        await room.in_groups([phone.join() for phone in phones])
        going = [asyncio.create_task(phone.carry_on()) for phone in phones]
        try:
            for number in range(1, kills + 1):
                await asyncio.sleep(dice.uniform(SHORTEST, LONGEST))
                await loop.run_in_executor(None, workshop.kill)
                killed = time.perf_counter()
                lost += workshop.lost(reply["session"], phones)
                await loop.run_in_executor(None, workshop.start)
                while max(phone.latest for phone in phones) < killed:
                    await asyncio.sleep(0.02)
                restarts.append(max(phone.latest for phone in phones) - killed)
                if number % 10 == 0:
                    print(f"{number} kills, {sum(phone.count for phone in phones):,} answers, {lost} lost", flush=True)
            await asyncio.sleep(LONGEST)
        finally:
            for task in going:
                task.cancel()
            await asyncio.gather(*going, return_exceptions=True)
            await loop.run_in_executor(None, workshop.stop)
        lost += workshop.lost(reply["session"], phones)
    acknowledged = sum(phone.count for phone in phones)
    print(f"{kills} kills, {count} phones, {acknowledged:,} answers acknowledged: {lost} lost (wanted: 0)")
    print(f"longest silence that a phone saw: {max(phone.longest_silence for phone in phones):.1f} s")
    print(f"from a kill to the next answer: {statistics.median(restarts):.1f} s, at most {max(restarts):.1f} s")
    assert not lost


def main() -> None:
    """Read the options, and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50, help="how often the server is killed")
    parser.add_argument("--phones", type=int, default=30, help="how many phones answer")
    options = parser.parse_args()
    asyncio.run(run(options.kills, options.phones))


if __name__ == "__main__":
    main()
