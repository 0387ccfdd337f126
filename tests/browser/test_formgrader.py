"""A trainer marks a reflection in the formgrader, and the learner sees marks and comment on the feedback page."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Page, expect

from tests.browser.faults import allowed
from tests.browser.pictures import keep_picture
from tests.jupyter_server import RunningCourse, open_course

pytestmark = [pytest.mark.browser, pytest.mark.nbgrader]

SLUG = "01-two-questions"
PROMPT = "Place yourself on the map for one task your group depends on."
REFLECTION = "For the Friday data: my notes are out by noon. Night staff may say that I never ask them."
HOSTILE = "\n".join(
    [
        "<img src=x onerror=window.ran=1> <script>window.ran=1</script>",
        "</dd></dl></div><svg onload=window.ran=1>",
        "\r\r[press](javascript:window.ran=1) <a href='javascript:window.ran=1'>press</a>",
        "a\u2028\u2028<script>window.ran=1</script>",
        "<iframe srcdoc='<script>parent.ran=1</script>'></iframe> $\\href{javascript:window.ran=1}{press}$",
    ]
)
COMMENT = "The sign you will watch for is loose. <img src=x onerror=window.ran=1> Could it prove you wrong?"


def hand_in(checkout: Any, person: str, reflection: str, *cells: Any) -> None:
    """Put a hand-in where nbgrader's collect puts it."""
    folder = checkout.root / "submitted" / person / SLUG
    shutil.copytree(checkout.root / "exercises" / SLUG, folder)
    given = {"q1": ["C", "K", "C", "C"], "q2": "D", "q3": "B", "reflection": reflection}
    whole = {"format": 1, "exercise": SLUG, "answers": given}
    (folder / "answers.json").write_text(json.dumps(whole), encoding="utf-8")
    notebook = nbformat.read(folder / f"{SLUG}.ipynb", as_version=4)
    notebook.cells.extend(cells)
    nbformat.write(notebook, folder / f"{SLUG}.ipynb")


@pytest.fixture(scope="module")
def marked(checkouts: Callable[[], Any]) -> Any:
    """A checkout in which a learner's and an attacker's hand-in are marked as far as nbgrader does it."""
    checkout = checkouts()
    checkout.run(f"nbgrader generate_assignment {SLUG} --force")
    hand_in(checkout, "ada", REFLECTION)
    hand_in(checkout, "eve", HOSTILE, nbformat.v4.new_markdown_cell(HOSTILE.replace("\r", "\n")))
    checkout.run(f"nbgrader autograde {SLUG}")
    return checkout


@pytest.fixture(scope="module")
def desk(marked: Any) -> Iterator[RunningCourse]:
    """The trainer's server on that checkout."""
    with open_course(marked.home, command="teach", PYTHONPATH=str(marked.root)) as course:
        yield course


def sign_in(page: Page, desk: RunningCourse) -> None:
    """Open the trainer's start page: it leaves the cookie that the formgrader's own requests need."""
    page.goto(desk.start, wait_until="commit")


def open_submission(page: Page, desk: RunningCourse, checkout: Any, person: str) -> None:
    with checkout.gradebook() as gradebook:
        submission = gradebook.find_submission_notebook(SLUG, SLUG, person).id
    sign_in(page, desk)
    page.goto(f"{desk.base}/formgrader/submissions/{submission}/")
    expect(page.locator("#reflection-marks")).to_be_visible(timeout=30_000)


def give(page: Page, field: str, value: str, saved_at: str) -> None:
    """Fill a field of the formgrader as a trainer does, and wait until nbgrader has saved it."""
    with page.expect_response(lambda reply: saved_at in reply.url and reply.request.method == "PUT") as saved:
        page.locator(field).fill(value)
        page.locator(field).press("Tab")
    assert saved.value.ok


def feedback_page(checkout: Any, person: str) -> str:
    checkout.run(f"nbgrader generate_feedback {SLUG} --student {person} --force")
    return (checkout.root / "feedback" / person / SLUG / f"{SLUG}.html").as_uri()


def nothing_ran(page: Page) -> bool:
    """Press whatever can be pressed of the hostile text, and say whether all of it stayed text."""
    for link in page.get_by_role("link", name="press").all():
        link.click()
    return page.evaluate("window.ran") is None


def test_the_trainer_finds_both_hand_ins_in_the_formgrader(page: Page, desk: RunningCourse) -> None:
    sign_in(page, desk)
    page.goto(f"{desk.base}/formgrader/gradebook/{SLUG}/{SLUG}")
    expect(page.get_by_role("link", name="Submission #")).to_have_count(2, timeout=30_000)


def test_marks_and_comment_go_from_the_formgrader_to_the_learner(
    page: Page, desk: RunningCourse, marked: Any, violations: Callable[..., list[str]]
) -> None:
    open_submission(page, desk, marked, "ada")
    for words in (PROMPT, REFLECTION, "4 Questioning", "1 Describing", "Question 1: 3 of 4 marks."):
        expect(page.get_by_text(words).first).to_be_visible()
    expect(page.locator(".tabbable:focus")).to_have_count(1)
    expect(page.locator("#q2-mark")).to_have_attribute("placeholder", "2")
    assert page.get_by_text("mark.choice").count() == 0, "trainers need no code"

    give(page, "#reflection-marks", "9", "/formgrader/api/grade/")
    give(page, "#reflection-marks-comment", COMMENT, "/formgrader/api/comment/")
    keep_picture(page, "formgrader")
    with marked.gradebook() as gradebook:
        assert gradebook.find_grade("reflection-marks", SLUG, SLUG, "ada").manual_score == 9
        assert gradebook.find_comment("reflection-marks", SLUG, SLUG, "ada").manual_comment == COMMENT
        assert not gradebook.find_submission_notebook(SLUG, SLUG, "ada").needs_manual_grade

    page.goto(feedback_page(marked, "ada"))
    expect(page.get_by_text("(Score: 14.0 / 20.0)")).to_be_visible()
    for words in ("Question 3: 0 of 2 marks.", REFLECTION, "The sign you will watch for is loose."):
        expect(page.get_by_text(words).first).to_be_visible()
    assert nothing_ran(page)
    keep_picture(page, "feedback")
    assert [fault for fault in violations(page) if fault.partition(":")[0] not in allowed("feedback")] == []


def test_a_hostile_reflection_stays_text_for_the_trainer(page: Page, desk: RunningCourse, marked: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_submission(page, desk, marked, "eve")
    expect(page.get_by_text("<img src=x onerror=window.ran=1>").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert nothing_ran(page)
    assert [address for address in asked if not address.startswith((desk.base, "data:"))] == []


def test_a_hostile_reflection_stays_text_on_the_feedback_page(page: Page, marked: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    address = feedback_page(marked, "eve")
    page.goto(address)
    expect(page.get_by_text("<img src=x onerror=window.ran=1>").first).to_be_visible()
    assert nothing_ran(page)
    assert asked == [address]
