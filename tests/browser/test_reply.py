"""A learner reads feedback and writes back by keyboard; the trainer reads it beside the reflection and says so."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from course.content import trainer_words, words
from course.records.submission_file import read
from course.trainer.collecting.command import collect
from course.trainer.course_directory import Coursework
from course.trainer.marking.command import grade
from course.trainer.reflections.replies import number_unread
from tests.browser.learner import OPENING, KeyboardLearner
from tests.browser.pictures import keep_picture
from tests.jupyter_server import RunningCourse, open_course
from tests.packing import packed
from tests.trainer.course_directories import release

pytestmark = [pytest.mark.browser, pytest.mark.nbgrader]

SLUG = "two-questions"
EXERCISE = f"exercises/{SLUG}/{SLUG}.ipynb"
REFLECTION = "The Friday data. Night staff may say that I never ask them."
REPLY = "Thank you. <img src=x onerror=window.ran=1> I read “unproven” as a mark on me, not on my plan."


def make_file(learner: KeyboardLearner, folder: Path) -> bytes:
    """Make the hand-in file, and return what the browser saves."""
    learner.use(learner.card("hand-in").locator('button[data-control="make"]'))
    expect(learner.card("hand-in")).to_contain_text("Your hand-in file is ready.")
    link = learner.part("hand-in", "download").locator("a")
    with learner.page.expect_download() as arriving:
        link.click()
    return Path(arriving.value.path()).read_bytes()


def bring_feedback(course: RunningCourse) -> None:
    """Put feedback into the learner's folder, as it comes from a trainer."""
    note = {"format": 1, "feedback": {SLUG: {"handed-in": "2026-02-03 10:11:12.000005 UTC"}}}
    told = f"<!doctype html><html lang=en><title>{SLUG}</title><h1>Well noticed</h1></html>".encode()
    held = packed({"feedback.json": json.dumps(note).encode(), f"{SLUG}.html": told})
    (course.copy / "feedback-synthetic-017.zip").write_bytes(held.getvalue())


def test_a_reply_goes_from_the_exercise_to_the_trainer(
    page: Page,
    course: RunningCourse,
    checkouts: Callable[[], Any],
    tmp_path: Path,
    violations: Callable[..., list[str]],
) -> None:
    learner = KeyboardLearner(page, course)
    learner.open(EXERCISE)
    learner.type("reflection", "text", REFLECTION)
    learner.write("hand-in", "learner", "synthetic-017")
    first = make_file(learner, tmp_path)
    expect(learner.card("reply")).to_have_count(0)

    bring_feedback(course)
    learner.open("notebooks/start.ipynb")
    expect(page.get_by_role("link", name="Read your feedback on exercise 1")).to_be_visible()
    learner.open(EXERCISE)
    expect(learner.card("reply")).to_contain_text("Only your trainer is shown it.")
    learner.type("reply", "text", REPLY)
    expect(learner.card("hand-in")).to_contain_text("What you wrote to your trainer is not in this file")
    for dark in (False, True):
        page.emulate_media(color_scheme="dark" if dark else "light")
        assert violations(page, '[data-card="reply"]') == []
    page.emulate_media(color_scheme="light")
    keep_picture(learner.card("reply"), "reply-card")
    learner.open("notebooks/start.ipynb")
    expect(page.get_by_text(words("start.reply-new"))).to_be_visible()
    learner.open(EXERCISE)
    again = make_file(learner, tmp_path)
    assert json.loads(read(io.BytesIO(again)).contents["answers.json"])["answers"]["reply"] == REPLY

    checkout = checkouts()
    release(checkout, SLUG)
    coursework = Coursework(checkout.root)
    for name, data in (("first.zip", first), ("again.zip", again)):
        (checkout.root / "inbox").mkdir(exist_ok=True)
        (checkout.root / "inbox" / name).write_bytes(data)
    assert collect(coursework, [SLUG], quiet=True).refused == []
    grade(coursework, [SLUG], jobs=1, quiet=True)
    with open_course(checkout.home, command="teach", PYTHONPATH=str(checkout.root)) as desk:
        read_as_trainer(page, desk, violations)
    assert number_unread(coursework) == 0


def read_as_trainer(page: Page, desk: RunningCourse, violations: Callable[..., list[str]]) -> None:
    """Read the reply beside the reflection, and say on the page of replies that it is read."""
    page.goto(desk.start, wait_until="commit")
    page.goto(f"{desk.base}/formgrader/reflections/{SLUG}")
    expect(page.locator("#waiting")).not_to_be_empty(timeout=OPENING)
    beside = page.locator(".by-hand .reply")
    expect(beside).to_contain_text(REPLY)
    expect(beside).to_contain_text(trainer_words("replies.is-new"))
    keep_picture(page, "formgrader-reply")
    assert violations(page) == []
    beside.get_by_role("link", name=trainer_words("replies.all")).press("Enter")
    expect(page.get_by_role("heading", name="1 reply to read")).to_be_visible()
    expect(page.get_by_text(REPLY)).to_be_visible()
    assert "synthetic-017" not in page.locator("main").inner_text()
    keep_picture(page, "formgrader-replies")
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.get_by_role("button", name=trainer_words("replies.mark-read")).press("Enter")
    expect(page.get_by_role("status")).to_have_text(trainer_words("replies.marked"))
    expect(page.get_by_role("heading", name=trainer_words("replies.none"))).to_be_visible()
    assert page.evaluate("window.ran") is None
    page.get_by_role("link", name=trainer_words("replies.open")).click()
    expect(page.locator(".by-hand .reply")).to_contain_text(trainer_words("replies.is-read"))
    page.set_viewport_size({"width": 1280, "height": 900})
