"""My journal as a learner uses it by keyboard alone: read, searched, saved as files and erased."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from course.content import words
from course.records.journal import Journal
from tests.browser.learner import OVERFLOW, SAVING, KeyboardLearner
from tests.browser.pictures import keep_picture
from tests.browser.test_lesson_0 import RATINGS
from tests.jupyter_server import RunningCourse

pytestmark = pytest.mark.browser

JOURNAL = "notebooks/journal.ipynb"
FIRST, LAST = "Where you are starting from", "When trust is broken"
QUESTION, ANSWER = "How long have you worked together?", "B. Under a year"
PAUSE = 50
"""Milliseconds between two looks at a page."""
SHOWN = """[...document.querySelectorAll(".course-journal-entry")].filter((entry) => entry.checkVisibility()).length"""
JUMPS = ".course-journal-jumps a"
HAS_MAP = """document.querySelector('figure img[alt^="Map of"]') !== null"""
ERASE_FIRST = words("journal.erase-page").format(title=FIRST)


class JournalReader(Protocol):
    """Someone with My journal open in a browser."""

    def press(self, label: str) -> None:
        """Press the first button with this label."""

    def follow(self, label: str) -> None:
        """Follow the journal's own link with this label."""

    def search(self, text: str) -> None:
        """Write into the search field, in place of what is in it."""

    def save(self, label: str) -> bytes:
        """Press a button, and return the file that the browser has saved then."""

    def wait_for(self, code: str) -> None:
        """Wait until an expression is true."""

    def wait_for_words(self, text: str) -> None:
        """Wait until these words can be seen on the page."""

    def evaluate(self, code: str) -> Any:
        """Return the value of an expression in the page."""

    def faults(self) -> list[str]:
        """Return what axe-core finds."""


def write_journal(course: RunningCourse) -> Journal:
    """Answer questions of two lessons, and rate enough habits for a map."""
    course.begin_afresh()
    journal = Journal(course.data / "journal")
    first = journal.page("starting-point")
    first.save("how-long", "B")
    first.save("start", {**{code: int(point) for code, point in RATINGS.items() if point.isdigit()}, "version": 2})
    journal.page("repair").save("an-older-question", "Zoë said it\nin two lines")
    return journal


def use_journal(reader: JournalReader, journal: Journal) -> None:
    """Do all that can be done with a journal, and end with an empty one."""
    reader.wait_for(HAS_MAP)
    assert reader.faults() == []
    go_to_a_lesson(reader)
    find_words(reader)
    save_files(reader)
    save_elsewhere(reader, journal)
    erase_a_lesson(reader, journal)
    erase_all(reader, journal)


def go_to_a_lesson(reader: JournalReader) -> None:
    assert reader.evaluate(f"[...document.querySelectorAll('{JUMPS}')].map((link) => link.innerText)") == [FIRST, LAST]
    reader.follow(LAST)
    reader.wait_for(has_focus(LAST))
    place = "document.activeElement.getBoundingClientRect()"
    reader.wait_for(f"{place}.top > 0 && {place}.bottom < innerHeight")


def find_words(reader: JournalReader) -> None:
    reader.search("ZOE")
    reader.wait_for_words(words("journal.matches").format(found=1))
    assert reader.evaluate(SHOWN) == 1
    assert FIRST not in reader.evaluate("document.querySelector('.course-journal').innerText")
    reader.search("no such words")
    reader.wait_for_words(words("journal.no-match"))
    assert reader.evaluate(SHOWN) == 0
    assert not reader.evaluate(f"document.querySelector('{JUMPS}').checkVisibility()")
    reader.search("")
    reader.wait_for(f"{SHOWN} === 3")


def save_files(reader: JournalReader) -> None:
    document = Document(io.BytesIO(reader.save(words("journal.word"))))
    said = [part.text for part in document.paragraphs]
    assert {FIRST, LAST, QUESTION, ANSWER, "Zoë said it", "in two lines", words("journal.charts")} <= set(said)
    assert any(sentence.startswith("Map of") for sentence in said)
    assert said.index(FIRST) < said.index(ANSWER) < said.index(LAST)
    reader.wait_for_words(words("journal.file-made").format(name="my-journal.docx"))
    data = json.loads(reader.save(words("journal-file.save")))
    assert data["journal"]["starting-point"]["answers"]["how-long"] == "B"
    table = reader.save(words("journal.csv")).decode("utf-8-sig")
    assert ["starting-point", "how-long", "", "B"] in csv.reader(io.StringIO(table, newline=""))


def save_elsewhere(reader: JournalReader, journal: Journal) -> None:
    """What another window saves is shown at once, or as soon as the focus has left what would be drawn anew."""
    shown = "document.querySelector('.course-journal').innerText.includes({})"
    journal.page("repair").save("an-older-question", "from another window")
    reader.wait_for(shown.format('"from another window"'))
    reader.press(ERASE_FIRST)
    journal.page("repair").save("an-older-question", "and once more")
    reader.wait_for("document.activeElement.matches('.course-journal-erase p')")
    reader.press(words("journal.erase-no"))
    assert not reader.evaluate(shown.format('"and once more"'))
    reader.search("")
    reader.wait_for(shown.format('"and once more"'))


def erase_a_lesson(reader: JournalReader, journal: Journal) -> None:
    """The question comes first, and the focus goes to it, back to the button, and at last to what became of it."""
    reader.press(ERASE_FIRST)
    reader.wait_for(has_focus(words("journal.erase-sure")))
    assert reader.faults() == []
    reader.press(words("journal.erase-no"))
    reader.wait_for(has_focus(ERASE_FIRST))
    assert (journal.folder / "starting-point.json").exists()
    reader.press(ERASE_FIRST)
    reader.press(words("journal.erase-yes"))
    reader.wait_for_words(words("journal.erased"))
    reader.wait_for(has_focus(words("journal.erased")))
    assert journal.written() == ["repair"]
    assert reader.evaluate(SHOWN) == 1
    reader.wait_for(f"!({HAS_MAP})")


def erase_all(reader: JournalReader, journal: Journal) -> None:
    reader.press(words("journal.erase-all"))
    reader.press(words("journal.erase-yes"))
    reader.wait_for_words(words("journal.empty"))
    reader.wait_for(has_focus(words("journal.erased")))
    assert journal.written() == []
    assert reader.faults() == []


def has_focus(text: str) -> str:
    return f"document.activeElement.innerText === {json.dumps(text)}"


class KeyboardJournalReader:
    """Someone with My journal open in Chromium, who has the keyboard alone."""

    def __init__(self, learner: KeyboardLearner, violations: Callable[..., list[str]]) -> None:
        self.learner, self.page, self._violations = learner, learner.page, violations

    def press(self, label: str) -> None:
        self.learner.use(self.page.get_by_role("button", name=label, exact=True).first)

    def follow(self, label: str) -> None:
        self.learner.use(self.page.locator(JUMPS, has_text=label))

    def search(self, text: str) -> None:
        self.learner.go_to(self.page.get_by_role("searchbox"))
        self.page.keyboard.press("Control+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def save(self, label: str) -> bytes:
        with self.page.expect_download() as download:
            self.press(label)
        return Path(download.value.path()).read_bytes()

    def wait_for(self, code: str) -> None:
        for _ in range(SAVING // PAUSE):  # the page's policy forbids what Playwright itself would wait with
            if self.page.evaluate(code):
                return
            self.page.wait_for_timeout(PAUSE)
        raise TimeoutError(code)

    def wait_for_words(self, text: str) -> None:
        expect(self.page.get_by_text(text, exact=True).first).to_be_visible()

    def evaluate(self, code: str) -> Any:
        return self.page.evaluate(code)

    def faults(self) -> list[str]:
        return self._violations(self.page)


def test_a_journal_is_searched_saved_as_files_and_erased_by_keyboard_alone(
    page: Page, course: RunningCourse, violations: Callable[..., list[str]]
) -> None:
    journal, learner = write_journal(course), KeyboardLearner(page, course)
    learner.open(JOURNAL)
    expect(page.locator(".frame-sections a")).to_have_text(["What I wrote", "My charts"])
    learner.go_to_section("My charts")
    for width in (1280, 600, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(OVERFLOW) == 0, width
        if width in (1280, 390):
            keep_picture(page, f"journal-{width}")
    page.emulate_media(color_scheme="dark")
    assert violations(page) == [], "in the dark"
    keep_picture(page, "journal-320-dark")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(media="print", color_scheme="light")
    expect(page.locator(".course-journal button:visible, .course-journal input:visible")).to_have_count(0)
    expect(page.get_by_text(ANSWER)).to_be_visible()
    keep_picture(page, "journal-print")
    page.emulate_media(media="null")
    reader = KeyboardJournalReader(learner, violations)
    saved = reader.save(words("journal-file.save"))
    use_journal(reader, journal)
    load_again(reader, saved, journal)


def load_again(reader: KeyboardJournalReader, saved: bytes, journal: Journal) -> None:
    """A journal that was saved comes back from its file; where it is otherwise than what is here, it asks first."""
    page = reader.page
    journal.page("repair").save("an-older-question", "written since")
    with page.expect_file_chooser() as chooser:
        reader.press(words("journal-file.load"))
    chooser.value.set_files({"name": "my-journal.json", "mimeType": "application/json", "buffer": saved})
    reader.wait_for(has_focus(words("journal-file.ask")))
    assert reader.faults() == []
    keep_picture(page, "journal-load-ask")
    reader.press(words("journal-file.take"))
    reader.wait_for(has_focus(words("journal-file.done")))
    reader.wait_for(f"{SHOWN} === 3")
    expect(page.locator(".course-journal-lessons li")).to_have_count(2)
    expect(page.locator(".course-journal-page").get_by_text("Zoë said it")).to_be_visible()
    assert reader.faults() == []
    keep_picture(page, "journal-loaded")
