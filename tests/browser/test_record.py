"""My record of completion on its page: filled in, chosen from, saved and printed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Locator, Page, expect

from course.content import words
from course.records.journal import Journal
from tests.browser.bidi import FirefoxPage
from tests.browser.firefox_learner import FirefoxLearner
from tests.browser.learner import OPENING, Learner
from tests.browser.obstacles import KERNEL, process_of
from tests.browser.pictures import keep_picture
from tests.browser.test_printing import COUNT_PRINTS, is_printed_once
from tests.browser.test_reading import OVERFLOW, make_largest
from tests.jupyter_server import RunningCourse

pytestmark = pytest.mark.browser

RECORD = "notebooks/record.ipynb"
SENTENCE = "<b>I ring back</b> on the same day."
PAPER = ".course-record-paper"
LEAVES = "window.dispatchEvent(new Event('beforeunload', { cancelable: true }))"
"""Whether the page can be left without being asked."""
NOTE_A_LOSS = """() => {
  const page = document.documentElement;
  const note = () => page.toggleAttribute("data-was-lost", page.dataset.course === "lost" || "wasLost" in page.dataset);
  new MutationObserver(note).observe(page, { attributeFilter: ["data-course"] });
}"""
"""Notes on the page that its Python was lost, also where it is back at once."""


@pytest.fixture
def journal(course: RunningCourse) -> Journal:
    """Write what a learner answered, with words from right to left and a long text."""
    journal = Journal(course.data / "journal")
    journal.page("starting-point").save("how-long", "B")
    journal.page("starting-point").save("group", ["nurses", "share beds"])
    journal.page("trust-plan").save("one-sentence", SENTENCE)
    journal.page("day-30").save("plans-carried-out", "I rang each Friday. " * 60 + "\nאמת")
    return journal


def field(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=words(f"record.{name}"), exact=True)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=words(f"record.{name}")).click()


@pytest.mark.usefixtures("journal")
def test_a_record_is_filled_in_chosen_saved_and_printed(
    tab: Page, course: RunningCourse, violations: Callable[..., list[str]], tmp_path: Path
) -> None:
    before = {path: path.read_bytes() for path in (course.data / "journal").rglob("*") if path.is_file()}
    tab.add_init_script(COUNT_PRINTS)
    learner = Learner(tab, course)
    learner.open("notebooks/start.ipynb")
    tab.get_by_role("link", name=words("record.short"), exact=True).click()
    learner.wait_until_ready()
    paper = tab.locator(PAPER)
    expect(paper).to_contain_text(words("record.unchecked"))
    expect(paper).not_to_contain_text("I ring back")

    field(tab, "name").fill("Ann Example")
    field(tab, "hours").fill("many")
    expect(tab.get_by_role("status").filter(has_text=words("record.bad-hours"))).to_be_visible()
    expect(field(tab, "hours")).to_have_attribute("aria-invalid", "true")
    expect(tab.locator("fieldset").get_by_text(words("record.bad-hours"))).to_be_visible()
    assert violations(tab) == []
    field(tab, "hours").fill("4.5")
    expect(field(tab, "hours")).to_have_attribute("aria-invalid", "false")
    expect(paper).to_contain_text(words("record.own-hours"))
    tab.get_by_role("checkbox", name=re.compile("One sentence")).check()
    tab.get_by_role("checkbox", name=words("record.code-trust")).press("Space")
    tab.get_by_role("checkbox", name=re.compile("Which plans did you carry out")).check()
    field(tab, "own-learned").fill("Small acts count.")
    for text in ("Ann Example", SENTENCE, "Small acts count.", "אמת"):
        expect(paper).to_contain_text(text)
    expect(tab.get_by_role("status").filter(has_text=words("record.bad-hours"))).to_have_count(0)
    assert not tab.evaluate(LEAVES), "what was typed and not saved is asked about"

    with tab.expect_download() as download:
        press(tab, "word")
    assert download.value.suggested_filename == "my-record.docx"
    download.value.save_as(tmp_path / "my-record.docx")
    texts = [part.text for part in Document(str(tmp_path / "my-record.docx")).paragraphs]
    for text in ("Ann Example", "4.5", SENTENCE, "Small acts count.", words("record.unchecked")):
        assert text in texts
    assert tab.evaluate(LEAVES)
    with tab.expect_download() as download:
        press(tab, "text")
    assert SENTENCE in Path(download.value.path()).read_text(encoding="utf-8-sig")

    tab.evaluate(NOTE_A_LOSS)
    process_of(tab.evaluate(KERNEL)).kill()
    tab.wait_for_selector('[data-was-lost][data-course="ready"]', timeout=OPENING)
    expect(field(tab, "name")).to_have_value("Ann Example")
    expect(paper).to_contain_text("Small acts count.")

    for width, height in ((390, 844), (600, 900), (1280, 900)):
        tab.set_viewport_size({"width": width, "height": height})
        assert tab.evaluate(OVERFLOW) <= 0, width
        keep_picture(tab, f"record-{width}")
    tab.set_viewport_size({"width": 390, "height": 844})
    make_largest(tab)
    assert tab.evaluate(OVERFLOW) <= 0, "at 200 %"
    for _ in range(9):
        tab.get_by_role("button", name=words("frame.smaller")).press("Enter")
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.emulate_media(color_scheme="dark")
    expect(tab.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    assert violations(tab) == []
    keep_picture(tab, "record-dark")
    press(tab, "print")
    is_printed_once(tab)
    tab.emulate_media(media="print", color_scheme="dark")
    expect(tab.get_by_role("heading", name=words("record.title"), level=4)).to_be_visible()
    for hidden in (".frame-bar", ".frame-words", "fieldset", ".course-journal-tools", "h2"):
        expect(tab.locator(f"{hidden}:visible")).to_have_count(0)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", tab.pdf(path=tmp_path / "record.pdf", format="A4"))) <= 4
    keep_picture(tab, "record-print")
    tab.emulate_media(media="null", color_scheme="null")
    assert {path: path.read_bytes() for path in (course.data / "journal").rglob("*") if path.is_file()} == before


@pytest.mark.usefixtures("journal")
def test_in_firefox_a_record_shows_what_is_chosen_and_filled_in(
    firefox_page: FirefoxPage, course: RunningCourse
) -> None:
    FirefoxLearner(firefox_page, course).open(RECORD)
    has = f"(text) => document.querySelector('{PAPER}')?.innerText.includes(text)"
    firefox_page.wait_for(has, words("record.unchecked"))
    firefox_page.click('.course-record input[value="trust-plan/one-sentence"]')
    firefox_page.wait_for(has, SENTENCE)
    firefox_page.click(".course-record-field input")
    firefox_page.type("Ann Example")
    firefox_page.wait_for(has, "Ann Example")
