"""A page in Chromium or in Firefox, with the few things that people do in a live session, alike in both."""

from __future__ import annotations

from typing import Any, Protocol

from playwright.sync_api import Page

from tests.browser.bidi import FirefoxPage
from tests.waiting import wait_until

PATIENCE = 60.0
"""For how many seconds a page may do what it is waited for, also where it waits for hundreds of people."""


class EitherPage(Protocol):
    """A page that is open in a browser."""

    def goto(self, address: str) -> None:
        """Open an address."""

    def evaluate(self, code: str, argument: object = None) -> Any:
        """Return what a function in the page returns for an argument."""

    def click(self, selector: str) -> None:
        """Click on the first element that a selector finds and that can be seen."""

    def press(self, keys: str) -> None:
        """Press a key, or several at once, on what has the focus."""

    def fill(self, selector: str, text: str) -> None:
        """Write a text into a field, in place of what is there."""


class ChromiumRoomPage:
    """A page that Playwright drives."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def goto(self, address: str) -> None:
        self.page.goto(address)

    def evaluate(self, code: str, argument: object = None) -> Any:
        return self.page.evaluate(code, argument)

    def click(self, selector: str) -> None:
        self.page.locator(selector).locator("visible=true").first.click()

    def press(self, keys: str) -> None:
        self.page.keyboard.press(keys)

    def fill(self, selector: str, text: str) -> None:
        self.page.fill(selector, text)


class FirefoxRoomPage:
    """A page in Firefox that is in front when keys are pressed."""

    def __init__(self, page: FirefoxPage) -> None:
        self.page = page

    def goto(self, address: str) -> None:
        self.page.goto(address)

    def evaluate(self, code: str, argument: object = None) -> Any:
        return self.page.evaluate(code, argument)

    def click(self, selector: str) -> None:
        self.page.click(selector)

    def press(self, keys: str) -> None:
        self.page.bring_to_front()
        self.page.press(keys)

    def fill(self, selector: str, text: str) -> None:
        self.page.bring_to_front()
        self.page.focus(selector)
        self.page.press("Control+a")
        self.page.type(text)


def wait_on(page: EitherPage, code: str, argument: object = None) -> None:
    """Wait until a function in the page returns something that is true."""
    wait_until(lambda: bool(page.evaluate(code, argument)), PATIENCE)
