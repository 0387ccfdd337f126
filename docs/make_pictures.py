"""Make the pictures of README from the demo: `make pictures`. Look at each before it is committed."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Locator, Page, sync_playwright

from tests.browser.chromium import chromium_path
from tests.jupyter_server import RunningCourse, open_course

HERE: Final = Path(__file__).parent
COLOURS: Final = 48
"""How many colours a picture has, so that the file stays small."""


def main() -> None:
    """Open the demo in an empty home, and take each picture."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with (
        tempfile.TemporaryDirectory() as home,
        open_course(Path(home), command="demo") as course,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--disable-gpu"], chromium_sandbox=not is_root
        )
        context = browser.new_context(
            locale="en-GB", viewport={"width": 1100, "height": 760}, reduced_motion="reduce", color_scheme="light"
        )
        page = context.new_page()
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
        browser.close()


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
