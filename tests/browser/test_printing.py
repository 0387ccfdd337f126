"""A lesson on paper: all of it, as it stands on the screen, in dark words on white."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from course.activities.rate import Rate
from course.activities.write import Write
from course.records.answers import Answers
from tests.browser.learner import OPENING
from tests.jupyter_server import RunningCourse, open_course

pytestmark = pytest.mark.browser

LESSON = "notebooks/two-questions.ipynb"
AROUND = ".frame-bar, .frame-skip, .frame-sections, .frame-turn, .course-Bar, .jp-Toolbar, .lm-MenuBar, #jp-left-stack"
"""What stands around a lesson on the screen, on our page and in Jupyter."""

COUNT_PRINTS = """
window.printed = 0;
window.print = () => document.documentElement.setAttribute("data-printed", window.printed += 1);
"""


def is_printed_once(page: Page) -> None:
    """Wait until the page was asked to print; a page of the course lets no test wait by running text as a script."""
    expect(page.locator("html")).to_have_attribute("data-printed", "1")


@pytest.fixture(scope="module")
def look(browser: Browser) -> Iterator[Page]:
    """Return a page in a dark theme that counts how often it is asked to print."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", color_scheme="dark")
    page = context.new_page()
    page.add_init_script(COUNT_PRINTS)
    yield page
    context.close()


def open_lesson(page: Page, course: RunningCourse, view: str) -> None:
    page.emulate_media(media="null")
    page.goto(course.notebook(LESSON, view) + ("&reset" if view.startswith("lab") else ""))
    page.wait_for_selector('[data-course="ready"]', state="attached", timeout=OPENING)


def printed_pages(page: Page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))


def is_printed_whole_and_alone(page: Page) -> None:
    """Fail unless all of the lesson is printed, and nothing of what is around it."""
    assert 5 <= printed_pages(page) <= 20
    page.emulate_media(media="print")
    expect(page.locator(f":is({AROUND}):visible")).to_have_count(0)
    expect(page.get_by_role("heading", name="Go further")).to_be_visible()


def test_a_lesson_is_printed_whole_and_dark_on_white_whatever_the_theme(course: RunningCourse, look: Page) -> None:
    open_lesson(look, course, "read")
    colour = "() => getComputedStyle(document.querySelector('h1')).color.match(/[0-9]+/g).map(Number)"
    assert min(look.evaluate(colour)) > 220, "light words on a dark screen"
    look.get_by_role("button", name="Print").click()
    is_printed_once(look)
    is_printed_whole_and_alone(look)
    assert max(look.evaluate(colour)) < 50
    assert look.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"


def test_print_in_the_menu_of_lab_prints_the_page_as_shown(checkout: Any, look: Page) -> None:
    """A trainer reads lessons in JupyterLab itself."""
    asked: list[str] = []
    with open_course(checkout.home, command="teach", PYTHONPATH=str(checkout.root)) as course:
        open_lesson(look, course, "lab/tree")
        look.on("request", lambda request: asked.append(request.url))
        look.get_by_role("menuitem", name="File").click()
        look.locator(".lm-Menu-item", has_text="Print").click()
        is_printed_once(look)
        assert not [url for url in asked if "nbconvert/html" in url]
        is_printed_whole_and_alone(look)


def test_a_card_that_fits_on_a_page_is_not_broken_over_two(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(Write("q", answers, "What should change?"), views=3)
    page.add_style_tag(content=".bt-card { min-height: 160mm }")
    assert printed_pages(page) == 3, "three of them have room on two pages of 297 mm"
    page.add_style_tag(content=".bt-card { break-inside: auto !important }")
    assert printed_pages(page) == 2


LINK = re.compile(rb"/Rect\s*\[[-\d.]+ ([-\d.]+) [^\]]+\].{0,200}?/URI\s*\(http://bench.test/(\w+)\)", re.DOTALL)
"""Where a link ends on its page, from below, and its name."""


LINK_SECTIONS = """() => {
  const sections = [...document.querySelectorAll(".frame-section:has(> h2 + .frame-words + .frame-cell .bt-card)")];
  const link = (name) =>
    Object.assign(document.createElement("a"), { href: `http://bench.test/${name}`, textContent: "." });
  sections.forEach((section, at) => {
    const words = section.querySelector("h2 + .frame-words");
    section.querySelector("h2").append(link(`${at}_0`));
    [...words.children].forEach((part, place) => part.append(link(`${at}_${place + 1}`)));
    section.querySelector(".bt-card :is(legend, label)").append(link(`${at}_${words.children.length + 1}`));
  });
  return sections.length;
}"""
"""Add a link to the heading, to each of the words and to the card of each section, in their order; say how many."""


def test_a_heading_its_words_and_their_card_stand_on_one_page(course: RunningCourse, look: Page) -> None:
    open_lesson(look, course, "read")
    count = look.evaluate(LINK_SECTIONS)
    assert count > 5
    printed = {name.decode(): float(height) for height, name in LINK.findall(look.pdf(format="A4"))}
    for section in range(count):
        parts = {int(name.split("_")[1]): at for name, at in printed.items() if name.startswith(f"{section}_")}
        heights = [parts[place] for place in sorted(parts)]
        assert len(heights) >= 3
        assert heights == sorted(heights, reverse=True), "what goes on overleaf stands higher up there"


def test_what_follows_a_card_of_several_pages_stands_below_it(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(Rate("q", answers, "habits", "pulse"))
    page.add_style_tag(content=".bt-row { min-height: 60mm }")
    page.evaluate(
        """() => {
          const link = (name) => Object.assign(document.createElement("a"), { href: `/${name}`, textContent: name });
          [...document.querySelectorAll(".bt-row")].at(-1).append(link("last"));
          document.querySelector("main").append(link("after"));
        }"""
    )
    assert printed_pages(page) == 4, "four of the fourteen on a page, and room on the last"
    heights = {name.decode(): float(height) for height, name in LINK.findall(page.pdf(format="A4"))}
    assert heights["after"] < heights["last"]
