"""Lesson 0 as a learner does it, from first to last card: with the mouse, then with the keyboard alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from course.content.scales import find_scale
from course.core.notebooks import ask_keys, material, read_notebook
from tests.browser.learner import KeyboardLearner, Learner, cells_of, seen
from tests.browser.pictures import keep_picture
from tests.jupyter_server import RunningCourse, open_course

pytestmark = pytest.mark.browser

LESSON = "notebooks/starting-point.ipynb"
RATINGS = dict(zip((item.code for item in find_scale("habits").items), "5463n5747264", strict=True))


def do_lesson(learner: Learner) -> None:
    """Answer every card of lesson 0."""
    learner.type("group", "blank-0", "nurses and porters")
    learner.type("group", "blank-1", "get people home in time")
    learner.choose("how-long", "pick", "B")
    learner.choose("authority", "pick", "C")
    learner.press("authority", "check")
    for code, point in {**RATINGS, "P1": "5", "P2": "4"}.items():
        learner.choose("start", code, point)
    learner.choose("what-follows", "pick", "C")
    learner.press("what-follows", "check")
    learner.choose("what-follows", "pick", "B")
    learner.press("what-follows", "check")
    learner.press("what-follows", "all")
    learner.choose("small-act", "pick", "A")
    learner.press("small-act", "check")
    learner.type("small-plan", "blank-0", "it is Tuesday 8.50")
    learner.type("small-plan", "blank-1", "be at the door to greet people.")
    learner.choose("taps", "useful", "yes")
    learner.choose("taps", "clear", "partly")


def see_all_of_it(learner: Learner) -> None:
    """Find every answer, choice and feedback on the page."""
    page = learner.page
    expect(learner.card("group")).to_contain_text("I bring together nurses and porters to get people home in time.")
    expect(learner.part("how-long", "pick").locator('input[value="B"]')).to_be_checked()
    expect(learner.card("authority")).to_contain_text("Trust is all you have to work with.")
    for code, point in RATINGS.items():
        expect(learner.part("start", code).locator(f'input[value="{point}"]')).to_be_checked()
    expect(learner.card("what-follows")).to_contain_text("We never average the two.")
    expect(learner.card("what-follows")).to_contain_text("That is exactly what the numbers say")
    plan = "If it is Tuesday 8.50, then I will be at the door to greet people."
    expect(learner.card("small-plan")).to_contain_text(plan)
    expect(learner.part("taps", "clear").locator('input[value="partly"]')).to_be_checked()
    expect(page.locator('figure img[alt^="Map of"]')).to_be_visible()


def journal(course: RunningCourse) -> Path:
    """Return the file of lesson 0's page."""
    [page] = course.home.rglob("journal/starting-point.json")
    return page


def test_a_learner_does_lesson_0_with_the_mouse_and_finds_it_again_next_week(
    browser: Browser, page: Page, faults: Callable[[Page], list[str]], tmp_path: Path
) -> None:
    keys = [*ask_keys(read_notebook(material() / LESSON)), "taps"]
    with open_course(tmp_path) as course:
        page.goto(course.start)
        learner = Learner(page, course)
        learner.wait_until_ready()
        page.get_by_role("rowheader").get_by_role("link", name="0. Where you are starting from").click()
        page.wait_for_url("**/starting-point.ipynb*")
        learner.wait_until_ready()
        expect(page.locator(".jp-InputArea-editor:visible")).to_have_count(0)
        assert faults(page) == []
        do_lesson(learner)
        see_all_of_it(learner)
        done = seen(learner, keys)
        keep_picture(page, "lesson-0")
    kept = json.loads(journal(course).read_text(encoding="utf-8"))
    assert kept["answers"]["start"]["COMP7"] == 5
    assert kept["states"]["what-follows"] == "all"
    assert (journal(course).stat().st_mode & 0o777) == 0o600
    copy = json.loads((course.copy / LESSON).read_text(encoding="utf-8"))
    assert not any(cell.get("outputs") for cell in copy["cells"])
    with open_course(tmp_path) as again:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        next_week = Learner(context.new_page(), again)
        next_week.open(LESSON)
        see_all_of_it(next_week)
        assert seen(next_week, keys) == done
        context.close()


@pytest.mark.parametrize("view", ["notebooks", "lab/tree"])
def test_a_learner_does_lesson_0_with_the_keyboard_alone(page: Page, tmp_path: Path, view: str) -> None:
    with open_course(tmp_path, *(["--lab"] if view.startswith("lab") else [])) as course:
        learner = KeyboardLearner(page, course, view)
        learner.open(LESSON)
        before = cells_of(page)
        do_lesson(learner)
        see_all_of_it(learner)
        assert cells_of(page) == before
