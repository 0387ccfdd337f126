"""The figures of the lessons as a browser draws them: narrow and wide, larger, in a dark theme."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from course.charts.figures import FIGURES, figure_html
from course.core.pages.html import Markup, element, fragment
from course.frame.layout import PageAddresses, neighbours, page_html, page_style
from course.frame.page import CodePlace, Section
from course.frame.page import Page as Lesson
from tests.browser.learner import OVERFLOW
from tests.browser.pictures import keep_picture

pytestmark = pytest.mark.browser

CUT = """element => [...element.querySelectorAll("*")]
  .filter((part) => part.clientWidth && part.scrollWidth > part.clientWidth + 1).length"""


def a_page_of_all_figures() -> str:
    """Return a page of the frame with every figure on it, as its cells would show them."""
    lesson = Lesson("Figures", (Section("top", "", tuple(map(CodePlace, FIGURES))),), {})
    html = str(page_html(lesson, neighbours("notebooks", "record"), PageAddresses("", ""), {}))
    for name in FIGURES:
        place = element("div", {"class": "frame-cell", "data-cell": name})
        html = html.replace(place, fragment(Markup(place.removesuffix("</div>")), figure_html(name), Markup("</div>")))
    return html


def test_figures_fit_and_have_no_fault_at_any_width_size_and_theme(
    page: Page, violations: Callable[..., list[str]]
) -> None:
    page.set_content(a_page_of_all_figures())
    page.add_style_tag(content=page_style())
    for width, zoom, theme in ((1280, 1, "light"), (600, 1, "dark"), (390, 1, "light"), (390, 2, "dark")):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(f"document.documentElement.style.setProperty('--frame-zoom', {zoom})")
        assert page.locator("figure").count() == len(FIGURES)
        assert page.evaluate(OVERFLOW) <= 0
        assert [page.locator("figure").nth(place).evaluate(CUT) for place in range(len(FIGURES))] == [0] * len(FIGURES)
        if zoom == 2 or width == 1280:
            assert violations(page, "figure") == []
            keep_picture(page, f"figures-{width}-{zoom}-{theme}")


def test_figures_and_emblem_are_drawn_in_forced_colours_and_on_paper(page: Page) -> None:
    """High contrast takes the colour of the words for what is drawn; paper takes light colours in a dark theme too."""
    page.set_content(a_page_of_all_figures())
    page.add_style_tag(content=page_style())
    colour = "element => getComputedStyle(element).color"
    page.emulate_media(color_scheme="dark", forced_colors="active")
    words = page.locator("h1").evaluate(colour)
    assert {svg.evaluate(colour) for svg in page.locator("main svg").all()} == {words}
    keep_picture(page, "figures-forced-colours")
    page.emulate_media(color_scheme="dark", forced_colors="none", media="print")
    assert page.locator("figure li").first.evaluate(colour) == "rgb(0, 0, 0)"
    assert page.locator("figure").first.evaluate("element => getComputedStyle(element).breakInside") == "avoid"
    keep_picture(page, "figures-printed")


def test_nothing_in_the_bar_lies_over_another_on_the_narrowest_phone(page: Page) -> None:
    """The start page has the most in its bar: the emblem with the name, and two links."""
    page.set_content(
        str(page_html(Lesson("Start", (), {}), neighbours("notebooks", "start"), PageAddresses("", ""), {}))
    )
    page.add_style_tag(content=page_style())
    page.set_viewport_size({"width": 320, "height": 700})
    cut = "parts => parts.filter((part) => part.scrollWidth > part.clientWidth).map((part) => part.textContent)"
    assert page.locator(".frame-where > *").count() == 3
    assert page.locator(".frame-where > *").evaluate_all(cut) == []
    assert page.evaluate(OVERFLOW) <= 0
