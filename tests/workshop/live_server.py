"""A live session for tests: the real server on a temporary store, in a thread, and browsers that speak to it."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import threading
import time
import urllib.parse
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.workshop.script.script import find_script
from course.workshop.sessions.session import Session
from course.workshop.store.session_keys import KeyFolder
from course.workshop.store.store import ONLY_WORKER, Store
from course.workshop.web.certificate import read_tls
from course.workshop.web.hub_login import HubClient
from course.workshop.web.listeners import read_public_address
from course.workshop.web.server import Server
from tests.ports import free_port


@dataclass
class Reply:
    """What the server answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Browser:
    """One person's browser: it keeps cookies, and follows no link by itself."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, body: bytes | str | None = None, headers: dict[str, str] | None = None
    ) -> Reply:
        """Send a request; cookies that come back are kept."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(method, path, body, {**({"Cookie": cookies} if cookies else {}), **(headers or {})})
            answer = connection.getresponse()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    cookie, _, content = value.partition(";")[0].partition("=")
                    self.cookies[cookie] = content
            return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Reply:
        return self.ask("GET", path, headers=headers)

    def form(self, path: str, fields: dict[str, Any], **headers: str) -> Reply:
        body = urllib.parse.urlencode(fields, doseq=True)
        return self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", **headers})

    def send(self, path: str, message: Any, **headers: str) -> Reply:
        return self.ask("POST", path, json.dumps(message), {"Content-Type": "application/json", **headers})


class LiveServer:
    """A running server on a temporary store. It holds batches open only briefly, so that requests in turn wait less."""

    def __init__(
        self,
        folder: Path,
        hold: float = 0.002,
        tls: tuple[str, str] | None = None,
        public: str = "",
        url: str = "",
        worker: str = ONLY_WORKER,
        hub: HubClient | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.file = folder / "rooms.sqlite"
        self._url, self._worker = url or f"sqlite:///{self.file}", worker
        self._hold, self._tls, self._hub, self._clock = hold, tls, hub, clock
        self._public = read_public_address(public) if public else None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        try:
            self.server: Server = self.run(self._start(free_port()))
        except BaseException:
            self._end()
            raise
        self.port = self.server.port
        """The console's port, at which phones of tests come in too."""

    def restart(self, between: Callable[[], None] = lambda: None) -> None:
        """Stop the server, and start another one on the same store and port; `between` happens while none runs."""
        self.run(self.server.stop())
        between()
        self.server = self.run(self._start(self.server.listeners.phones_port))
        self.port = self.server.port

    async def _start(self, port: int) -> Server:
        keys = KeyFolder(self.file.parent / "keys")
        deliver = asyncio.get_running_loop().call_soon_threadsafe
        store = Store(self._url, keys, deliver, self._hold, self._worker)
        try:
            tls = read_tls(*self._tls, "") if self._tls else None
            server = Server(store, tls, public=self._public, hub=self._hub, clock=self._clock)
            await server.start(port)
        except BaseException:
            store.close()
            raise
        return server

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine in the server's thread; return what it returns."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(60)

    def new_session(self) -> Session:
        """Open one more session, with all steps that the course has."""

        async def make() -> Session:
            session = await self.server.sessions.new_session(find_script(is_long=True))
            self.server.broadcast.watch(session)
            return session

        return self.run(make())

    def browser(self) -> Browser:
        return Browser(self.port)

    def phone(self, session: Session) -> Browser:
        """Return a phone that has joined."""
        phone = self.browser()
        reply = phone.form(f"/j/{session.access.link}", {})
        assert (reply.status, reply.headers["location"]) == (303, f"/r/{session.id}/?joined=yes")
        assert phone.get(reply.headers["location"]).status == 200
        return phone

    def console(self, session: Session) -> Console:
        """Return the facilitator's browser."""
        return open_console(self.port, self.server.new_console_link(session.id))

    def close(self) -> None:
        """Stop the server."""
        try:
            self.run(self.server.stop())
        finally:
            self._end()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@dataclass
class Console(Browser):
    """The facilitator's browser."""

    session: str = ""
    token: str = ""

    def press(self, name: str, **fields: Any) -> Reply:
        """Send an action as a button of the console does."""
        return self.send(f"/console/{self.session}/action", {"action": name, **fields}, **{"X-Form-Token": self.token})

    def view(self, page: str = "") -> Any:
        """Return what console or screen show."""
        return self.get(f"/console/{self.session}/{page}").json


def open_console(port: int, link: str) -> Console:
    """Return the facilitator's browser, which has opened the console by its link."""
    console = Console(port)
    path = console.get(link).headers["location"]
    console.session = path.rstrip("/").rpartition("/")[2]
    page = console.get(path).body.decode()
    token = re.search(r"""(?:data-token=|"token": )"(\w+)""", page)
    assert token, page
    console.token = token[1]
    return console


def answer(phone: Browser, session: Session, part: str, value: Any, revision: int = 1) -> Reply:
    """Send an answer as the phone's page does."""
    return phone.send(f"/r/{session.id}/answer", {"part": part, "revision": revision, "answer": value})
