"""What a learner takes along from the web edition and brings to it: journal, record, days, hand-in file."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Page, expect

from course.content import say_day, words
from course.content.texts import read_texts
from course.core.moments import today
from course.core.notebooks import material
from course.core.pages.web_edition import as_web_edition
from course.records import submission_file
from course.records.answers.answers import Answers
from course.records.journal import Journal
from course.records.journal_file import journal_bytes, load, read_journal_file
from course.trainer.collecting.command import collect
from course.trainer.course_directory import Coursework
from course.trainer.marking.command import grade
from course.trainer.reflections.replies import all_replies
from tests.browser.faults import allowed
from tests.browser.learner import OPENING, OVERFLOW, Learner
from tests.browser.pictures import keep_picture
from tests.exercise_keys import right, wrong
from tests.trainer.course_directories import marks, release

pytestmark = pytest.mark.browser

SLUG = "repair"
TOMORROW = today() + datetime.timedelta(days=1)
"""A day that has not gone by also where midnight does."""
REPLY = "Thank you. I see the second point differently."


def in_a_browser(key: str, **blanks: object) -> str:
    """Return a text as the web edition has it."""
    with as_web_edition():
        return read_texts().say(key, **blanks)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page without a service worker, which would get the site once more; it fails if a script throws."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, service_workers="block", locale="en-GB")
    thrown: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: thrown.append(str(error)))
    yield page
    context.close()
    assert not set(thrown) - allowed("script")


class SiteLearner(Learner):
    """Someone with the web edition open in a browser, who uses the mouse."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site = page, site

    def open(self, path: str) -> None:
        """Open a page such as `notebooks/repair` and wait until Python has run it."""
        self.page.goto(f"{self.site}{path}.html")
        self.wait_until_ready()

    def save(self, label: str) -> tuple[str, bytes]:
        """Press a button or a link, and return the name and the content of the file that the browser saves."""
        named = self.page.get_by_role("button", name=label, exact=True)
        link = self.page.get_by_role("link", name=label, exact=True)
        with self.page.expect_download() as arriving:
            named.or_(link).first.click()
        return arriving.value.suggested_filename, Path(arriving.value.path()).read_bytes()

    def load(self, data: bytes) -> None:
        """Load a journal file."""
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("button", name=words("journal-file.load")).click()
        chooser.value.set_files({"name": "my-journal.json", "mimeType": "application/json", "buffer": data})

    def look(self, name: str, violations: Callable[..., list[str]]) -> None:
        """Look at the page in two widths, light and dark: no faults, and nothing to scroll sideways."""
        for width, scheme in ((1280, "light"), (390, "dark")):
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            assert violations(self.page) == [], (name, scheme)
            assert self.page.evaluate(OVERFLOW) == 0, (name, width)
            keep_picture(self.page, f"web-{name}-{width}-{scheme}")
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.page.emulate_media(color_scheme="light")


@pytest.fixture
def laptop(tmp_path: Path) -> Journal:
    journal = Journal(tmp_path / "laptop")
    journal.page("starting-point").save("how-long", "B")
    journal.page("trust-plan").save("plan-day", TOMORROW.isoformat())
    journal.page("thanks").save("an-older-question", "<b>Zoë</b> said it")
    return journal


def test_a_journal_travels_to_a_browser_and_back_with_its_record_and_its_days(
    page: Page, site_address: str, laptop: Journal, violations: Callable[..., list[str]]
) -> None:
    learner = SiteLearner(page, site_address)
    learner.open("notebooks/journal")
    expect(page.get_by_text(in_a_browser("journal-file.where"))).to_be_visible()
    learner.load(journal_bytes(laptop))
    expect(page.get_by_text(words("journal-file.done"), exact=True)).to_be_visible(timeout=OPENING)
    expect(page.locator(".course-journal-page")).to_have_count(3)
    expect(page.get_by_text("<b>Zoë</b> said it", exact=True)).to_be_visible()
    learner.look("journal", violations)
    page.get_by_role("button", name=words("keeping.ask")).click()
    answers = page.get_by_text(words("keeping.asked"), exact=True).or_(page.get_by_text(words("keeping.refused")))
    expect(answers.first).to_be_visible()
    name, document = learner.save(words("journal.word"))
    assert name == "my-journal.doc"
    assert "&lt;b&gt;Zoë&lt;/b&gt; said it" in document.decode()

    learner.open("notebooks/starting-point")
    expect(learner.part("how-long", "pick").locator('input[value="B"]')).to_be_checked()
    learner.choose("how-long", "pick", "C")

    learner.open("notebooks/start")
    day = say_day(TOMORROW)
    name, calendar = learner.save(words("reminder.later-link", days=30, day=day))
    assert name == "day-30.ics"
    (event,) = Calendar.from_ical(calendar.decode()).walk("VEVENT")
    assert event.decoded("DTSTART") == TOMORROW
    assert "terminal" not in str(event["DESCRIPTION"])

    learner.open("notebooks/record")
    name, document = learner.save(words("record.word"))
    assert name == "my-record.doc"
    assert in_a_browser("record.unchecked") in document.decode()
    learner.look("record", violations)

    learner.open("notebooks/journal")
    name, saved = learner.save(words("journal-file.save"))
    assert name == "my-journal.json"
    results = {result.lesson: result for result in load(laptop, read_journal_file(saved))}
    assert results["starting-point"].kept == ["how-long"]
    elsewhere = Journal(laptop.folder.parent / "elsewhere")
    load(elsewhere, read_journal_file(saved))
    assert elsewhere.page("starting-point").get("how-long") == "C"
    assert elsewhere.page("thanks").get("an-older-question") == "<b>Zoë</b> said it"


def write_back(learner: SiteLearner) -> bytes:
    """Come back to an exercise that was handed in, write to the trainer, and return the file that is made then."""
    expect(learner.card("reply")).to_have_count(0)
    learner.open(f"exercises/{SLUG}")
    expect(learner.card("reply")).to_contain_text(in_a_browser("reply.who"))
    learner.type("reply", "text", REPLY)
    expect(learner.card("hand-in")).to_contain_text("What you wrote to your trainer is not in this file")
    learner.use(learner.card("hand-in").locator('button[data-control="make"]'))
    expect(learner.card("hand-in")).to_contain_text("Your hand-in file is ready.")
    return learner.save(words("hand-in.download", name=f"hand-in-{SLUG}.zip"))[1]


@pytest.mark.nbgrader
def test_a_hand_in_from_a_browser_gets_the_marks_of_one_from_a_laptop(
    page: Page, site_address: str, checkouts: Callable[[], Any], tmp_path: Path, violations: Callable[..., list[str]]
) -> None:
    given = {"q1": right(SLUG, "q1"), "q3": wrong(SLUG, "q3")}
    learner = SiteLearner(page, site_address)
    learner.open(f"exercises/{SLUG}")
    for question, option in given.items():
        learner.choose(question, "pick", option)
    page.get_by_role("button", name=words("frame.check")).click()
    expect(page.locator('[data-notice="tool-check"]')).to_contain_text("Question 2 has no answer yet.")
    expect(page.get_by_role("button", name=words("frame.hand-in"), exact=True)).to_have_count(0)
    field = learner.part("hand-in", "learner").locator("textarea")
    field.fill("s01")
    field.blur()
    learner.use(learner.card("hand-in").locator('button[data-control="make"]'))
    expect(learner.card("hand-in")).to_contain_text(in_a_browser("hand-in.where"))
    learner.look("exercise", violations)
    name, from_browser = learner.save(words("hand-in.download", name=f"hand-in-{SLUG}.zip"))
    with_reply = write_back(learner)

    from_laptop = tmp_path / SLUG
    from_laptop.mkdir()
    shutil.copy(material() / "exercises" / SLUG / f"{SLUG}.ipynb", from_laptop)
    answers = Answers(from_laptop / "answers.json", "exercise", SLUG)
    for question, option in given.items():
        answers.save(question, option)
    checkout = checkouts()
    release(checkout, SLUG)
    inbox = checkout.root / "inbox"
    inbox.mkdir()
    (inbox / name).write_bytes(from_browser)
    (inbox / "again.zip").write_bytes(with_reply)
    shutil.copy(submission_file.make(from_laptop, SLUG, "s02"), inbox / "hand-in-of-s02.zip")
    coursework = Coursework(checkout.root)
    assert collect(coursework, [SLUG], quiet=True).refused == []
    grade(coursework, [SLUG], jobs=1, quiet=True)
    assert [(reply.learner, reply.text) for reply in all_replies(coursework)] == [("s01", REPLY)]
    given_marks = marks(checkout.root, "s01", SLUG)
    assert given_marks == marks(checkout.root, "s02", SLUG)
    assert [given_marks[f"{question}-mark"][0] for question in ("q1", "q2", "q3")] == [1, 0, 0]
