"""A lesson on paper: all of it, as it stands on the screen, in dark words on white."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.learner import OPENING
from tests.jupyter_server import RunningCourse

pytestmark = pytest.mark.browser

LESSON = "notebooks/two-questions.ipynb"


@pytest.fixture(scope="module")
def look(browser: Browser) -> Iterator[Page]:
    """Return a page in a dark theme that counts how often it is asked to print."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", color_scheme="dark")
    page = context.new_page()
    page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1 }")
    yield page
    context.close()


def open_lesson(page: Page, course: RunningCourse, view: str) -> None:
    page.emulate_media(media="null")
    page.goto(course.notebook(LESSON, view) + ("&reset" if view.startswith("lab") else ""))
    page.wait_for_selector('[data-course="ready"]', state="attached", timeout=OPENING)


def is_printed_whole_and_alone(page: Page) -> None:
    """Fail unless all of the lesson is printed, and nothing of what is around it."""
    assert 5 <= len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) <= 20
    page.emulate_media(media="print")
    expect(page.locator(".course-Bar")).to_be_hidden()
    expect(page.locator(".jp-Toolbar:visible, .lm-MenuBar:visible, #jp-left-stack:visible")).to_have_count(0)
    expect(page.get_by_role("heading", name="Go further")).to_be_visible()


def test_a_lesson_is_printed_whole_and_dark_on_white_whatever_the_theme(course: RunningCourse, look: Page) -> None:
    open_lesson(look, course, "notebooks")
    colour = "() => getComputedStyle(document.querySelector('.jp-RenderedMarkdown h1')).color"
    assert look.evaluate(colour) == "rgb(255, 255, 255)"
    is_printed_whole_and_alone(look)
    assert look.evaluate(colour) == "rgb(0, 0, 0)"


def test_print_in_the_menu_of_lab_prints_the_page_as_shown(course: RunningCourse, look: Page) -> None:
    asked: list[str] = []
    open_lesson(look, course, "lab/tree")
    look.on("request", lambda request: asked.append(request.url))
    look.get_by_role("menuitem", name="File").click()
    look.locator(".lm-Menu-item", has_text="Print").click()
    look.wait_for_function("window.printed === 1")
    assert not [url for url in asked if "nbconvert/html" in url]
    is_printed_whole_and_alone(look)
