"""A hand-in file made and taken away in the browser, with the keyboard alone; then its feedback on the start page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from course.records.submission_file import read
from tests.browser.learner import OPENING, KeyboardLearner
from tests.exercise_keys import TRIES, right
from tests.jupyter_server import RunningCourse
from tests.packing import packed

pytestmark = pytest.mark.browser

CARD = "hand-in"


def test_the_keyboard_alone_makes_the_file_and_takes_it_away(
    page: Page,
    course: RunningCourse,
    violations: Callable[..., list[str]],
    tmp_path: Path,
) -> None:
    slug = "two-questions"
    asked = [key for key in TRIES[slug] if isinstance(right(slug, key), str)][-1]
    learner = KeyboardLearner(page, course)
    learner.open(f"exercises/{slug}/{slug}.ipynb")
    learner.choose(asked, "pick", right(slug, asked))
    learner.write(CARD, "learner", "synthetic-017")
    learner.use(learner.card(CARD).locator('button[data-control="make"]'))
    expect(learner.card(CARD)).to_contain_text("No answer yet: Question 1")
    assert page.evaluate("document.activeElement.dataset.control") == "make", "the focus stays on the button"
    link = learner.part(CARD, "download").locator("a")
    assert violations(page, f'[data-card="{CARD}"]') == []
    box = link.bounding_box()
    assert box
    assert box["height"] >= 44
    learner.go_to(link)
    with page.expect_download() as arriving:
        page.keyboard.press("Enter")
    arriving.value.save_as(tmp_path / "arrived.zip")
    assert arriving.value.suggested_filename == f"hand-in-{slug}.zip"
    found = read(tmp_path / "arrived.zip")
    assert (found.exercise, found.learner) == (slug, "synthetic-017")
    assert json.loads(found.contents["answers.json"])["answers"] == {asked: right(slug, asked)}


def test_feedback_that_came_as_a_file_is_read_from_the_start_page(
    page: Page, course: RunningCourse, violations: Callable[..., list[str]]
) -> None:
    slug = "thanks"
    note = {"format": 1, "feedback": {slug: {"handed-in": "2026-02-03 10:11:12.000005 UTC"}}}
    told = f"<!doctype html><html lang=en><title>{slug}</title><h1>Well noticed</h1></html>".encode()
    held = packed({"feedback.json": json.dumps(note).encode(), f"{slug}.html": told})
    (course.copy / "feedback-synthetic-017.zip").write_bytes(held.getvalue())
    learner = KeyboardLearner(page, course)
    learner.open("notebooks/start.ipynb")
    assert violations(page, ".course-lessons") == []
    link = page.get_by_role("link", name="Read your feedback on exercise 6")
    learner.go_to(link)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Well noticed")).to_be_visible(timeout=OPENING)
