"""Every lesson worked through in a real browser, from first to last card: choose, type, go back, open again.

Lesson 0 is worked through in `test_lesson_0.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from course.charts.kit.palette import DARK
from course.content.lessons import lessons
from course.core.notebooks import ask_keys, material, read_notebook
from course.records.journal import Journal
from tests.browser.learner import OPENING, Learner
from tests.browser.pictures import keep_picture
from tests.browser.test_chart import rated
from tests.browser.walks import work_through
from tests.jupyter_server import RunningCourse

pytestmark = pytest.mark.browser

NOTEBOOKS = [*(f"notebooks/{lesson.key}.ipynb" for lesson in lessons()[1:]), "notebooks/day-30.ipynb"]


def begin_anew(page: Page, course: RunningCourse) -> None:
    """Take away what the browser keeps of the course, as on another computer next week."""
    page.context.clear_cookies()
    wire = page.context.new_cdp_session(page)
    wire.send("Storage.clearDataForOrigin", {"origin": course.base, "storageTypes": "all"})
    wire.detach()


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_a_lesson_has_no_fault_can_be_done_and_is_there_next_week(
    tab: Page, course: RunningCourse, violations: Callable[..., list[str]], path: str
) -> None:
    keys = [*ask_keys(read_notebook(material() / path)), *(["taps"] if "day-30" not in path else [])]
    learner = Learner(tab, course)
    learner.open(path)
    assert violations(tab) == []
    for key in keys:
        work_through(learner, key)
    tab.set_viewport_size({"width": 1280, "height": 2400})  # room for a whole chart at once
    for number, figure in enumerate(tab.locator("figure").all()):
        expect(figure.locator("figcaption")).not_to_be_empty()
        keep_picture(figure, f"charts/{path.split('/')[-1].removesuffix('.ipynb')}-{number}")
    done = learner.seen(keys)
    assert all(any(card["given"]) or card["said"] for card in done.values())
    begin_anew(tab, course)
    learner.open(path)
    assert learner.seen(keys) == done


def test_a_chart_has_the_colours_of_the_page(tab: Page, course: RunningCourse) -> None:
    journal = Journal(course.home / ".local" / "share" / "building-trust" / "journal")
    journal.page("starting-point").save("start", rated(5))
    tab.emulate_media(color_scheme="dark")
    Learner(tab, course).open("notebooks/day-30.ipynb")
    image = tab.locator(".course-chart img").first
    expect(image).to_be_visible(timeout=OPENING)
    expect(tab.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    colours = "image => decodeURIComponent(image.src).match(/#[0-9a-f]{6}/g)"
    assert not set(DARK) & set(image.evaluate(colours))
    image.scroll_into_view_if_needed()
    keep_picture(tab, "chart-dark")
    tab.emulate_media(color_scheme="light")
    expect(tab.locator("body")).to_have_attribute("data-jp-theme-light", "true")
    expect(image).to_have_attribute("src", re.compile("(#|%23)0b5394"))
