"""The server is killed in the middle of a burst, again and again: what it acknowledged is there, once."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sql

from tests.room.stage import Browser

KILLS, PHONES = 50, 12


class Servers:
    """One server after another on the same store and port."""

    def __init__(self, file: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.room.serve", str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.now: dict[str, Any] = {"port": 0}

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

    def close(self) -> None:
        """End them all."""
        self.kill()
        self._process.communicate(timeout=20)


def in_store(file: Path) -> dict[tuple[str, str], tuple[int, Any]]:
    """Return every answer that is on disk by part and pseudonym; a second one of the same would show."""
    engine = sql.create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("select part, person, revision, answer from answers").all()
    engine.dispose()
    found = {(part, person): (revision, json.loads(answer)) for part, person, revision, answer in rows}
    assert len(found) == len(rows)
    return found


class Phone:
    """A phone that answers on and on over one connection, and remembers what was acknowledged."""

    def __init__(self, browser: Browser, room: str, number: int) -> None:
        self.cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        self.path, self.port = f"/r/{room}/answer", browser.port
        self.revision = 0
        self.sent: dict[str, dict[int, Any]] = {}
        self.acknowledged: dict[str, int] = {}
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
        given = {"leak": "ABC", "group.G1": range(1, 8), "attention": ["tea", "rain", "the train"]}[part]
        value = self._random.choice(given)
        self.sent.setdefault(part, {})[self.revision] = value
        body = json.dumps({"part": part, "revision": self.revision, "answer": value})
        writer.write(
            f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {self.cookie}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(int(line[15:]) for line in head.split("\r\n") if line.lower().startswith("content-length:"))
        told = json.loads(await reader.readexactly(length))
        if head.startswith("HTTP/1.1 200"):
            assert told["saved"]
            self.acknowledged[part] = told["revision"]
        else:
            assert told["status"] == 429, told
            await asyncio.sleep(0)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="servers are forked, which this system does not know")
def test_fifty_kills_lose_nothing_that_was_acknowledged(edition: Path, tmp_path: Path) -> None:
    file, dice = tmp_path / "rooms.sqlite", random.Random(5)
    servers = Servers(file)
    told = servers.start()
    try:
        people = [Browser(told["port"]) for _ in range(PHONES)]
        for browser in people:
            browser.form(f"/j/{told['link']}", {})
        phones = [Phone(browser, told["room"], number) for number, browser in enumerate(people)]
        for _ in range(KILLS):
            asyncio.run(burst(servers, phones, dice.uniform(0.02, 0.25)))
            assert servers.start()["link"] == told["link"]
            kept, mine = in_store(file), [browser.get(f"/r/{told['room']}/mine").json["mine"] for browser in people]
            assert len(kept) == sum(map(len, mine))
            for phone, answers in zip(phones, mine, strict=True):
                assert answers.keys() >= phone.acknowledged.keys()
                for part, there in answers.items():
                    assert there["revision"] >= phone.acknowledged.get(part, 0)
                    assert there["answer"] == phone.sent[part][there["revision"]]
        assert sum(len(phone.acknowledged) for phone in phones) == 3 * PHONES
        assert sum(phone.revision for phone in phones) > 10 * KILLS
    finally:
        servers.close()


async def burst(servers: Servers, phones: list[Phone], seconds: float) -> None:
    """Let all phones answer, and kill the server in the middle."""
    going = [asyncio.create_task(phone.answer_until_cut()) for phone in phones]
    await asyncio.sleep(seconds)
    servers.kill()
    await asyncio.gather(*going)
