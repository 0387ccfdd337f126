"""Two workers of the live session against one: two sessions with many phones each, in PostgreSQL and behind nginx.

All that runs is on this machine, the phones too, so the ratio depends on its cores. Medians of some runs in turn.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.room import Phone, in_groups
from tests.hub.workers import Workers, running_workers

STEP, QUESTION = "our-group", "group"
ANSWERS = 20
"""How many answers each phone sends, one after another."""
WANTED = {2: 1.3, 4: 1.6}
"""The ratio that is wanted, by the number of cores from which on."""


@dataclass(frozen=True)
class WorkersRun:
    """One run."""

    rate: float
    """Answers a second, of both sessions together."""
    p99: float
    """In milliseconds."""
    worker_cpu: float
    """Milliseconds of the workers' processors an answer."""


class RoutedPhone(Phone):
    """A phone behind the proxy: it is led to the worker that has its session."""

    def __init__(self, reply: dict[str, Any]) -> None:
        super().__init__(reply)
        self._cookies: dict[str, str] = {}

    async def join(self) -> None:
        """Come in by the link, and show the cookie, as the page does."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._reply["port"])
        head = ""
        while not head.startswith("HTTP/1.1 303"):
            head, _ = await self._ask("POST", f"/j/{self._reply['link']}", "")
            self._keep_cookies(head)
            if head.startswith("HTTP/1.1 429"):
                await asyncio.sleep(1.0)
        head, _ = await self._ask("GET", f"/r/{self._reply['session']}/mine", "")
        self._keep_cookies(head)

    def _keep_cookies(self, head: str) -> None:
        for line in head.split("\r\n"):
            if line.lower().startswith("set-cookie:"):
                name, _, value = line.partition(":")[2].partition(";")[0].strip().partition("=")
                self._cookies[name] = value
        self._cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())


async def burst(phones: Sequence[RoutedPhone]) -> float:
    """Return the seconds in which all phones send their answers."""
    began = time.perf_counter()
    await asyncio.gather(*(_answers(phone) for phone in phones))
    return time.perf_counter() - began


async def _answers(phone: RoutedPhone) -> None:
    for number in range(ANSWERS):
        await phone.answer(number)


def measure(names: tuple[str, ...], phones: int) -> WorkersRun:
    """Return one run with these workers, over which two sessions are spread."""
    folder = Path(tempfile.mkdtemp(prefix="bt-bench-hub-"))
    try:
        with running_workers(folder, names) as workers:
            rooms = [_room(workers, names[number % len(names)]) for number in range(2)]
            return asyncio.run(_measure(workers, rooms, phones))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _room(workers: Workers, name: str) -> dict[str, Any]:
    """Open a session with one question at a worker; return what its phones have to know."""
    facilitator = workers.new_session(name)
    facilitator.press("step", step=STEP)
    facilitator.press("open", question=QUESTION)
    session = facilitator.session
    parts = [f"{QUESTION}.G{number}" for number in range(1, 7)]
    return {"port": workers.port, "link": workers.link(session), "session": session, "parts": parts}


async def _measure(workers: Workers, rooms: Sequence[dict[str, Any]], many: int) -> WorkersRun:
    phones = [RoutedPhone(room) for room in rooms for _ in range(many)]
    await in_groups([phone.join() for phone in phones])
    before = _processor_seconds(workers)
    seconds = await burst(phones)
    used = _processor_seconds(workers) - before
    for phone in phones:
        phone.close()
    waits = sorted(wait for phone in phones for wait in phone.waits)
    return WorkersRun(len(waits) / seconds, 1000 * waits[int(0.99 * (len(waits) - 1))], 1000 * used / len(waits))


def _processor_seconds(workers: Workers) -> float:
    times = [psutil.Process(process.pid).cpu_times() for process in workers.processes.values()]
    return sum(one.user + one.system for one in times)


def main(runs: int, phones: int) -> None:
    """Measure and print."""
    kinds = {"one worker": ("1",), "two workers": ("1", "2")}
    measured: dict[str, list[WorkersRun]] = {kind: [] for kind in kinds}
    for _ in range(runs):
        for kind, names in kinds.items():
            measured[kind].append(measure(names, phones))
    print(f"\nTwo sessions with {phones} phones each, which send {ANSWERS} answers as fast as these are acknowledged")
    print(f"{'':<14}{'answers/s':>11}{'p99 ms':>9}{'workers’ CPU ms an answer':>28}")
    for kind, results in measured.items():
        rate, p99, cpu = (
            statistics.median(getattr(run, name) for run in results) for name in ("rate", "p99", "worker_cpu")
        )
        print(f"{kind:<14}{rate:>11,.0f}{p99:>9.0f}{cpu:>28.2f}")
    one, two = (statistics.median(run.rate for run in measured[kind]) for kind in kinds)
    cores = os.cpu_count() or 1
    wanted = max((ratio for least, ratio in WANTED.items() if cores >= least), default=1.0)
    print(f"two workers against one: {two / one:.2f} on {cores} cores (wanted: {wanted} or more on a quiet machine)")
