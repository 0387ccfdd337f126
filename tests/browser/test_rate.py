"""The scale of a rating on a phone: seven numbers in a row, and the words of the chosen one under them."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from course.activities.kinds.rate import LessonRating, Rate
from course.activities.notebook_cards import make_card
from course.content.scales import find_scale
from course.core.notebooks import material
from course.records.answers.answers import Answers
from tests.browser.pictures import keep_picture

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
SCREENS = 3
BESIDE = "main { margin: 0 16px }"
"""The room that the reading frame leaves on each side."""

WORDS_SHOWN = """row => {
  const box = row.querySelector(".bt-options").getBoundingClientRect();
  return document.elementFromPoint(box.left + 12, box.bottom - 22).textContent;
}"""
"""What stands under the numbers at their start."""


def longest_rating(answers: Answers) -> Rate:
    """Return the rating of the course with the most statements."""
    notebooks = [json.loads(path.read_text("utf-8")) for path in (material() / "notebooks").glob("*.ipynb")]
    code = "\n".join("".join(cell["source"]) for notebook in notebooks for cell in notebook["cells"])
    calls = [ast.parse(call, mode="eval").body for call in re.findall(r"^ask\.rate\(.*\)$", code, re.M)]
    ratings = [make_card(call, answers) for call in calls if isinstance(call, ast.Call)]
    return max((one for one in ratings if isinstance(one, Rate)), key=lambda one: len(one.answer_lines()))


def row(page: Page, code: str) -> Locator:
    return page.locator(f'[data-control="{code}"]')


def test_the_longest_rating_takes_less_than_three_screens_of_a_phone(page: Page, bench: Any, answers: Answers) -> None:
    card = longest_rating(answers)
    assert len(card.answer_lines()) > len(find_scale("habits").items)
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    bench.show(card)
    page.add_style_tag(content=BESIDE)
    keep_picture(page, "rating-phone")
    assert page.locator(".bt-card").evaluate("card => card.getBoundingClientRect().height") < SCREENS * PHONE["height"]


def test_on_a_phone_a_number_has_the_name_of_its_point_and_the_words_of_the_chosen_one_are_shown(
    page: Page, bench: Any, answers: Answers
) -> None:
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    bench.show(Rate("q", answers, "habits"))
    page.add_style_tag(content=BESIDE)
    first = row(page, "COMP7")
    expect(page.get_by_text("4 About half the time, 5 Often")).to_be_visible()
    expect(first.get_by_role("radio", name="Often")).to_have_count(1)
    assert first.evaluate(WORDS_SHOWN) == "1 Never – 7 Always"

    first.get_by_text("No chance to").click()
    assert first.evaluate(WORDS_SHOWN) == "1 Never – 7 Always"

    box = first.get_by_role("radio").nth(4).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert first.evaluate(WORDS_SHOWN) == "Often"
    page.keyboard.press("ArrowLeft")
    assert first.evaluate(WORDS_SHOWN) == "About half the time"
    bench.settle()
    assert bench.sent() == [("COMP7", "n"), ("COMP7", "5"), ("COMP7", "4")]

    row(page, "CARE7").get_by_role("radio").first.focus()
    assert row(page, "CARE7").evaluate(WORDS_SHOWN) == "Never", "before it is chosen with the keyboard"

    page.emulate_media(forced_colors="active")
    chosen, other = (first.get_by_role("radio").nth(place) for place in (3, 4))
    outline = "radio => getComputedStyle(radio).outlineStyle"
    assert (chosen.evaluate(outline), other.evaluate(outline)) == ("solid", "none")


def test_on_a_wide_page_every_point_shows_its_words_and_no_number(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(Rate("q", answers, "habits"))
    first = row(page, "COMP7")
    expect(first.get_by_role("radio", name="Often", exact=True)).to_have_accessible_name("Often")
    expect(page.get_by_text("4 About half the time, 5 Often")).to_be_hidden()


def test_a_few_short_labels_share_a_line_of_a_phone(page: Page, bench: Any, answers: Answers) -> None:
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    bench.show(LessonRating("q", answers))
    page.add_style_tag(content=BESIDE)
    tops = "labels => new Set(labels.map(label => label.getBoundingClientRect().top)).size"
    assert row(page, "useful").locator("label").evaluate_all(tops) == 1


@pytest.mark.parametrize("width", [320, 390])
def test_each_number_is_a_target_that_a_finger_hits(width: int, page: Page, bench: Any, answers: Answers) -> None:
    page.set_viewport_size({"width": width, "height": PHONE["height"]})
    bench.show(Rate("q", answers, "pulse"))
    page.add_style_tag(content=BESIDE)
    sizes = page.evaluate(
        "() => [...document.querySelectorAll('.bt-option label')].map(label => label.getBoundingClientRect())"
    )
    assert min(size["width"] for size in sizes) >= 34
    assert min(size["height"] for size in sizes) >= 44
