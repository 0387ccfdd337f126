"""A lesson on paper: all of it, as it stands on the screen, in dark words on white."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from course.activities.kinds.arrange import Sort
from course.activities.kinds.branch import Branch
from course.activities.kinds.form import Form
from course.activities.kinds.rate import Rate
from course.activities.kinds.write import Write
from course.records.answers.answers import Answers
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


PUT_LINKS = """(parts) => parts.forEach(([selector, at, name]) => {
  const link = Object.assign(document.createElement("a"), { href: `http://bench.test/${name}`, textContent: "." });
  [...document.querySelectorAll(selector)].at(at).append(link);
})"""
"""Add a link to parts of the page, each by its selector, its place among all of them, and its name."""


PUT_BEFORE = """(selector, height) => {
  const style = `padding-block-start: ${height}`;
  const before = Object.assign(document.createElement("div"), { className: "before", style });
  document.querySelector(selector).before(before);
}"""
"""Put an empty space before a part of the page."""


def printed_heights(page: Page, *parts: tuple[str, int, str]) -> dict[str, float]:
    """Return how far above the foot of its page each of the parts stands."""
    page.evaluate(PUT_LINKS, parts)
    return {name.decode(): float(height) for height, name in LINK.findall(page.pdf(format="A4"))}


def test_a_card_of_many_fields_begins_below_what_is_before_it_and_keeps_each_with_its_name(
    page: Page, bench: Any, answers: Answers
) -> None:
    bench.show(Form("q", answers, "Draft it.\n\n" + "\n".join(f"- Line {number}: ___" for number in range(6))))
    page.add_style_tag(content=".bt-field textarea { min-height: 30mm !important }")
    fields = [(".bt-field > label", number, f"name{number}") for number in range(6)]
    page.evaluate(f"({PUT_BEFORE})('.bt-card', '120mm')")
    page.evaluate(
        "document.querySelectorAll('.bt-field').forEach((field) => field.append(document.createElement('p')))"
    )
    ends = [(".bt-field > p:last-child", number, f"end{number}") for number in range(6)]
    heights = printed_heights(page, (".before", 0, "before"), *fields, *ends)
    assert heights["name0"] < heights["before"], "its first field is on the first page"
    assert heights["name5"] > heights["name2"], "and its last overleaf"
    for number in range(6):
        assert heights[f"name{number}"] > heights[f"end{number}"]


SORT = """Which side does it feed?

- You send papers early. [x Competence]
- You wait for an answer. [x Caring]
"""


def test_the_verdict_on_a_sort_stands_in_the_room_of_its_last_row(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(Sort("q", answers, SORT, ["Competence", "Caring"]))
    for row in page.locator(".bt-row").all():
        row.locator("input").first.check()
    page.get_by_role("button", name="Check").click()
    bench.settle()
    page.emulate_media(media="print")
    row_box, verdict = (
        page.locator(".bt-row").last.bounding_box(),
        page.locator(".bt-group + .bt-text p").bounding_box(),
    )
    assert row_box is not None
    assert verdict is not None
    assert row_box["y"] + row_box["height"] >= verdict["y"] + verdict["height"], "no page ends between the two"
    assert verdict["y"] >= page.locator(".bt-row .bt-text").last.evaluate("said => said.getBoundingClientRect().bottom")


STEPS = "".join(f"## Day {day}\nIt is day {day}.\n\nA. Go on. -> You went on.\nB. Stop.\n" for day in (1, 2, 3))


def test_a_step_is_on_one_page_with_its_options(page: Page, bench: Any, answers: Answers) -> None:
    answers.save("q", ["A", "A", None])
    bench.show(Branch("q", answers, STEPS))
    assert page.locator(".bt-group").count() == 3
    page.add_style_tag(content=".bt-text { min-height: 25mm } .bt-option { min-height: 40mm }")
    steps = [(".bt-group > legend", number, name) for number, name in enumerate(("first", "second", "third"))]
    heights = printed_heights(page, *steps, (".bt-option label", -1, "option"))
    assert heights["first"] > heights["second"]
    assert heights["third"] > heights["second"], "the third step begins overleaf"
    assert heights["option"] < heights["third"]


def test_words_without_a_card_stand_on_the_page_that_has_room_for_them(course: RunningCourse, look: Page) -> None:
    open_lesson(look, course, "read")
    look.evaluate(
        """() => {
          const section = document.getElementById("with-a-cohort").closest("section");
          while (section.previousElementSibling) section.previousElementSibling.remove();
          section.id = "alone";
        }"""
    )
    look.evaluate(f"({PUT_BEFORE})('#alone', '190mm')")
    heights = printed_heights(look, ("#alone p", 0, "words"), (".before", 0, "before"))
    assert heights["words"] < heights["before"]
