"""Lesson 0 in a real Firefox, as the page that learners read: answered by keyboard, and kept through all that fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from icalendar import Calendar

from course.core.notebooks import ask_keys, material, read_notebook
from course.records.journal import Journal
from tests.browser.bidi import Firefox, FirefoxPage
from tests.browser.faults import faults_in_firefox
from tests.browser.firefox_learner import OPENING, SEEN_ALL, FirefoxKeyboardLearner, FirefoxLearner
from tests.browser.obstacles import FOLLOW, KERNEL, full_disk, linux_only, lock_held, process_of
from tests.browser.test_lesson_0 import LESSON, RATINGS, do_lesson, journal
from tests.jupyter_server import RunningCourse, open_course
from tests.ports import free_port

pytestmark = pytest.mark.browser

SHOWS = f"(done) => JSON.stringify(({SEEN_ALL})(Object.keys(done))) === JSON.stringify(done)"
KEYS = [*ask_keys(read_notebook(material() / LESSON)), "taps"]


def test_lesson_0_is_done_by_keyboard_alone_in_two_windows_each_shows_all_of_it_and_so_does_the_page_after_a_reload(
    firefox_page: FirefoxPage, course: RunningCourse
) -> None:
    """Each activity is reached by the list of sections, and done in the window that did not do the one before."""
    shipped = (course.copy / LESSON).read_bytes()
    windows = [FirefoxKeyboardLearner(page, course) for page in (firefox_page, firefox_page.second_window())]
    for learner in windows:
        learner.open(LESSON)
    do_lesson(*windows)
    saved = json.loads(journal(course).read_text(encoding="utf-8"))
    assert {code: str(saved["answers"]["start"][code]) for code in RATINGS} == RATINGS
    assert set(saved["answers"]) >= {"group", "how-long", "authority", "small-act", "small-plan", "taps"}

    first, second = windows
    second.reload()
    done = second.seen(KEYS)
    first.page.wait_for(SHOWS, done)
    first.reload()
    assert first.seen(KEYS) == done
    assert (course.copy / LESSON).read_bytes() == shipped

    assert faults_in_firefox(first.page) == []
    first.use(first.page.find(".frame-where a"))
    first.page.wait_for("location.pathname.endsWith('/start.ipynb')")
    first.wait_until_ready()
    assert faults_in_firefox(first.page) == []
    first.page.evaluate("document.getElementById('frame-notices').append(document.createElement('input'))")
    assert "label" in {fault.partition(":")[0] for fault in faults_in_firefox(first.page, "#frame-notices")}


TYPED = "half a sentence"
FIELD = '[data-card="group"] textarea'
MARK = "(selector) => { window.kept = document.querySelector(selector) }"
IS_SAME = "(selector) => kept === document.querySelector(selector) && kept === document.activeElement"
STATE = "(state) => document.documentElement.dataset.course === state"


def type_half(learner: FirefoxLearner, text: str = TYPED) -> None:
    """Begin to write an answer, and remember the element that holds it."""
    learner.page.click(FIELD)
    learner.page.press("Control+a")
    learner.page.type(text)
    learner.page.evaluate(MARK, FIELD)


def goes_on(learner: FirefoxLearner) -> None:
    """Fail unless the answer is still being written in the same element, and can be saved."""
    assert learner.page.evaluate(IS_SAME, FIELD)
    learner.page.type("!")
    assert learner.page.evaluate("(selector) => document.querySelector(selector).value", FIELD).endswith(f"{TYPED}!")
    learner.page.press("Tab")
    learner.saved("group")


IS_BACK = """document.documentElement.matches('[data-said~="lost"][data-course="ready"]')"""


def test_a_page_whose_python_or_whole_server_ends_says_so_and_goes_on_with_the_next(
    firefox_page: FirefoxPage, tmp_path: Path
) -> None:
    port = str(free_port())
    with open_course(tmp_path, "--port", port) as course:
        learner = FirefoxLearner(firefox_page, course)
        learner.open(LESSON)
        type_half(learner)
        firefox_page.evaluate(FOLLOW)
        process_of(firefox_page.evaluate(KERNEL)).kill()
        firefox_page.wait_for(IS_BACK, seconds=OPENING)
        goes_on(learner)
        type_half(learner)
    firefox_page.wait_for(STATE, "no-server", seconds=OPENING)
    with open_course(tmp_path, "--port", port):
        learner.wait_until_ready()
        goes_on(learner)


IS_SAVING = "(state) => document.querySelector('#frame-status').dataset.state === state"
WARNS = "document.querySelector('[data-card=group] .bt-alert').innerText.trim() !== ''"


@linux_only
def test_a_full_disk_and_a_lock_held_elsewhere_are_told_and_what_is_typed_is_saved_once_they_are_gone(
    firefox_page: FirefoxPage, course: RunningCourse
) -> None:
    learner = FirefoxLearner(firefox_page, course)
    learner.open(LESSON)
    for number, obstacle in enumerate((full_disk(firefox_page.evaluate(KERNEL)), lock_held(course, "starting-point"))):
        before, typed = f"before {number}", f"{TYPED} {number}"
        learner.type("group", "blank-0", before)
        with obstacle:
            type_half(learner, typed)
            firefox_page.wait_for(IS_SAVING, "failed")
            if number == 0:
                firefox_page.wait_for(WARNS)
            assert before in journal(course).read_text(encoding="utf-8")
        firefox_page.wait_for(IS_SAVING, "saved")
        assert typed in journal(course).read_text(encoding="utf-8")
        assert firefox_page.evaluate(IS_SAME, FIELD)


def test_double_clicks_drags_right_clicks_and_keys_change_nothing(
    firefox_page: FirefoxPage, course: RunningCourse
) -> None:
    shipped = (course.copy / LESSON).read_bytes()
    FirefoxLearner(firefox_page, course).open(LESSON)
    before = firefox_page.evaluate("document.querySelector('main').innerHTML")
    firefox_page.double_click(".frame-words p")
    firefox_page.right_click(".frame-words p")
    firefox_page.press("Escape")
    firefox_page.drag(".frame-words p", (40, 200))
    for key in "abdmxy":
        firefox_page.press(key)
    assert firefox_page.evaluate("document.querySelector('main').innerHTML") == before
    assert (course.copy / LESSON).read_bytes() == shipped


PAUSE = "() => new Promise((resolve) => setTimeout(resolve, 50))"


def downloaded(firefox: Firefox, page: FirefoxPage, name: str) -> bytes:
    """Return a file that a page has handed over, once it is whole."""
    path = firefox.downloads / name
    for _ in range(600):
        if path.is_file() and path.stat().st_size:
            return path.read_bytes()
        page.evaluate(PAUSE)
    raise AssertionError(f"{name} did not come: {[file.name for file in firefox.downloads.iterdir()]}")


def test_days_for_the_calendar_are_handed_over_by_a_lesson_and_by_the_start_page(
    firefox: Firefox, firefox_page: FirefoxPage, course: RunningCourse
) -> None:
    Journal(course.data / "journal").page("trust-plan").save("plan-day", "2126-12-22")
    learner = FirefoxLearner(firefox_page, course)
    for path, link, name, title in (
        (LESSON, '[data-card="reminder"] a', "lesson-0-to-try.ics", "one thing to try"),
        ("notebooks/start.ipynb", 'a[download="day-30.ics"]', "day-30.ics", "day 30"),
    ):
        learner.open(path)
        firefox_page.click(link)
        (event,) = Calendar.from_ical(downloaded(firefox, firefox_page, name)).walk("VEVENT")
        assert title in event["SUMMARY"]
