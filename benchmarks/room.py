"""What a live session bears: phones in a burst and at a human pace, beside the same server without a store.

Load and server are separate processes on loopback. Medians of at least five runs. Run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.workshop.commands import raise_process_limits

ANSWERS = 12
NAMES = {
    "store": "on disk, many a commit",
    "memory": "no store at all (the ceiling)",
    "slow": "disk with 5 ms more a sync",
    "one-by-one": "on disk, one a commit",
}
"""What is compared at the same number of phones."""
NBFORMS = 240
"""Submits a second of nbforms-server, which serves rooms for notebooks, on two cores."""


@dataclass
class Measured:
    """One run."""

    rate: float
    p50: float
    p99: float
    memory: float
    reveal: float = 0.0
    loaded: list[str] = field(default_factory=list)


class Phone:
    """One phone on a connection of its own."""

    def __init__(self, reply: dict[str, Any]) -> None:
        self._reply = reply
        self._cookie = ""
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter
        self.waits: list[float] = []
        self.heard = asyncio.Event()

    async def join(self) -> None:
        """Come in by the link; where many come at once, wait as long as asked."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._reply["port"])
        head = ""
        while not head.startswith("HTTP/1.1 303"):
            head, _ = await self._ask("POST", f"/j/{self._reply['link']}", "")
            if head.startswith("HTTP/1.1 429"):
                await asyncio.sleep(1.0)
        cookie = next(line for line in head.split("\r\n") if line.lower().startswith("set-cookie:"))
        self._cookie = cookie.partition(":")[2].partition(";")[0].strip()

    async def follow(self) -> None:
        """Follow the session's events; note when something new is shown."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._reply["port"])
        writer.write(self._request("GET", f"/r/{self._reply['session']}/events", ""))
        try:
            await reader.readuntil(b"\r\n\r\n")
            while True:
                event = await reader.readuntil(b"\n\n")
                if event.startswith(b"event: session"):
                    self.heard.set()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def answer(self, number: int) -> None:
        """Send one answer and wait for its acknowledgement."""
        parts = self._reply["parts"]
        revision, part = 1 + number // len(parts), parts[number % len(parts)]
        began = time.perf_counter()
        body = json.dumps({"part": part, "revision": revision, "answer": 1 + number % 7})
        head, reply = await self._ask("POST", f"/r/{self._reply['session']}/answer", body)
        self.waits.append(time.perf_counter() - began)
        assert head.startswith("HTTP/1.1 200"), reply

    async def burst(self) -> None:
        """Send all answers as fast as they are acknowledged."""
        for number in range(ANSWERS):
            await self.answer(number)

    async def stroll(self, begin: float, seconds: float) -> None:
        """Send one answer at some moment."""
        await asyncio.sleep(begin * seconds)
        await self.answer(ANSWERS)

    def close(self) -> None:
        """Hang up."""
        self._writer.close()

    def _request(self, method: str, path: str, body: str) -> bytes:
        kind = "application/json" if body else "application/x-www-form-urlencoded"
        return (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._reply['port']}\r\nCookie: {self._cookie}\r\n"
            f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    async def _ask(self, method: str, path: str, body: str) -> tuple[str, bytes]:
        self._writer.write(self._request(method, path, body))
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode()
        length = next(int(line[15:]) for line in head.split("\r\n") if line.lower().startswith("content-length:"))
        return head, await self._reader.readexactly(length)


class Session:
    """A server in a process of its own."""

    def __init__(self, kind: str, folder: Path) -> None:
        command = [sys.executable, "-m", "benchmarks.room_server", kind, str(folder / "rooms.sqlite")]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.reply = self.hear()

    def hear(self) -> dict[str, Any]:
        """Return what the server says next."""
        assert self._process.stdout
        reply: dict[str, Any] = json.loads(self._process.stdout.readline())
        return reply

    def say(self, line: str) -> dict[str, Any]:
        """Tell the server something, and return what it says."""
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self.hear()

    def stop(self) -> dict[str, Any]:
        """Stop it; return how much memory it took."""
        reply = self.say("stop")
        self._process.communicate(timeout=60)
        return reply


async def in_groups(coroutines: list[Any], size: int = 200) -> None:
    """Do so many at a time, as people come in through a door."""
    for first in range(0, len(coroutines), size):
        await asyncio.gather(*coroutines[first : first + size])


async def measure(kind: str, many: int, *, pace: float = 0.0) -> Measured:
    """Return one run: a burst, or one answer a phone over so many seconds, then a reveal to all."""
    with tempfile.TemporaryDirectory() as folder:
        session = Session(kind, Path(folder))
        phones = [Phone(session.reply) for _ in range(many)]
        await in_groups([phone.join() for phone in phones])
        following = [asyncio.create_task(phone.follow()) for phone in phones]
        await asyncio.wait_for(asyncio.gather(*(phone.heard.wait() for phone in phones)), 60)
        began = time.perf_counter()
        if pace:
            await asyncio.gather(*(phone.stroll(number / many, pace) for number, phone in enumerate(phones)))
        else:
            await asyncio.gather(*(phone.burst() for phone in phones))
        seconds = time.perf_counter() - began
        reveal = await heard_by_all(session, phones)
        stopped = await asyncio.get_running_loop().run_in_executor(None, session.stop)
        for phone in phones:
            phone.close()
        await asyncio.gather(*following)
    waits = sorted(wait for phone in phones for wait in phone.waits)
    p50, p99 = (1000 * waits[int(share * (len(waits) - 1))] for share in (0.5, 0.99))
    return Measured(len(waits) / seconds, p50, p99, stopped["memory"], reveal, stopped["loaded"])


async def heard_by_all(session: Session, phones: list[Phone]) -> float:
    """Close the question; return the seconds until 99 % of phones are told."""
    for phone in phones:
        phone.heard.clear()
    began = time.perf_counter()
    times: list[float] = []

    async def hear(phone: Phone) -> None:
        await phone.heard.wait()
        times.append(time.perf_counter() - began)

    waiting = [asyncio.create_task(hear(phone)) for phone in phones]
    await asyncio.get_running_loop().run_in_executor(None, session.say, "close")
    await asyncio.wait_for(asyncio.gather(*waiting), 60)
    return sorted(times)[int(0.99 * (len(times) - 1))]


def in_turn(kinds: tuple[str, ...], many: int, runs: int) -> dict[str, Measured]:
    """Return the medians of so many runs of each kind, taken in turn: what else the machine does befalls all alike."""
    measured: dict[str, list[Measured]] = {kind: [] for kind in kinds}
    for _ in range(runs):
        for kind in kinds:
            measured[kind].append(asyncio.run(measure(kind, many)))
    return {kind: middle(runs_of) for kind, runs_of in measured.items()}


def medians(kind: str, many: int, runs: int, pace: float = 0.0) -> Measured:
    """Return the medians of so many runs."""
    return middle([asyncio.run(measure(kind, many, pace=pace)) for _ in range(runs)])


def middle(measured: list[Measured]) -> Measured:
    """Return the median of each figure."""
    figures = {
        name: statistics.median(getattr(run, name) for run in measured)
        for name in ("rate", "p50", "p99", "memory", "reveal")
    }
    return Measured(**figures, loaded=measured[0].loaded)


def line(name: str, people: int, measured: Measured) -> None:
    """Print one row."""
    print(
        f"{name:<34}{people:>6}{measured.rate:>11,.0f}{measured.p50:>9.0f}{measured.p99:>9.0f}"
        f"{measured.reveal:>9.2f}{measured.memory:>9.0f}",
        flush=True,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="how often each is measured")
    parser.add_argument("--phones", type=int, nargs="+", default=[100, 300, 1000, 3000])
    parser.add_argument("--at", type=int, default=1000, help="at how many phones the stores are compared")
    parser.add_argument("--pace", type=float, default=30.0, help="seconds over which phones answer once each")
    options = parser.parse_args()
    raise_process_limits()
    print(f"Medians of {options.runs} runs, Python {sys.version.split()[0]}, {os.cpu_count()} cores, loopback\n")
    print(f"{'':<34}{'phones':>6}{'answers/s':>11}{'p50 ms':>9}{'p99 ms':>9}{'told s':>9}{'MB':>9}")
    for many in sorted({*options.phones} - {options.at}):
        line("on disk, many a commit", many, medians("store", many, options.runs))
    compared = in_turn(tuple(NAMES), options.at, options.runs)
    for kind, name in NAMES.items():
        line(name, options.at, compared[kind])
    best, ceiling, slow = compared["store"], compared["memory"], compared["slow"]
    few = min(options.at, 100)
    line("5 ms more a sync, one a commit", few, medians("slow-one-by-one", few, options.runs))
    walk = medians("store", options.at, options.runs, options.pace)
    line(f"one answer each over {options.pace:.0f} s", options.at, walk)
    print(f"\nanswers a second: {best.rate / ceiling.rate:.2f} of the ceiling's (wanted: 0.95 or more)")
    print(f"p99: {best.p99 / ceiling.p99:.2f} of the ceiling's (wanted: 1.2 or less)")
    print(f"with 5 ms a sync: {slow.rate / ceiling.rate:.2f} and {slow.p99 / ceiling.p99:.2f}")
    print(f"against nbforms-server: {best.rate / NBFORMS:.1f} times (wanted: 10 or more)")
    print(f"at a human pace p99: {walk.p99:.0f} ms (wanted: under 50)")
    print(f"told of a change, 99 % of phones: {best.reveal:.2f} s (wanted: within 1)")
    print(f"memory: {best.memory:.0f} MB (wanted: under 100); loaded of what is heavy: {best.loaded or 'nothing'}")


if __name__ == "__main__":
    main()
