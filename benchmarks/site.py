"""Print how large the web edition is, and what the first and the second visit cost a browser.

`make bench-site` runs it. Bytes, requests and seconds of the processor say more than seconds on the clock: those depend
on the machine and on what else it does. Each has its ceiling beside it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from course.web.site import SiteSize, build
from tests.browser.chromium import chromium_path
from tests.site_server import SiteServer, serve_site

LESSON = "notebooks/starting-point.html"
WORKER = "sw.js"
"""The first file that is asked for to open pages without a network, once a page is ready."""
LINE = 10e6 / 8
"""Bytes a second at 10 Mbit/s."""
LONGEST = 180_000
"""Milliseconds that a page may take to open on a busy machine."""
MOST_FILES, MOST_BYTES, MOST_COMPRESSED = 60, 16e6, 8.5e6
MOST_REQUESTS, MOST_TO_FIRST_CARD, MOST_TO_READY = 25, 1.5, 8.0


@dataclass(frozen=True)
class Visit:
    """What it took a browser to open a page."""

    requests: int
    sent: int
    """Bytes, as the server sent them."""

    card_cpu: float
    """Seconds of the processor, of all the browser's processes, until the first card is drawn."""

    ready_cpu: float
    """The same until every cell has run."""

    card: float
    """Seconds on the clock until the first card is drawn."""

    ready: float


class Processor:
    """The seconds of the processor that a browser has used."""

    def __init__(self, browser: Browser) -> None:
        self.wire = browser.new_browser_cdp_session()

    def seconds(self) -> float:
        """Return the seconds of all its processes that run now."""
        return float(sum(one["cpuTime"] for one in self.wire.send("SystemInfo.getProcessInfo")["processInfo"]))


def open_page(page: Page, site: SiteServer, processor: Processor) -> Visit:
    """Open lesson 0 and wait until every cell has run."""
    site.asked.clear()
    sent, used, began = site.sent, processor.seconds(), time.perf_counter()
    page.goto(site.address(LESSON), wait_until="commit")
    page.locator("[data-card]").first.wait_for(timeout=LONGEST)
    card, card_cpu = time.perf_counter() - began, processor.seconds() - used
    page.wait_for_selector('[data-course="ready"]', timeout=LONGEST)
    ready, ready_cpu = time.perf_counter() - began, processor.seconds() - used
    asked = [*site.asked, WORKER]
    return Visit(asked.index(WORKER), site.sent - sent, card_cpu, ready_cpu, card, ready)


@contextmanager
def new_visitor(browser: Browser) -> Iterator[BrowserContext]:
    """Return a browser that has kept nothing."""
    context = browser.new_context(locale="en-GB")
    yield context
    context.close()


def visit_twice(browser: Browser, site: SiteServer, processor: Processor) -> tuple[Visit, Visit, int, int]:
    """Visit the site for the first and the second time.

    Return both, and the requests and bytes between them, for opening without a network.
    """
    with new_visitor(browser) as context:
        page = context.new_page()
        first = open_page(page, site, processor)
        sent = site.sent
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        requests, in_background = len(site.asked) - first.requests, site.sent - sent
        page.close()
        second = open_page(context.new_page(), site, processor)
        return first, second, requests, in_background


def say(what: str, values: list[float], unit: str, most: float | None = None) -> None:
    """Print a median, how far the values lie apart, and the ceiling."""
    middle = statistics.median(values)
    ceiling = "" if most is None else f"   at most {most:g}{'' if middle <= most else '   TOO MUCH'}"
    print(f"{what:<58} {middle:8.2f} {unit:<4} ({min(values):.2f} to {max(values):.2f}){ceiling}", flush=True)


def say_visits(name: str, visits: list[Visit], *, is_first: bool) -> None:
    """Print the medians of several visits."""
    say(f"{name}: requests until ready", [one.requests for one in visits], "", MOST_REQUESTS if is_first else None)
    say(f"{name}: sent until ready", [one.sent / 1e6 for one in visits], "MB")
    say(f"{name}: processor to first card", [one.card_cpu for one in visits], "s", MOST_TO_FIRST_CARD)
    say(f"{name}: processor to ready", [one.ready_cpu for one in visits], "s", MOST_TO_READY)
    say(f"{name}: first card after", [one.card for one in visits], "s")
    say(f"{name}: ready after", [one.ready for one in visits], "s")


def say_size(size: SiteSize) -> None:
    """Print how large the site is."""
    say("files", [size.files], "", MOST_FILES)
    say("bytes", [size.raw / 1e6], "MB", MOST_BYTES / 1e6)
    say("bytes with gzip", [size.compressed / 1e6], "MB", MOST_COMPRESSED / 1e6)


def main() -> None:
    """Build the site, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="how often each is measured, at least 3")
    runs = max(3, parser.parse_args().runs)
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(temporary) / "site"
        size = build(folder)
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--disable-gpu"], chromium_sandbox=not is_root
        )
        print(f"Medians of {runs} visits each, {os.cpu_count()} cores, Chromium {browser.version}\n")
        say_size(size)
        processor = Processor(browser)
        for name, line in (("this machine", 0.0), ("10 Mbit/s", LINE)):
            with serve_site(folder, "trust/") as site:
                site.bytes_a_second = line
                visits = [visit_twice(browser, site, processor) for _ in range(runs)]
            firsts, seconds, requests, sent = (list(each) for each in zip(*visits, strict=True))
            print(f"\nLesson 0, {name}")
            say_visits("first visit", firsts, is_first=True)
            say("then, to open without a network: requests", requests, "")
            say("then, to open without a network: sent", [each / 1e6 for each in sent], "MB")
            say_visits("second visit", seconds, is_first=False)
        browser.close()


if __name__ == "__main__":
    main()
