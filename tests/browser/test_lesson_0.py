"""Lesson 0 as a learner does it, from first to last card: with the mouse, then with the keyboard alone."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from course.content.scales import find_scale
from course.core.notebooks import ask_keys, material, read_notebook
from tests.browser.learner import KeyboardLearner, Learner
from tests.browser.pictures import keep_picture
from tests.jupyter_server import RunningCourse, open_course

pytestmark = pytest.mark.browser

LESSON = "notebooks/starting-point.ipynb"
RATINGS = dict(zip((item.code for item in find_scale("habits").items), "5463n5747264", strict=True))


def do_lesson(*windows: Learner) -> None:
    """Answer every card of lesson 0, section by section, each in the next of the windows with the lesson."""
    turn = itertools.cycle(windows)
    for section, cards in SECTIONS.items():
        for card in cards:
            learner = next(turn)
            learner.go_to_section(section)
            card(learner)


def describe_group(learner: Learner) -> None:
    learner.type("group", "blank-0", "nurses and porters")
    learner.type("group", "blank-1", "get people home in time")


def choose_how_long(learner: Learner) -> None:
    learner.choose("how-long", "pick", "B")


def choose_authority(learner: Learner) -> None:
    learner.choose("authority", "pick", "C")
    learner.press("authority", "check")


def rate_habits(learner: Learner) -> None:
    for code, point in {**RATINGS, "P1": "5", "P2": "4"}.items():
        learner.choose("start", code, point)


def choose_what_follows(learner: Learner) -> None:
    for option in "CB":
        learner.choose("what-follows", "pick", option)
        learner.press("what-follows", "check")
    learner.press("what-follows", "all")


def choose_small_act(learner: Learner) -> None:
    learner.choose("small-act", "pick", "A")
    learner.press("small-act", "check")


def plan_small_act(learner: Learner) -> None:
    learner.type("small-plan", "blank-0", "it is Tuesday 8.50")
    learner.type("small-plan", "blank-1", "be at the door to greet people.")


def rate_lesson(learner: Learner) -> None:
    learner.choose("taps", "useful", "yes")
    learner.choose("taps", "clear", "partly")


SECTIONS: dict[str, list[Callable[[Learner], None]]] = {
    "Choose your group": [describe_group, choose_how_long, choose_authority],
    "Your habit check": [rate_habits],
    "What can a rating tell you?": [choose_what_follows],
    "One small act": [choose_small_act, plan_small_act],
    "Before you go": [rate_lesson],
}


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
    browser: Browser, page: Page, violations: Callable[..., list[str]], tmp_path: Path
) -> None:
    keys = [*ask_keys(read_notebook(material() / LESSON)), "taps"]
    with open_course(tmp_path) as course:
        page.goto(course.start)
        learner = Learner(page, course)
        learner.wait_until_ready()
        page.get_by_role("rowheader").get_by_role("link", name="0. Where you are starting from").click()
        page.wait_for_url("**/starting-point.ipynb*")
        learner.wait_until_ready()
        assert violations(page) == []
        shipped = (course.copy / LESSON).read_bytes()
        do_lesson(learner)
        see_all_of_it(learner)
        done = learner.seen(keys)
        keep_picture(page, "lesson-0")
    kept = json.loads(journal(course).read_text(encoding="utf-8"))
    assert kept["answers"]["start"]["COMP7"] == 5
    assert kept["states"]["what-follows"] == "all"
    assert (journal(course).stat().st_mode & 0o777) == 0o600
    assert (course.copy / LESSON).read_bytes() == shipped
    with open_course(tmp_path) as again:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        next_week = Learner(context.new_page(), again)
        next_week.open(LESSON)
        see_all_of_it(next_week)
        assert next_week.seen(keys) == done
        context.close()


def test_a_learner_does_lesson_0_with_the_keyboard_alone_in_two_windows(page: Page, course: RunningCourse) -> None:
    """Each activity is reached by the list of sections, and done in the window that did not do the one before."""
    windows = [KeyboardLearner(each, course) for each in (page, page.context.new_page())]
    for learner in windows:
        learner.open(LESSON)
    do_lesson(*windows)
    for learner in windows:
        learner.open(LESSON)
        see_all_of_it(learner)
