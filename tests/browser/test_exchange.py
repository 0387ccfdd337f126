"""The buttons of an exercise and of the start page that go through nbgrader's exchange, by keyboard alone."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from course.content import words
from course.core.settings import COURSE_ID
from tests.browser.learner import OPENING, KeyboardLearner
from tests.exercise_keys import right
from tests.jupyter_server import RunningCourse, open_course

pytestmark = [pytest.mark.browser, pytest.mark.nbgrader]

SLUG = "two-questions"
EXERCISE = f"exercises/{SLUG}/{SLUG}.ipynb"
NOT_RELEASED = "repair"
OF_THE_TRAINERS_OWN = "our-own"
START = "notebooks/start.ipynb"


@pytest.fixture(scope="module")
def exchange(checkouts: Callable[[], Any]) -> Path:
    """Return an exchange in which a trainer has released one exercise of the course and one of their own."""
    checkout = checkouts()
    (checkout.root / "exchange").mkdir()
    checkout.run(f"nbgrader generate_assignment {SLUG} --force && nbgrader release_assignment {SLUG}")
    outbound = checkout.root / "exchange" / COURSE_ID / "outbound"
    shutil.copytree(outbound / SLUG, outbound / OF_THE_TRAINERS_OWN)
    (outbound / OF_THE_TRAINERS_OWN / f"{SLUG}.ipynb").rename(
        outbound / OF_THE_TRAINERS_OWN / f"{OF_THE_TRAINERS_OWN}.ipynb"
    )
    (outbound / f"01-{SLUG}").mkdir()  # a cohort of version 0.1.0 has both names
    return checkout.root / "exchange"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, exchange: Path) -> Iterator[RunningCourse]:
    with open_course(tmp_path_factory.mktemp("home"), BUILDING_TRUST_EXCHANGE=str(exchange)) as running:
        yield running


@pytest.fixture
def learner(tab: Page, course: RunningCourse) -> KeyboardLearner:
    return KeyboardLearner(tab, course, "read")


def sign_in(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<!doctype html><title>Sign in</title>")


def press(learner: KeyboardLearner, name: str, said: str) -> None:
    """Go to a button, press it, and wait for what is said above the page."""
    button = learner.page.get_by_role("button", name=name, exact=True)
    learner.go_to(button)
    learner.page.keyboard.press("Enter")
    expect(learner.page.locator("#frame-notices")).to_contain_text(said, timeout=OPENING)


def test_what_is_missing_is_told_and_what_is_handed_in_arrives(
    learner: KeyboardLearner, exchange: Path, violations: Callable[..., list[str]]
) -> None:
    page = learner.page
    learner.open(EXERCISE)
    learner.choose("q2", "pick", right(SLUG, "q2"))
    press(learner, words("frame.check"), words("mark.no-answer-yet", question="Question 1"))
    told = page.locator("#frame-notices").inner_text()
    assert words("mark.no-answer-yet", question="Question 2") not in told
    assert "right" not in told
    press(learner, words("frame.hand-in"), words("frame.handed-in"))
    assert violations(page, "main") == []
    [handed_in] = (exchange / COURSE_ID / "inbound").iterdir()
    answers = json.loads((handed_in / "answers.json").read_text(encoding="utf-8"))
    assert answers["answers"] == {"q2": right(SLUG, "q2")}
    press(learner, words("frame.feedback"), words("frame.feedback-not-there"))


def test_a_page_that_does_not_run_is_not_said_to_be_complete(learner: KeyboardLearner, course: RunningCourse) -> None:
    """The page is open when its notebook is damaged, as by another program."""
    learner.open(EXERCISE)
    path = course.copy / EXERCISE
    shipped = path.read_text(encoding="utf-8")
    notebook = json.loads(shipped)
    marked = next(cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("locked"))
    marked["source"] += "\n1 / 0"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    try:
        press(learner, words("frame.check"), words("missing.other-page"))
    finally:
        path.write_text(shipped, encoding="utf-8")


def test_where_a_hub_asks_to_sign_in_again_nothing_was_checked_and_the_button_goes_on(learner: KeyboardLearner) -> None:
    page = learner.page
    learner.open(EXERCISE)
    page.route("**/read-api/check", sign_in)
    press(learner, words("frame.check"), words("frame.not-checked"))
    page.unroute("**/read-api/check")
    press(learner, words("frame.check"), words("mark.no-answer-yet", question="Question 1"))


def test_an_exercise_that_was_not_released_is_not_handed_in(learner: KeyboardLearner) -> None:
    learner.open(f"exercises/{NOT_RELEASED}/{NOT_RELEASED}.ipynb")
    press(learner, words("frame.hand-in"), words("frame.not-released"))


def test_what_a_trainer_released_is_fetched_from_the_start_page(
    learner: KeyboardLearner, course: RunningCourse, violations: Callable[..., list[str]]
) -> None:
    page = learner.page
    learner.open(START)
    listed = page.get_by_role("region", name=words("frame.released"))
    expect(listed.get_by_role("listitem")).to_have_count(1)
    assert violations(page, ".frame-released") == []
    press(learner, f"{words('frame.fetch')}: {OF_THE_TRAINERS_OWN}", words("frame.fetched"))
    link = listed.get_by_role("link", name=OF_THE_TRAINERS_OWN)
    expect(link).to_be_focused()
    assert (course.copy / "exercises" / OF_THE_TRAINERS_OWN / f"{OF_THE_TRAINERS_OWN}.ipynb").is_file()
    learner.open(START)
    page.wait_for_load_state("networkidle")
    expect(listed).to_have_count(0)


def test_an_exchange_that_cannot_be_used_is_told(learner: KeyboardLearner, exchange: Path) -> None:
    """First nobody may write what is handed in, then the whole folder is away."""
    learner.open(EXERCISE)
    inbound = exchange / COURSE_ID / "inbound"
    aside = exchange.with_name("aside")
    mode = inbound.stat().st_mode
    if os.geteuid():
        inbound.chmod(stat.S_IRUSR | stat.S_IXUSR)
        press(learner, words("frame.hand-in"), words("frame.not-handed-in"))
        inbound.chmod(mode)
    else:  # who may do everything is stopped by a file in the folder's place
        inbound.rename(aside)
        inbound.write_text("")
        press(learner, words("frame.hand-in"), words("frame.not-handed-in"))
        inbound.unlink()
        aside.rename(inbound)
    exchange.rename(aside)
    try:
        press(learner, words("frame.hand-in"), words("frame.no-exchange"))
        press(learner, words("frame.feedback"), words("frame.no-exchange"))
    finally:
        aside.rename(exchange)
