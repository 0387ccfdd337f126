"""My journal in a real Firefox, used with the mouse as `test_journal.py` does by keyboard."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.browser.bidi import FirefoxPage
from tests.browser.faults import faults_in_firefox
from tests.browser.firefox_learner import FirefoxLearner
from tests.browser.test_journal import JOURNAL, JUMPS, use_journal, write_journal
from tests.jupyter_server import RunningCourse

pytestmark = pytest.mark.browser


class FirefoxJournalReader:
    """Someone with My journal open in Firefox, who uses the mouse where a mouse can be used."""

    def __init__(self, page: FirefoxPage, folder: Path) -> None:
        self.page, self.folder = page, folder

    def press(self, label: str) -> None:
        self.page.click("button", text=label)

    def follow(self, label: str) -> None:
        self.page.click(JUMPS, text=label)

    def search(self, text: str) -> None:
        self.page.click("input[type=search]")
        for key in ("Control+a", "Delete"):
            self.page.press(key)
        self.page.type(text)

    def save(self, label: str) -> bytes:
        return self.page.download(lambda: self.press(label), self.folder).read_bytes()

    def wait_for(self, code: str) -> None:
        self.page.wait_for(code)

    def wait_for_words(self, text: str) -> None:
        self.page.wait_for(f"document.body.innerText.includes({json.dumps(text)})")

    def evaluate(self, code: str) -> Any:
        return self.page.evaluate(code)

    def faults(self) -> list[str]:
        return faults_in_firefox(self.page)


def test_a_journal_is_searched_saved_as_files_and_erased_with_the_mouse(
    firefox_page: FirefoxPage, course: RunningCourse, tmp_path: Path
) -> None:
    journal = write_journal(course)
    FirefoxLearner(firefox_page, course).open(JOURNAL)
    use_journal(FirefoxJournalReader(firefox_page, tmp_path), journal)
