"""The server is killed, or sleeps, in the middle of a burst: what it acknowledged is there, once."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ports import free_port
from tests.workshop.live_server import Browser
from tests.workshop.stored_rows import stored_answers

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="servers are forked, which this system does not know")
KILLS, PHONES = 50, 12
PATIENCE = 60.0


class Servers:
    """One server after another on the same store and port."""

    def __init__(self, file: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.workshop.serve", str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.now: dict[str, Any] = {"port": free_port()}

    def start(self) -> dict[str, Any]:
        """Start the next one; return what it says of itself."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{self.now['port']}\n")
        self._process.stdin.flush()
        self.now = json.loads(self._process.stdout.readline())
        return self.now

    def kill(self) -> None:
        """Kill the one that runs, without any warning."""
        os.kill(self.now["process"], signal.SIGKILL)

    async def nap(self, seconds: float) -> None:
        """Stop it as a laptop does that is shut, and let it go on."""
        os.kill(self.now["process"], signal.SIGSTOP)
        await asyncio.sleep(seconds)
        os.kill(self.now["process"], signal.SIGCONT)

    def close(self) -> None:
        """End them all."""
        self.kill()
        self._process.communicate(timeout=60)


def in_store(file: Path, session_id: str) -> dict[tuple[str, str], tuple[int, Any]]:
    """Return every answer that is on disk by part and pseudonym; a second one of the same would show."""
    rows = stored_answers(file, session_id)
    stored = {(part, person): (revision, json.loads(answer)) for part, person, revision, answer in rows}
    assert len(stored) == len(rows)
    return stored


class Phone:
    """A phone that answers on and on over one connection, and remembers what was acknowledged."""

    def __init__(self, browser: Browser, session: str, number: int) -> None:
        self.cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        self.path, self.port = f"/r/{session}/answer", browser.port
        self.revision = 0
        self.sent: dict[str, dict[int, Any]] = {}
        self.acknowledged: dict[str, int] = {}
        self.count = 0
        """How many answers were acknowledged."""
        self.when_acknowledged: Callable[[], None] = lambda: None
        self._random = random.Random(number)

    async def answer_until_cut(self) -> None:
        """Send answer after answer until the server is gone."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                while True:
                    await self._answer(reader, writer)
            finally:
                writer.close()
        except (OSError, asyncio.IncompleteReadError):
            return

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        part, self.revision = self._random.choice(["leak", "group.G1", "attention"]), self.revision + 1
        choices = {"leak": "ABC", "group.G1": range(1, 8), "attention": ["tea", "rain", "the train"]}[part]
        value = self._random.choice(choices)
        self.sent.setdefault(part, {})[self.revision] = value
        body = json.dumps({"part": part, "revision": self.revision, "answer": value})
        writer.write(
            f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {self.cookie}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(int(line[15:]) for line in head.split("\r\n") if line.lower().startswith("content-length:"))
        reply = json.loads(await reader.readexactly(length))
        if head.startswith("HTTP/1.1 200"):
            assert reply["saved"]
            self.acknowledged[part] = reply["revision"]
            self.count += 1
            self.when_acknowledged()
        else:
            assert reply["status"] == 429, reply
            await asyncio.sleep(0)


class Session:
    """SyntheticPhones in one session, on one server after another."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.servers = Servers(file)
        self._told = self.servers.start()
        self.people = [Browser(self._told["port"]) for _ in range(PHONES)]
        for browser in self.people:
            browser.form(f"/j/{self._told['link']}", {})
        self.phones = [Phone(browser, self._told["session"], number) for number, browser in enumerate(self.people)]

    def start_again(self) -> None:
        """Start the next server: the same session is there, and in it what was acknowledged, once."""
        assert self.servers.start()["link"] == self._told["link"]
        stored = in_store(self._file, self._told["session"])
        mine = [browser.get(f"/r/{self._told['session']}/mine").json["mine"] for browser in self.people]
        assert len(stored) == sum(map(len, mine))
        for phone, answers in zip(self.phones, mine, strict=True):
            assert answers.keys() >= phone.acknowledged.keys()
            for part, there in answers.items():
                assert there["revision"] >= phone.acknowledged.get(part, 0)
                assert there["answer"] == phone.sent[part][there["revision"]]

    async def burst(self, answers: int, pause: float, nap: float = 0.0) -> None:
        """Kill the server while all phones answer, perhaps after a nap: so long after so many were acknowledged."""
        going = [asyncio.create_task(phone.answer_until_cut()) for phone in self.phones]
        await self._hear(answers)
        if nap:
            await self.servers.nap(nap)
            await self._hear(answers)
        await asyncio.sleep(pause)
        self.servers.kill()
        await asyncio.gather(*going)

    async def _hear(self, answers: int) -> None:
        """Wait until so many more answers were acknowledged."""
        enough, wanted = asyncio.Event(), answers + sum(phone.count for phone in self.phones)

        def count() -> None:
            if sum(phone.count for phone in self.phones) >= wanted:
                enough.set()

        for phone in self.phones:
            phone.when_acknowledged = count
        async with asyncio.timeout(PATIENCE):
            await enough.wait()


@pytest.fixture
def session(edition: Path, tmp_path: Path) -> Iterator[Session]:
    session = Session(tmp_path / "rooms.sqlite")
    try:
        yield session
    finally:
        session.servers.close()


@pytest.mark.slow
def test_fifty_kills_lose_nothing_that_was_acknowledged(session: Session) -> None:
    dice = random.Random(5)
    for _ in range(KILLS):
        asyncio.run(session.burst(dice.randint(1, 5 * PHONES), dice.uniform(0.0, 0.02)))
        session.start_again()
    assert sum(len(phone.acknowledged) for phone in session.phones) == 3 * PHONES
    assert sum(phone.revision for phone in session.phones) > 10 * KILLS


@pytest.mark.slow
def test_phones_carry_on_over_a_server_that_sleeps_and_wakes(session: Session) -> None:
    """Nobody has to load the page again: what waited is answered, and so is what comes next."""
    asyncio.run(session.burst(5 * PHONES, 0.0, nap=2.0))
    session.start_again()
