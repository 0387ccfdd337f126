"""The clock of a page that a test has installed: it stands still where the time that a machine takes must not count."""

from __future__ import annotations

from playwright.sync_api import Error, Page


def stop_clock(page: Page) -> None:
    """Have the page's clock stand still until the test moves it.

    It can only be stopped at a moment to come, by seconds since 1970. On a busy machine that may have passed by then:
    the clock stands still all the same, and is stopped once more.
    """
    while True:
        try:
            page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))
        except Error as error:
            if "to the past" not in error.message:
                raise
        else:
            return
