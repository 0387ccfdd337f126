"""A scripted learner at a page of the course in Firefox, with the mouse; `learner.py` has those in Chromium."""

from __future__ import annotations

from typing import Any

from course.content import words as say
from tests.browser.bidi import FirefoxPage
from tests.browser.learner import SEEN
from tests.jupyter_server import RunningCourse

OPENING = 90.0
"""Seconds that a page of the course may take to open on a busy machine."""
HAS_STATUS = """([card, status]) =>
  document.querySelector(`[data-card="${card}"] .bt-status`)?.innerText.trim() === status"""
SEEN_ALL = f"""(keys) => Object.fromEntries(
  keys.map((key) => [key, ({SEEN})(document.querySelector(`[data-card="${{key}}"]`))]))"""


class FirefoxLearner:
    """Someone who answers cards by their key, as a person would, and waits until each says “Saved”."""

    def __init__(self, page: FirefoxPage, course: RunningCourse) -> None:
        self.page, self.course = page, course

    def open(self, path: str) -> None:
        """Open a notebook and wait until it has run by itself."""
        self.page.goto(self.course.notebook(path))
        self.wait_until_ready()

    def reload(self) -> None:
        """Load the page again and wait until it has run."""
        self.page.reload()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until the page says that it is ready."""
        self.page.wait_for("""document.querySelector('[data-course="ready"]') !== null""", seconds=OPENING)

    def go_to_section(self, title: str) -> None:
        """Go to a section by the list of sections."""
        self.page.click(".frame-sections a", text=title)

    def choose(self, key: str, part: str, value: str) -> None:
        """Pick one option of a part."""
        self.page.click(f'[data-card="{key}"] [data-control="{part}"] input[value="{value}"]')
        self.saved(key)

    def type(self, key: str, part: str, text: str) -> None:
        """Write into a field and leave it."""
        self.page.click(f'[data-card="{key}"] [data-control="{part}"] :is(input, textarea)')
        self.page.type(text)
        self.page.press("Tab")
        self.saved(key)

    def press(self, key: str, button: str) -> None:
        """Press a button of a card."""
        self.page.click(f'[data-card="{key}"] button[data-control="{button}"]')
        self.saved(key)

    def saved(self, key: str) -> None:
        """Wait until the card says that the answer is on disk."""
        self.page.wait_for(HAS_STATUS, [key, say("status.saved")])

    def seen(self, keys: list[str]) -> dict[str, Any]:
        """Return what each card holds and says."""
        return dict(self.page.evaluate(SEEN_ALL, keys))
