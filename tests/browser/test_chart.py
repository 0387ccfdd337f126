"""A chart as a person sees and uses it: hidden numbers, an open table, a narrow page.

The colours of Jupyter's themes are looked at in `test_lessons.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from course.charts.items import items_chart
from course.charts.kit.palette import NARROW, SMALL, WIDTH
from course.charts.series import Series
from course.charts.widgets import ChartWidget
from course.content.scales import find_scale
from tests.browser.pictures import keep_picture
from tests.browser.stage import Stage

pytestmark = pytest.mark.browser

CODES = [item.code for item in find_scale("habits").items]


def rated(point: int, **other: int) -> dict[str, Any]:
    return {**dict.fromkeys(CODES, point), "version": 2, **other}


def chart(point: int) -> Any:
    return items_chart([Series.read("start", rated(4)), Series.read("now", rated(point, COMP7=7))])


@pytest.fixture
def stage(page: Page) -> Stage:
    """Return a page that shows a chart."""
    stage = Stage(page)
    stage.put(ChartWidget(chart(5)))
    return stage


def test_hidden_numbers_stay_hidden_until_they_are_asked_for_again(page: Page, stage: Stage) -> None:
    hide = page.get_by_role("button", name="Hide my numbers")
    hide.focus()
    page.keyboard.press("Enter")
    expect(hide).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("status")).to_contain_text("Your numbers are hidden.")
    stage.widget.show(chart(2))
    stage.tell()
    expect(page.get_by_role("img")).to_be_hidden()
    expect(page.get_by_text("12 habits.")).to_be_hidden()
    page.keyboard.press("Space")
    expect(page.get_by_role("img")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("")


def test_a_redraw_keeps_the_table_open_and_the_focus_where_it_is(page: Page, stage: Stage) -> None:
    summary = page.locator("summary")
    summary.press("Enter")
    expect(page.get_by_role("table")).to_be_visible()
    stage.widget.show(chart(2))
    stage.tell()
    expect(page.get_by_role("row").nth(2)).to_contain_text("2 (Rarely)")
    expect(summary).to_be_focused()
    expect(page.get_by_role("img")).to_have_attribute("alt", stage.widget.chart["alt"])


def test_a_narrow_page_gets_a_picture_of_its_own_with_type_that_can_be_read(page: Page, stage: Stage) -> None:
    image = page.get_by_role("img")
    wide = shown_width(image)
    page.set_viewport_size({"width": 320, "height": 900})
    page.wait_for_function("document.querySelector('img').classList.contains('course-chart-narrow')")
    narrow = shown_width(image)
    keep_picture(page, "chart-narrow")
    assert narrow / NARROW * SMALL >= 12
    assert wide / WIDTH * SMALL >= 12
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_function("!document.querySelector('img').classList.contains('course-chart-narrow')")
    assert shown_width(image) == wide


def test_a_picture_for_another_width_that_comes_late_does_not_stay(page: Page, stage: Stage) -> None:
    stage.widget.is_narrow = True  # what a narrower page asked for, dealt with after all that came later
    page.evaluate("chart => stage.take({ chart })", stage.widget.chart)
    page.wait_for_function("!document.querySelector('img').classList.contains('course-chart-narrow')")
    assert stage.widget.is_narrow is False


def test_a_printed_picture_has_its_words_beside_it_and_type_that_can_be_read(page: Page, stage: Stage) -> None:
    page.set_viewport_size({"width": 712, "height": 1010})  # A4 between its margins
    page.emulate_media(media="print")
    picture, sentence = (
        page.locator(part).bounding_box() for part in (".course-chart img", ".course-chart div > p >> nth=0")
    )
    assert picture is not None
    assert sentence is not None
    assert picture["width"] / WIDTH * SMALL >= 10.6, "8 points"
    assert sentence["x"] > picture["x"] + picture["width"]
    assert sentence["y"] < picture["y"] + picture["height"] / 4


def shown_width(image: Any) -> float:
    """Return how wide a picture is on the page, once it is there."""
    image.evaluate("image => image.decode()")
    return float(image.evaluate("image => image.clientWidth"))


def test_a_chart_has_no_fault_and_can_be_pressed_with_a_thumb(
    page: Page, stage: Stage, violations: Callable[..., list[str]]
) -> None:
    page.locator("summary").click()
    assert violations(page) == []
    for control in (page.get_by_role("button"), page.locator("summary")):
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_a_closed_chart_listens_no_more(stage: Stage) -> None:
    assert stage.close() == 0
