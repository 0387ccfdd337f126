"""What twelve pages cost that are worked through one after another in one window: time to the next card, and memory.

Each line has what version 0.1.0 took beside it, where every page had a kernel of its own that went on for an hour.
"""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path
from typing import Final

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from course.content.lessons import follow_up, lessons
from tests.browser.chromium import chromium_path
from tests.jupyter_server import RunningCourse, open_course

EXERCISES: Final = ("starting-point", "repair")
NEXT_CARD: Final = 2.3
"""The seconds from the click to the next lesson's first card, with version 0.1.0."""
MEMORY: Final = 820 + 154
"""The megabytes of twelve kernels and the server, with version 0.1.0."""
IDLE: Final = 3600
"""After how many seconds a kernel of a closed page ended, with version 0.1.0."""
PATIENCE: Final = 180
"""How long the end of the last kernel is waited for."""


def work_through(home: Path) -> None:
    """Open twelve pages one after another as a learner does, and print what they cost."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with open_course(home) as course, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--disable-gpu"], chromium_sandbox=not is_root
        )
        first, others = _work(browser, course)
        _print("next lesson's first card, the first time", first, NEXT_CARD, "s")
        _print(f"next lesson's first card, median of {len(others)}", statistics.median(others), NEXT_CARD, "s")
        _print("server and kernels after 12 pages", _megabytes(), MEMORY, "MB")
        for context in browser.contexts:
            context.close()
        _print("page closed to the end of its kernel", _seconds_to_no_kernel(course), IDLE, "s")
        browser.close()


def _print(what: str, now: float, before: float, unit: str) -> None:
    """Print a figure beside that of version 0.1.0, and the one as a part of the other."""
    print(f"{what:<48} {now:8.2f} {unit:<2}   before {before:7.1f} {unit:<2}   {now / before:6.1%}", flush=True)


def _work(browser: Browser, course: RunningCourse) -> tuple[float, list[float]]:
    """Go through all lessons and two exercises; return the seconds from each click to the next lesson's first card."""
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(course.start)
    page.wait_for_selector('[data-course="ready"]', timeout=90_000)
    page.goto(course.notebook(f"notebooks/{lessons()[0].key}.ipynb"))
    _answer(page)
    seconds = []
    for lesson in (*lessons()[1:], follow_up()):
        link = page.locator(f'.frame-turn a[href$="{lesson.key}.ipynb"]').last
        link.scroll_into_view_if_needed()
        began = time.perf_counter()
        link.click()
        page.wait_for_url(f"**/{lesson.key}.ipynb*", wait_until="commit", timeout=90_000)
        page.locator("[data-card]").first.wait_for(timeout=90_000)
        seconds.append(time.perf_counter() - began)
        _answer(page)
    for name in EXERCISES:
        page.goto(course.notebook(f"exercises/{name}/{name}.ipynb"))
        _answer(page)
    return seconds[0], seconds[1:]


def _answer(page: Page) -> None:
    """Wait until a page is ready, and choose something on it."""
    page.wait_for_selector('[data-course="ready"]', timeout=90_000)
    page.locator("[data-card] input[type=radio]").first.check()


def _megabytes() -> float:
    """Return the memory of the course that this process opened, with all that it started."""
    servers = [child for child in psutil.Process().children() if "course" in child.cmdline()]
    assert len(servers) == 1, servers
    return sum(one.memory_info().rss for one in (servers[0], *servers[0].children(recursive=True))) / 1e6


def _seconds_to_no_kernel(course: RunningCourse) -> float:
    began = time.perf_counter()
    while course.kernels():
        assert time.perf_counter() - began < PATIENCE, f"A kernel still runs {PATIENCE} seconds after its page closed."
        time.sleep(1)
    return time.perf_counter() - began
