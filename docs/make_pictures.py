"""Make pictures of the guides: README's from the demo, the live session's from a rehearsal, and the start page's.

Look at each before it is committed.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.browser.chromium import chromium_path
from tests.browser.room_windows import Windows, open_windows
from tests.browser.test_reply import bring_feedback
from tests.jupyter_server import RunningCourse, open_course
from tests.waiting import wait_until

HERE: Final = Path(__file__).parent
COLOURS: Final = 48
"""How many colours a picture has, so that the file stays small."""
PEOPLE: Final = 30
"""How many made-up people are in the live session."""


def main() -> None:
    """Take each picture."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--disable-gpu"], chromium_sandbox=not is_root
        )
        _take_demo(browser)
        _take_feedback(browser)
        _take_session(browser)
        browser.close()


def _take_demo(browser: Browser) -> None:
    """Open the demo in an empty home, and take its pages."""
    with tempfile.TemporaryDirectory() as home, open_course(Path(home), command="demo") as course:
        page = _new_page(browser)
        page.set_viewport_size({"width": 1100, "height": 1000})  # the bar lies over what is taller than the window
        _open(page, course, "starting-point")
        _keep(page.locator('img[src^="data:image/svg"]').first, "map")
        page.set_viewport_size({"width": 1100, "height": 760})
        _open(page, course, "two-questions")
        _scroll_to(page.locator('[data-card="scenario-rota"]'))
        _keep(page, "lesson")
        _open(page, course, "journal")
        _scroll_to(page.get_by_text("Your guess at what your group would say").first)
        _keep(page, "journal")
        page.context.close()


def _take_feedback(browser: Browser) -> None:
    """Take the start page of a learner who has feedback on exercise 1."""
    with tempfile.TemporaryDirectory() as home, open_course(Path(home)) as course:
        bring_feedback(course)
        page = _new_page(browser)
        page.set_viewport_size({"width": 1100, "height": 560})
        _open(page, course, "start")
        _scroll_to(page.get_by_role("table").first)
        _keep(page, "feedback-on-start")
        page.context.close()


def _take_session(browser: Browser) -> None:
    """Rehearse a workshop, and take the console where lines are to be read and the screen at the second rating."""
    with tempfile.TemporaryDirectory() as folder, open_windows(browser, Path(folder)) as windows:
        windows.live_server.server.is_synthetic = True
        windows.act("group-size", people=str(PEOPLE))
        with windows.others(PEOPLE):
            wait_until(lambda: len(windows.session.model.people) == PEOPLE)
            _ask(windows, "our-group", "group")
            windows.act("reveal", question="group")
            _ask(windows, "thanks", "thank-you")
            console = windows.console()
            console.set_viewport_size({"width": 1280, "height": 880})
            expect(console.locator(".line-waiting")).to_have_count(PEOPLE)
            _keep(console, "room-console")
            _ask(windows, "rate-again", "group-again")
            windows.act("reveal", question="group-again")
            screen = windows.screen(console)
            screen.set_viewport_size({"width": 960, "height": 540})
            expect(screen.locator(".chart img")).to_be_visible(timeout=30_000)
            _keep(screen, "room-screen")


def _ask(windows: Windows, step: str, slug: str) -> None:
    """Go to a step, and open its question until everybody has answered."""
    windows.open(step, slug)
    model = windows.session.model
    question = model.script.question(slug)
    assert question
    wait_until(lambda: all(len(model.answers.of(part)) == PEOPLE for part in model.parts(question)))
    windows.act("close", question=slug)


def _new_page(browser: Browser) -> Page:
    return browser.new_context(
        locale="en-GB", viewport={"width": 1100, "height": 760}, reduced_motion="reduce", color_scheme="light"
    ).new_page()


def _open(page: Page, course: RunningCourse, name: str) -> None:
    page.goto(course.notebook(f"notebooks/{name}.ipynb"))
    _wait(page)


def _wait(page: Page) -> None:
    page.wait_for_selector('[data-course="ready"]', timeout=90_000)
    page.wait_for_timeout(1500)  # charts fade in, and the bar says “Ready” once more


def _scroll_to(place: Locator) -> None:
    """Bring something to the top of the window, below the bar."""
    place.evaluate("place => window.scrollBy(0, place.getBoundingClientRect().top - 90)")


def _keep(seen: Page | Locator, name: str) -> None:
    """Save what the window shows, or one thing on it, with few colours."""
    path = HERE / f"{name}.png"
    seen.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
