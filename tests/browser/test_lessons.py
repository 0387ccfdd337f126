"""Every lesson worked through in a real browser, from first to last card: choose, type, go back, open again."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from course.content.lessons import lessons
from course.core.notebooks import ask_keys, material, read_notebook
from tests.browser.learner import Learner
from tests.browser.pictures import keep_picture
from tests.jupyter_server import RunningCourse

pytestmark = pytest.mark.browser

NOTEBOOKS = [*(f"notebooks/{lesson.key}.ipynb" for lesson in lessons()), "notebooks/day-30.ipynb"]
TEXT = "the ward clerk rang each family"

SEEN = """card => ({
  given: [...card.querySelectorAll("input, textarea, select")].map((one) => one.matches("[type=radio], [type=checkbox]")
    ? `${one.value} ${one.checked}` : one.value),
  said: [...card.querySelectorAll(".bt-feedback, .bt-quote, .bt-items")].map((one) => one.innerText.trim()),
})"""
"""What a card holds and says: what must be there again next week."""


def work_through(learner: Learner, key: str) -> None:
    """Answer all that a card asks, and press each of its buttons but Skip."""
    card = learner.card(key)
    for field in card.locator("[data-control]:is(.bt-choices, .bt-line, .bt-area, .bt-number, .bt-order)").all():
        answer(learner, key, field)
    step = 0
    while press(learner, key, f"next-{step}"):
        step += 1
        choose_last(learner, key, f"pick-{step}")
        if step == 1:
            press(learner, key, "back-0")
            choose_last(learner, key, "pick-0")
            press(learner, key, "next-0")
            choose_last(learner, key, "pick-1")
    for button in ("check", "all", "add"):
        press(learner, key, button)


def answer(learner: Learner, key: str, field: Locator) -> None:
    """Give one field a value by its kind."""
    part = str(field.get_attribute("data-control"))
    kind = str(field.get_attribute("class"))
    if "bt-choices" in kind:
        choose_last(learner, key, part)
    elif "bt-order" in kind:
        field.get_by_role("button").nth(1).click()
        learner.saved(key)
    else:
        learner.type(key, part, "4" if "bt-number" in kind else TEXT)


def choose_last(learner: Learner, key: str, part: str) -> None:
    """Choose the last but one option of several, or the last of two."""
    options = learner.part(key, part).locator("input")
    options.nth(max(0, options.count() - 2)).check()
    learner.saved(key)


def press(learner: Learner, key: str, button: str) -> bool:
    """Press a button if the card has it, and say whether it has."""
    if not learner.card(key).locator(f'button[data-control="{button}"]').count():
        return False
    learner.press(key, button)
    return True


def seen(learner: Learner, keys: list[str]) -> dict[str, Any]:
    """Return what each card holds and says."""
    return {key: learner.card(key).evaluate(SEEN) for key in keys}


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_a_lesson_can_be_done_and_is_there_next_week(
    browser: Browser, page: Page, course: RunningCourse, path: str
) -> None:
    keys = [*ask_keys(read_notebook(material() / path)), *(["taps"] if "day-30" not in path else [])]
    learner = Learner(page, course)
    learner.open(path)
    for key in keys:
        work_through(learner, key)
    page.set_viewport_size({"width": 1280, "height": 2400})  # room for a whole chart at once
    for number, figure in enumerate(page.locator("figure").all()):
        expect(figure.locator("figcaption")).not_to_be_empty()
        keep_picture(figure, f"charts/{path.split('/')[-1].removesuffix('.ipynb')}-{number}")
    done = seen(learner, keys)
    assert all(any(card["given"]) or card["said"] for card in done.values())
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    next_week = Learner(context.new_page(), course)
    next_week.open(path)
    assert seen(next_week, keys) == done
    context.close()
