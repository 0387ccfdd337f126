"""A live session in real windows: the facilitator's console, the screen, and phones, on the real server and script."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page
from tornado.httpclient import AsyncHTTPClient

from course.workshop.sessions.session import Session
from course.workshop.synthetic_phones import SyntheticPhones
from tests.workshop.live_server import LiveServer

PHONE = {"width": 360, "height": 740}
CONSOLE = {"width": 1280, "height": 800}
SCREEN = {"width": 1920, "height": 1080}


def kept(page: Page) -> str:
    """Return all that the browser of a page keeps for the site, as this page reads it, beyond the tab."""
    return str(page.evaluate("JSON.stringify(Object.entries(localStorage))"))


class Windows:
    """All windows on one session, and what their scripts threw or asked of others."""

    def __init__(self, browser: Browser, live_server: LiveServer) -> None:
        self.live_server = live_server
        self.session: Session = live_server.new_session()
        server = live_server.server
        server.way_in.shown_anyway.add(server.listeners.address)  # phones of tests are on this machine
        self.faults: list[str] = []
        self.elsewhere: list[str] = []
        self.client_settings: dict[str, Any] = {}
        """What made-up phones need so that they reach the server at its public address."""
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.live_server.port}"

    @property
    def phones(self) -> str:
        """The start of every address that phones open."""
        return self.live_server.server.listeners.address

    @property
    def console_path(self) -> str:
        """The path of the console."""
        return f"{self.live_server.server.base}/console/{self.session.id}/"

    def new(self, size: dict[str, int], watch: str = "", **options: Any) -> Page:
        """Open a window in a browser profile of its own; `watch` is a script that runs before those of the page."""
        context = self._browser.new_context(viewport=size, locale="en-GB", reduced_motion="reduce", **options)
        self._contexts.append(context)
        if watch:
            context.add_init_script(watch)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self._note_request(request.url))
        return page

    def _note_request(self, url: str) -> None:
        if not url.startswith((self.base, self.phones, "data:")):
            self.elsewhere.append(url)

    def console(self, **options: Any) -> Page:
        """Open the facilitator's console as the command does."""
        page = self.new(CONSOLE, **options)
        page.goto(self.console_link())
        return page

    def console_link(self) -> str:
        """Return an address that opens the console once, in any browser."""
        return self.base + self.live_server.server.new_console_link(self.session.id)

    def screen(self, console: Page, **options: Any) -> Page:
        """Open the screen in another window of the same browser."""
        page = self.new(SCREEN, storage_state=console.context.storage_state(), **options)
        page.goto(f"{self.base}{self.console_path}screen")
        return page

    def screen_alone(self) -> Page:
        """Open the screen where the console is open in another browser."""
        page = self.new(SCREEN)
        page.goto(self.console_link())
        page.goto(f"{self.base}{self.console_path}screen")
        return page

    def phone(self, **options: Any) -> Page:
        """Open a phone and join by the link of the QR code."""
        page = self.new(PHONE, **options)
        page.goto(f"{self.phones}/j/{self.session.access.link}")
        page.get_by_role("button", name="I’m in").click()
        page.locator("[data-block=step]").wait_for()
        page.locator("body > [data-without-script]").wait_for(state="hidden")  # its script is there
        return page

    def joined_phone(self, **options: Any) -> Page:
        """Open the page of a phone that has joined before, with nothing else kept from then."""
        page = self.new(PHONE, **options)
        token = self.session.join()
        page.context.add_cookies([{"name": f"phone-{self.session.id}", "value": token, "url": self.base}])
        page.goto(f"{self.base}/r/{self.session.id}/")
        return page

    @contextmanager
    def others(self, count: int) -> Iterator[None]:
        """Let made-up phones join over the wire, and answer whatever opens."""
        client = AsyncHTTPClient(force_instance=True, max_clients=20, **self.client_settings)
        phones = SyntheticPhones(self.phones, self.session.access.link, count, client=client)
        running: Future[None] = asyncio.run_coroutine_threadsafe(phones.run(), self.live_server._loop)
        try:
            yield
        finally:
            if not running.cancel():
                running.result()  # what ended them

    def act(self, name: str, **fields: Any) -> None:
        """Do what a button of the console does, without a window."""
        self.live_server.run(self.session.perform(name, fields, 0.0))

    def open(self, step: str, *questions: str) -> None:
        """Go to a step and open its questions."""
        self.act("step", step=step)
        for question in questions:
            self.act("open", question=question)

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@contextmanager
def open_windows(browser: Browser, folder: Path, public: str = "") -> Iterator[Windows]:
    """Give the windows on a new session; nothing may be thrown in them, and no other host be asked.

    With a public address, phones come by that.
    """
    live_server = LiveServer(folder, public=public)
    windows = Windows(browser, live_server)
    try:
        yield windows
        assert windows.faults == []
        assert windows.elsewhere == []
    finally:
        windows.close()
        live_server.close()
