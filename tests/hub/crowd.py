"""Synthetic phones that follow a session and answer on and on, as their pages do, and what they saw of a failure."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Final, cast

from course.content import read
from course.workshop.synthetic_phones import Rehearsal, SyntheticPerson
from course.workshop.wire import Answer, OpenPart

REOPENED: Final = 1.5
"""After so many seconds a browser follows events again, as the server asks it to."""
ASKED: Final = (2.0, 4.0)
"""Where a stream is refused, `follow.js` asks after between two and four seconds."""
PATIENCE: Final = 15.0
"""After so many seconds `outbox.js` gives an answer up, and sends it again."""
CLOSE: Final = "Connection: close\r\n"
"""So that the end of a stream is the end of its connection, as nginx otherwise ends only a chunk."""


@dataclass
class Response:
    """What was answered to a request."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Silence:
    """The longest time from a broken stream to what is shown, and the longest that an answer took, in seconds."""

    events: float = 0.0
    answers: float = 0.0


class CrowdPhone:
    """One phone: it keeps cookies, is led on, tries again, and remembers what was acknowledged."""

    def __init__(self, port: int, link: str, name: str, pause: float) -> None:
        self._port, self._link, self._pause = port, link, pause
        self._person = SyntheticPerson(name, cast("Rehearsal", read("rehearsal.toml")))
        self._dice = random.Random(name)
        self.cookies: dict[str, str] = {}
        self.session = ""
        self.sent: dict[str, dict[int, Answer | None]] = {}
        self.acknowledged: dict[str, int] = {}
        self.heard_at = self.saved_at = 0.0
        self.silence = Silence()
        self._broken_at = 0.0
        """When it last began to hear nothing, or 0."""
        self._parts: list[OpenPart] = []

    async def join(self) -> None:
        """Join by the link, and show the page."""
        response = await self.ask("POST", f"/j/{self._link}", "", "application/x-www-form-urlencoded")
        assert response.status == 303, (response.status, response.body)
        path = response.headers["location"]
        self.session = path.partition("?")[0].strip("/").rpartition("/")[2]
        assert (await self.ask("GET", path)).status == 200
        self._parts = json.loads((await self.ask("GET", f"/r/{self.session}/mine")).body)["open"]
        self.heard_at = self.saved_at = time.monotonic()

    async def own_answers(self) -> dict[str, Any]:
        """Return this phone's answers as the server has them."""
        response = await self.ask("GET", f"/r/{self.session}/mine")
        assert response.status == 200, response.body
        mine: dict[str, Any] = json.loads(response.body)["mine"]
        return mine

    # Following

    async def follow(self) -> None:
        """Follow the session's events until cancelled."""
        while True:
            try:
                is_refused = await self._follow_once()
            except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                is_refused = False
            while is_refused and not await self._asks():
                continue
            await asyncio.sleep(REOPENED)

    async def _follow_once(self) -> bool:
        """Follow until the stream ends; return whether it was refused."""
        for _ in range(5):
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)
            try:
                writer.write(self._request("GET", f"/r/{self.session}/events", b"", "application/json", CLOSE))
                status, _ = await self._head(reader)
                if status == 307:
                    continue
                if status != 200:
                    return True
                while b"event: gone" not in (event := await reader.readuntil(b"\n\n")):
                    if b"event:" in event:
                        self._hear()
                return True
            finally:
                self._broken_at = self._broken_at or time.monotonic()
                writer.close()
        return True

    async def _asks(self) -> bool:
        """Wait as a page does whose stream was refused, and ask what is shown now; return whether that was answered."""
        await asyncio.sleep(self._dice.uniform(*ASKED))
        try:
            response = await self.ask("GET", f"/r/{self.session}/now")
        except (OSError, asyncio.IncompleteReadError):
            return False
        assert response.status not in (401, 403, 404, 410), "the page would have left"
        if response.status == 200:
            self._hear()
        return response.status == 200

    def _hear(self) -> None:
        self.heard_at = time.monotonic()
        if self._broken_at:
            self.silence.events = max(self.silence.events, self.heard_at - self._broken_at)
            self._broken_at = 0.0

    # Answering

    async def answer_on(self) -> None:
        """Answer one open part after another, each again and again, until cancelled."""
        revision = 0
        while True:
            revision += 1
            for part in self._parts:
                await asyncio.sleep(self._pause * self._dice.uniform(0.5, 1.5))
                await self.answer(part, revision)

    async def answer(self, part: OpenPart, revision: int) -> None:
        """Send one answer until it is acknowledged, with the pauses that `outbox.js` makes."""
        name, value = part["part"], self._person.answer(part)
        self.sent.setdefault(name, {})[revision] = value
        body, began, tries = json.dumps({"part": name, "revision": revision, "answer": value}), time.monotonic(), 0
        while True:
            wait = 0.0
            try:
                response = await asyncio.wait_for(self.ask("POST", f"/r/{self.session}/answer", body), PATIENCE)
                if response.status == 200:
                    self.acknowledged[name] = json.loads(response.body)["revision"]
                    self.saved_at = time.monotonic()
                    self.silence.answers = max(self.silence.answers, self.saved_at - began)
                    return
                assert response.status == 429 or response.status >= 500, (response.status, response.body)
                wait = float(response.headers.get("retry-after", 2))
            except (OSError, asyncio.IncompleteReadError):
                pass
            tries += 1
            await asyncio.sleep(max(wait, min(2.0 ** (tries - 1), 15.0)) * self._dice.uniform(0.75, 1.25))

    # HTTP

    async def ask(self, method: str, path: str, body: str = "", kind: str = "application/json") -> Response:
        """Send a request, and where it is led on, send it again."""
        for _ in range(5):
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)
            try:
                writer.write(self._request(method, path, body.encode(), kind, CLOSE))
                status, headers = await self._head(reader)
                content = await reader.read()
            finally:
                writer.close()
            if len(content) < int(headers.get("content-length", 0)):
                raise ConnectionResetError
            if status != 307:
                return Response(status, headers, content)
            assert headers["location"] == path
        return Response(503, {}, b"led on for ever")

    def _request(self, method: str, path: str, body: bytes, kind: str, more: str = "") -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nCookie: {cookies}\r\n"
            f"Accept: application/json\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
        )
        return head.encode() + body

    async def _head(self, reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {}
        for line in filter(None, lines):
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
            if name.lower() == "set-cookie":
                cookie, _, content = value.partition(";")[0].partition("=")
                self.cookies[cookie] = content
        return int(first.split()[1]), headers


@dataclass
class Crowd:
    """The phones of one session."""

    phones: list[CrowdPhone]
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def begin(self) -> None:
        """Have all join, follow and answer."""
        for first in range(0, len(self.phones), 50):
            await asyncio.gather(*(phone.join() for phone in self.phones[first : first + 50]))
        work: list[Callable[[], Coroutine[Any, Any, None]]] = []
        for phone in self.phones:
            work += [phone.follow, phone.answer_on]
        self._tasks = [asyncio.create_task(one()) for one in work]

    async def end(self) -> None:
        """Have all stop; what one of them found wrong is raised."""
        failed = [task for task in self._tasks if task.done()]
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for task in failed:
            task.result()

    async def carried_on(self, since: float, is_cut: bool = True, seconds: float = 60.0) -> None:
        """Wait until each phone had an answer acknowledged since a moment, and has heard something where it was cut."""
        deadline = time.monotonic() + seconds
        while behind := [
            phone for phone in self.phones if phone.saved_at <= since or (is_cut and phone.heard_at <= since)
        ]:
            for task in self._tasks:
                if task.done():
                    task.result()
            assert time.monotonic() < deadline, f"{len(behind)} of {len(self.phones)} phones did not carry on"
            await asyncio.sleep(0.1)

    def forget_silence(self) -> None:
        """Begin to measure anew."""
        for phone in self.phones:
            phone.silence = Silence()

    @property
    def longest(self) -> Silence:
        """What the phone saw that waited longest."""
        return Silence(
            max(phone.silence.events for phone in self.phones), max(phone.silence.answers for phone in self.phones)
        )

    async def lost(self) -> list[str]:
        """Return what was acknowledged and is not there, or is not what was sent: nothing, it is hoped."""
        wrong = []
        for phone in self.phones:
            mine = await phone.own_answers()
            for part, revision in phone.acknowledged.items():
                stored = mine.get(part)
                if not stored or stored["revision"] < revision:
                    wrong.append(f"{part} {revision}: {stored and stored['revision']}")
                elif stored["answer"] != phone.sent[part][stored["revision"]]:
                    wrong.append(f"{part} {revision}: another answer")
        return wrong
