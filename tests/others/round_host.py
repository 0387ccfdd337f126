"""A server of rounds for tests: the real one, on temporary rounds and a free port, in a thread."""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
from collections.abc import Coroutine, Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from course.core import moments
from course.others.web.round_server import RoundServer
from course.records.raters.round_wire import RoundSecret
from course.workshop.web.listeners import read_public_address
from tests.others.stored_rounds import CODES, MONDAY, RoundPlace
from tests.ports import free_port, free_ports
from tests.workshop.live_server import Browser, Reply

TOKEN: Final = re.compile(r'name="token" value="([^"]+)"')


class RoundHost:
    """A running server."""

    def __init__(self, place: RoundPlace, public: str = "") -> None:
        self.place, self._public = place, read_public_address(public) if public else None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._start(free_port())

    def _start(self, port: int) -> None:
        self.server = RoundServer(self.place.open, public=self._public)
        self.run(self.server.start(port, ""))
        self.port = self.server.listeners.phones_port
        self.address = self.server.listeners.address

    def restart(self) -> None:
        """Stop the server, and start another one on the same rounds and port."""
        self.run(self.server.stop())
        self._start(self.port)

    def move(self) -> None:
        """Stop the server, and start another one on the same rounds at another port."""
        before = self.port
        self.run(self.server.stop())
        self._start(next(port for port in free_ports(2) if port != before))

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine in the server's thread; return what it returns."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(60)

    def close(self) -> None:
        """Stop the server."""
        try:
            self.run(self.server.stop())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def browser(self) -> Browser:
        return Browser(self.port)

    def ask(self, secret: RoundSecret | str, action: str, **fields: object) -> Reply:
        """Send what the owner's notebook sends."""
        text = secret if isinstance(secret, str) else secret.text
        return self.browser().send(
            "/others/round", {"action": action, **fields}, Authorization=f"Bearer {text}", Host=self.host
        )

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc


@contextlib.contextmanager
def host_on_monday(folder: Path) -> Iterator[RoundHost]:
    """Run a server whose rounds are on SQLite in a folder, while every clock of the course says one Monday."""
    with moments.clock_at(MONDAY):
        host = RoundHost(RoundPlace(f"sqlite:///{folder / 'rounds.sqlite'}", folder / "keys"))
        try:
            yield host
        finally:
            host.close()


class Rater:
    """A rater's phone without JavaScript."""

    def __init__(self, host: RoundHost, link: str, *, keeps_cookies: bool = True) -> None:
        self.browser, self.path = host.browser(), f"/o/{link}"
        self.headers = {"Host": host.host}
        self._keeps_cookies = keeps_cookies

    def begin(self) -> str:
        """Open the link and go on to the questions; return the form's token."""
        assert self._get(self.path).status == 200
        return self.token_of(self._form(self.path, {}))

    def send(self, answers: Mapping[str, object], token: str = "") -> Reply:
        """Send the form."""
        return self._form(f"{self.path}/answers", {"token": token or self.begin(), **answers})

    def send_all(self, point: int | str) -> Reply:
        """Send the form with the same answer everywhere."""
        return self.send(dict.fromkeys(CODES, point))

    @staticmethod
    def token_of(page: Reply) -> str:
        matches = TOKEN.search(page.body.decode())
        assert matches, page.body.decode()
        return matches[1]

    def _get(self, path: str) -> Reply:
        return self._asked("GET", path, {})

    def _form(self, path: str, fields: Mapping[str, object]) -> Reply:
        return self._asked("POST", path, fields)

    def _asked(self, method: str, path: str, fields: Mapping[str, object]) -> Reply:
        if not self._keeps_cookies:
            self.browser.cookies.clear()
        if method == "GET":
            return self.browser.get(path, **self.headers)
        return self.browser.form(path, {name: str(value) for name, value in fields.items()}, **self.headers)
