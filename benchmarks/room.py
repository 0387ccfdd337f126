"""What a live session bears: phones in a burst and at a human pace, beside the same server without a store.

Load and server are separate processes on loopback. Run it on a quiet machine: it takes about three minutes there, and
with `--thorough` a quarter of an hour. `python -m benchmarks.room_kills` kills the server in the middle.
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
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypedDict

from benchmarks import room_chart
from course.workshop.commands import raise_process_limits

ANSWERS = 12
NAMES = {
    "store": "on disk, many a commit",
    "memory": "no store at all (the ceiling)",
    "slow": "disk with 5 ms more a sync",
    "one-by-one": "on disk, one a commit",
    "slow-one-by-one": "5 ms more a sync, one a commit",
}
COMPARED = ("store", "memory", "slow")
"""What is compared at the same number of phones: all ratios come from these."""
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


class Told(TypedDict):
    """What a phone has to know of a session."""

    port: int
    session: str
    link: str
    parts: list[str]


class Phone:
    """One phone on a connection of its own."""

    def __init__(self, reply: Told) -> None:
        self._reply = reply
        self._cookie = ""
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter
        self.waits: list[float] = []
        self.heard = asyncio.Event()

    async def join(self) -> None:
        """Come in by the link; where many come at once, wait as long as asked."""
        await self.connect()
        head = ""
        while not head.startswith("HTTP/1.1 303"):
            head, _ = await self._ask("POST", f"/j/{self._reply['link']}", "")
            if head.startswith("HTTP/1.1 429"):
                await asyncio.sleep(1.0)
        cookie = next(line for line in head.split("\r\n") if line.lower().startswith("set-cookie:"))
        self._cookie = cookie.partition(":")[2].partition(";")[0].strip()

    async def connect(self) -> None:
        """Connect, or connect again."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._reply["port"])

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
        head, reply = await self.send(part, revision, 1 + number % 7)
        self.waits.append(time.perf_counter() - began)
        assert head.startswith("HTTP/1.1 200"), reply

    async def send(self, part: str, revision: int, value: int) -> tuple[str, bytes]:
        """Send an answer; return head and body of the reply."""
        body = json.dumps({"part": part, "revision": revision, "answer": value})
        return await self._ask("POST", f"/r/{self._reply['session']}/answer", body)

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
        self.reply: Told = self.hear()

    def hear(self) -> Any:
        """Return what the server says next."""
        assert self._process.stdout
        reply = json.loads(self._process.stdout.readline())
        return reply

    def say(self, line: str) -> Any:
        """Tell the server something, and return what it says."""
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self.hear()

    def stop(self) -> Any:
        """Stop it; return how much memory it took, and what it had loaded."""
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


@dataclass(frozen=True)
class Plan:
    """What is measured, and how often."""

    runs: int
    phones: tuple[int, ...]
    """At how many phones the session's own store is measured besides."""
    at: int
    """At how many phones it is compared."""
    pace: float
    """Over how many seconds phones answer once each."""
    is_thorough: bool = False
    """Whether to measure one commit an answer too, which no ratio needs."""


USUAL = Plan(runs=3, phones=(100,), at=1000, pace=10.0)
THOROUGH = Plan(runs=5, phones=(100, 300, 3000), at=1000, pace=30.0, is_thorough=True)


def read_plan() -> Plan:
    """Return the plan that the options ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--thorough", action="store_true", help="all sizes and all kinds of store, five runs of each")
    parser.add_argument("--runs", type=int, help="how often each is measured")
    parser.add_argument("--phones", type=int, nargs="+", help="at how many phones the store is measured besides")
    parser.add_argument("--at", type=int, help="at how many phones it is compared with others")
    parser.add_argument("--pace", type=float, help="seconds over which phones answer once each")
    options = parser.parse_args()
    plan = THOROUGH if options.thorough else USUAL
    chosen = {name: value for name in ("runs", "at", "pace") if (value := getattr(options, name)) is not None}
    return replace(plan, **chosen, **({"phones": tuple(options.phones)} if options.phones else {}))


def main() -> None:
    """Measure and print."""
    plan = read_plan()
    began = time.monotonic()
    raise_process_limits()
    print(f"Medians of {plan.runs} runs, Python {sys.version.split()[0]}, {os.cpu_count()} cores, loopback\n")
    print(f"{'':<34}{'phones':>6}{'answers/s':>11}{'p50 ms':>9}{'p99 ms':>9}{'told s':>9}{'MB':>9}")
    for many in sorted({*plan.phones} - {plan.at}):
        line(NAMES["store"], many, medians("store", many, plan.runs))
    compared = in_turn((*COMPARED, *(["one-by-one"] if plan.is_thorough else [])), plan.at, plan.runs)
    for kind, measured in compared.items():
        line(NAMES[kind], plan.at, measured)
    if plan.is_thorough:
        few = min(plan.at, 100)
        line(NAMES["slow-one-by-one"], few, medians("slow-one-by-one", few, plan.runs))
    walk = medians("store", plan.at, plan.runs, plan.pace)
    line(f"one answer each over {plan.pace:.0f} s", plan.at, walk)
    best, ceiling, slow = compared["store"], compared["memory"], compared["slow"]
    print(f"\nanswers a second: {best.rate / ceiling.rate:.2f} of the ceiling's (wanted: 0.95 or more)")
    print(f"p99: {best.p99 / ceiling.p99:.2f} of the ceiling's (wanted: 1.2 or less)")
    print(f"with 5 ms a sync: {slow.rate / ceiling.rate:.2f} and {slow.p99 / ceiling.p99:.2f}")
    print(f"against nbforms-server: {best.rate / NBFORMS:.1f} times (wanted: 10 or more)")
    print(f"at a human pace p99: {walk.p99:.0f} ms (wanted: under 50)")
    print(f"told of a change, 99 % of phones: {best.reveal:.2f} s (wanted: within 1)")
    room_chart.main(plan.runs)
    print(f"memory: {best.memory:.0f} MB (wanted: under 100); loaded of what is heavy: {best.loaded or 'nothing'}")
    print(f"This took {time.monotonic() - began:.0f} s.")


if __name__ == "__main__":
    main()
