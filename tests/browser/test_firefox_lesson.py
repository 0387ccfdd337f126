"""Lesson 0 in a real Firefox, as the page that learners read: answered in two windows, and found again."""

from __future__ import annotations

import json

import pytest

from course.core.notebooks import ask_keys, material, read_notebook
from tests.browser.bidi import FirefoxPage
from tests.browser.firefox_learner import SEEN_ALL, FirefoxLearner
from tests.browser.test_lesson_0 import LESSON, RATINGS, do_lesson, journal
from tests.jupyter_server import RunningCourse

pytestmark = pytest.mark.browser

SHOWS = f"(done) => JSON.stringify(({SEEN_ALL})(Object.keys(done))) === JSON.stringify(done)"
KEYS = [*ask_keys(read_notebook(material() / LESSON)), "taps"]


def test_lesson_0_is_done_in_two_windows_each_shows_all_of_it_and_so_does_the_page_after_a_reload(
    firefox_page: FirefoxPage, course: RunningCourse
) -> None:
    shipped = (course.copy / LESSON).read_bytes()
    windows = [FirefoxLearner(page, course) for page in (firefox_page, firefox_page.second_window())]
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
