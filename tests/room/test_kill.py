"""The server is killed in the middle of a burst, again and again: what it acknowledged is there, once."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sql

from tests.room.stage import Browser

KILLS, PHONES = 50, 12


def start(file: Path, port: int) -> tuple[subprocess.Popen[str], dict[str, Any]]:
    """Start the server; return it with what it says of itself."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.room.serve", str(file), str(port)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout
    return server, json.loads(server.stdout.readline())


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


def check(phones: list[Phone], before: dict[tuple[str, str], Any], kept: dict[tuple[str, str], Any]) -> None:
    """Each phone's acknowledged answers are there, or a later one that it sent; and nobody sent any other."""
    assert before.keys() <= kept.keys()
    by_part: dict[str, list[tuple[int, Any]]] = {}
    for (part, _), (revision, value) in kept.items():
        by_part.setdefault(part, []).append((revision, value))
    assert sum(map(len, by_part.values())) <= sum(len(phone.sent) for phone in phones)


@pytest.mark.slow
def test_fifty_kills_lose_nothing_that_was_acknowledged(edition: Path, tmp_path: Path) -> None:
    file, dice = tmp_path / "rooms.sqlite", random.Random(5)
    server, told = start(file, 0)
    try:
        phones, people = [], []
        for number in range(PHONES):
            browser = Browser(told["port"])
            browser.form(f"/j/{told['link']}", {})
            phones.append(Phone(browser, told["room"], number))
            people.append(browser)
        acknowledged = 0
        for _ in range(KILLS):
            asyncio.run(burst(server, phones, dice.uniform(0.02, 0.25)))
            server.communicate()
            kept = in_store(file)
            server, again = start(file, told["port"])
            assert again["room"] == told["room"]
            for phone, browser in zip(phones, people, strict=True):
                acknowledged += 1
                mine = browser.get(f"/r/{told['room']}/mine").json["mine"]
                for part, revision in phone.acknowledged.items():
                    there = mine[part]
                    assert there["revision"] >= revision
                    assert there["answer"] == phone.sent[part][there["revision"]]
            assert len(kept) == sum(len(browser.get(f"/r/{told['room']}/mine").json["mine"]) for browser in people)
        assert sum(phone.revision for phone in phones) > 10 * KILLS
    finally:
        server.kill()
        server.communicate()


async def burst(server: subprocess.Popen[str], phones: list[Phone], seconds: float) -> None:
    """Let all phones answer, and kill the server in the middle."""
    going = [asyncio.create_task(phone.answer_until_cut()) for phone in phones]
    await asyncio.sleep(seconds)
    server.kill()
    await asyncio.gather(*going)
