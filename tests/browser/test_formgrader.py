"""A trainer marks a reflection in the formgrader, and the learner sees marks and comment on the feedback page."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.faults import allowed
from tests.browser.pictures import keep_picture
from tests.exercise_keys import partly, right, wrong
from tests.jupyter_server import RunningCourse, open_course

pytestmark = [pytest.mark.browser, pytest.mark.nbgrader]

SLUG = "two-questions"
PEOPLE = ("ada", "ben", "cleo")
PROMPT = "Place yourself on the map for one task that your group depends on."
REFLECTION = "For the Friday data: my notes are out by noon. Night staff may say that I never ask them."
LATER = "Night staff told me that I never ask them. I will ask one of them on Monday."
READY = "The act you name fits. Now give it a day and a place, so that you will know whether you did it."
COMMENT = "The sign you will watch for is loose. <img src=x onerror=window.ran=1> Could it prove you wrong?"


def hand_in(checkout: Any, person: str, reflection: str) -> None:
    """Put a hand-in where nbgrader's collect puts it."""
    folder = checkout.root / "submitted" / person / SLUG
    shutil.copytree(checkout.root / "exercises" / SLUG, folder, dirs_exist_ok=True)
    given = {"q1": partly(SLUG, "q1", 3), "q2": right(SLUG, "q2"), "q3": wrong(SLUG, "q3"), "reflection": reflection}
    whole = {"format": 2, "exercise": SLUG, "version": 2, "answers": given}
    (folder / "answers.json").write_text(json.dumps(whole), encoding="utf-8")


@pytest.fixture(scope="module")
def marked(checkouts: Callable[[], Any]) -> Any:
    """A checkout in which hand-ins are marked as far as the course does it."""
    checkout = checkouts()
    checkout.run(f"nbgrader generate_assignment {SLUG} --force")
    for person in PEOPLE:
        hand_in(checkout, person, REFLECTION)
    checkout.run(f"python -m course grade {SLUG}")
    return checkout


@pytest.fixture(scope="module")
def desk(marked: Any) -> Iterator[RunningCourse]:
    """The trainer's server on that checkout."""
    with open_course(marked.home, command="teach", PYTHONPATH=str(marked.root)) as course:
        yield course


@pytest.fixture
def feedback_only(marked: Any) -> Iterator[None]:
    """A course in which learners get words and no marks."""
    (marked.root / "cohort.toml").write_text("marks = false\n", encoding="utf-8")
    yield
    (marked.root / "cohort.toml").unlink()


def sign_in(page: Page, desk: RunningCourse) -> None:
    """Open the trainer's start page: it leaves the cookie that the formgrader's own requests need."""
    page.goto(desk.start, wait_until="commit")


def open_submission(page: Page, desk: RunningCourse, checkout: Any, person: str, query: str = "") -> None:
    with checkout.gradebook() as gradebook:
        submission = gradebook.find_submission_notebook(SLUG, SLUG, person).id
    sign_in(page, desk)
    page.goto(f"{desk.base}/formgrader/submissions/{submission}/{query}")
    expect(page.locator(".by-hand .state")).not_to_be_empty(timeout=30_000)


def saving(page: Page, what: str, act: Callable[[], None]) -> None:
    """Do something, and wait until nbgrader has saved it."""
    with page.expect_response(
        lambda reply: f"/formgrader/api/{what}/" in reply.url and reply.request.method == "PUT"
    ) as saved:
        act()
    assert saved.value.ok


def given(checkout: Any, person: str) -> tuple[float | None, str | None, bool]:
    """Return marks and comment for the reflection, and whether it waits for a person."""
    with checkout.gradebook() as gradebook:
        where = ("reflection-marks", SLUG, SLUG, person)
        grade = gradebook.find_grade(*where)
        return grade.manual_score, gradebook.find_comment(*where).manual_comment, grade.needs_manual_grade


def feedback_page(checkout: Any, person: str) -> str:
    checkout.run(f"nbgrader generate_feedback {SLUG} --student {person} --force")
    return (checkout.root / "feedback" / person / SLUG / f"{SLUG}.html").as_uri()


def test_the_trainer_finds_the_hand_ins_in_the_formgrader(page: Page, desk: RunningCourse) -> None:
    sign_in(page, desk)
    page.goto(f"{desk.base}/formgrader/gradebook/{SLUG}/{SLUG}")
    expect(page.get_by_role("link", name="Submission #")).to_have_count(3, timeout=30_000)


def test_level_and_comment_go_from_the_formgrader_to_the_learner(
    page: Page, desk: RunningCourse, marked: Any, violations: Callable[..., list[str]]
) -> None:
    open_submission(page, desk, marked, "ada")
    assert [title.inner_text() for title in page.locator("h2").all()] == [
        "Question 1",
        "Question 2",
        "Question 3",
        "Reflection",
    ]
    for words in (PROMPT, REFLECTION, "Question 1: 3 of 4 marks.", "reasons why the group may see it differently"):
        expect(page.get_by_text(words).first).to_be_visible()
    expect(page.get_by_label("Marks, of 2").first).to_have_attribute("placeholder", "2")
    expect(page.get_by_text("Waits for you.")).to_be_visible()

    saving(page, "grade", page.get_by_role("button", name="3 Reflecting: 9 marks").click)
    saving(page, "comment", page.get_by_role("button", name=READY).click)
    expect(page.get_by_text("Read and marked.")).to_be_visible()
    assert given(marked, "ada") == (9, READY, False)

    box = page.get_by_label("Your comment to the learner")
    box.fill(COMMENT)
    saving(page, "comment", lambda: box.press("Tab"))
    assert given(marked, "ada") == (9, COMMENT, False)
    keep_picture(page, "formgrader")
    assert violations(page) == []

    page.goto(feedback_page(marked, "ada"))
    expect(page.get_by_text("14 of 20 marks in all.")).to_be_visible()
    for words in (REFLECTION, "The sign you will watch for is loose."):
        expect(page.get_by_text(words).first).to_be_visible()
    assert page.evaluate("window.ran") is None
    keep_picture(page, "feedback")
    assert [fault for fault in violations(page) if fault.partition(":")[0] not in allowed("feedback")] == []


def test_code_is_hidden_until_it_is_asked_for_and_the_browser_remembers(
    page: Page, desk: RunningCourse, marked: Any
) -> None:
    code = page.get_by_text("mark.choice(").first
    open_submission(page, desk, marked, "ben")
    expect(code).to_be_hidden()
    page.get_by_role("button", name="Show the code").press("Enter")
    expect(code).to_be_visible()
    open_submission(page, desk, marked, "cleo")
    expect(code).to_be_visible()
    page.get_by_role("button", name="Show the code").press("Space")
    expect(code).to_be_hidden()
    open_submission(page, desk, marked, "ben", "?code=1")
    expect(code).to_be_visible()


def test_names_are_hidden_until_they_are_asked_for(page: Page, desk: RunningCourse, marked: Any) -> None:
    open_submission(page, desk, marked, "ben")
    expect(page.locator("#name")).to_be_hidden()
    page.get_by_role("button", name="Show the name").click()
    expect(page.locator("#name")).to_have_text("ben")


def test_a_hand_in_is_marked_with_the_keyboard_alone(page: Page, desk: RunningCourse, marked: Any) -> None:
    open_submission(page, desk, marked, "ben")
    expect(page.get_by_role("heading", name="Reflection")).to_be_focused()
    reached: list[str] = []

    def go(key: str, target: str) -> None:
        while target not in reached and len(reached) < 80:
            page.keyboard.press(key)
            reached.append(page.evaluate("document.activeElement.textContent.trim()"))

    go("Shift+Tab", "Skip to the answers")
    go("Tab", "2 Understanding: 6 marks")
    assert {"Skip to the answers", "Next →", "Show the code", "Open the notebook"} <= set(reached)
    assert {"Next that waits →", "Read the answers to the questions, above"} <= set(reached)
    saving(page, "grade", lambda: page.keyboard.press("Enter"))
    assert given(marked, "ben")[0] == 6


def test_guide_and_text_are_beside_each_other_or_below_where_there_is_no_room(
    page: Page, desk: RunningCourse, marked: Any
) -> None:
    open_submission(page, desk, marked, "ben")

    def boxes() -> tuple[Any, Any]:
        return page.locator(".by-hand .answer").bounding_box(), page.locator(".by-hand .guide").bounding_box()

    answer, guide = boxes()
    assert guide["x"] >= answer["x"] + answer["width"]
    page.set_viewport_size({"width": 320, "height": 640})
    answer, guide = boxes()
    assert guide["y"] >= answer["y"] + answer["height"]
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    keep_picture(page, "formgrader-narrow")


def test_a_course_of_feedback_only_shows_no_marks_and_a_level_says_that_it_was_read(
    page: Page, desk: RunningCourse, marked: Any, feedback_only: None, violations: Callable[..., list[str]]
) -> None:
    open_submission(page, desk, marked, "cleo")
    assert page.locator("input:visible").count() == 0
    assert "marks" not in page.locator("main").inner_text()
    expect(page.get_by_text("The early word and the new date do show reliability").first).to_be_visible()
    saving(page, "grade", page.get_by_role("button", name="4 Questioning", exact=True).click)
    expect(page.get_by_text("Read.", exact=True)).to_be_visible()
    assert given(marked, "cleo") == (12, None, False)
    keep_picture(page, "formgrader-feedback-only")
    assert violations(page) == []


def test_marks_and_comment_are_kept_after_a_new_hand_in_and_the_page_says_what_changed(
    page: Page, desk: RunningCourse, marked: Any
) -> None:
    with marked.gradebook() as gradebook:
        grade = gradebook.find_grade("reflection-marks", SLUG, SLUG, "ben")
        grade.manual_score, grade.needs_manual_grade = 6, True
        gradebook.find_comment("reflection-marks", SLUG, SLUG, "ben").manual_comment = COMMENT
        gradebook.db.commit()
    hand_in(marked, "ben", LATER)
    marked.run(f"python -m course grade {SLUG}")
    assert given(marked, "ben") == (6, COMMENT, True)
    open_submission(page, desk, marked, "ben")
    expect(page.locator(".notice").first).to_contain_text("reflection")
    expect(page.get_by_text(LATER)).to_be_visible()
    expect(page.get_by_role("button", name="2 Understanding: 6 marks")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("Waits for you.")).to_be_visible()
    saving(page, "grade", page.get_by_role("button", name="Keep these marks").last.click)
    assert given(marked, "ben") == (6, COMMENT, False)


def test_a_mistake_in_what_the_trainer_sets_is_shown_on_the_page(page: Page, desk: RunningCourse, marked: Any) -> None:
    (marked.root / "comments.toml").write_text('[02-nothing]\n4 = ["x"]\n', encoding="utf-8")
    open_submission(page, desk, marked, "ben")
    expect(page.get_by_text("comments.toml: there is no exercise “02-nothing”.")).to_be_visible()
    (marked.root / "comments.toml").unlink()


def test_a_cohorts_own_levels_and_comments_are_those_that_can_be_pressed(
    page: Page, desk: RunningCourse, marked: Any, violations: Callable[..., list[str]]
) -> None:
    own = """
    [[reflection.levels]]
    name = "<i>Convincing"
    share = 100
    description = "You show what happened."
    [[reflection.levels]]
    name = "On the way"
    share = 40
    comments = ["One more step."]
    [reflection.two-questions]
    comments = ["We go on with this on Thursday."]
    """
    (marked.root / "cohort.toml").write_text(own, encoding="utf-8")
    open_submission(page, desk, marked, "ben")
    (marked.root / "cohort.toml").unlink()
    levels = page.locator(".levels button")
    assert levels.all_inner_texts() == ["<i>Convincing: 12 marks", "On the way: 5 marks"]
    saving(page, "grade", levels.last.click)
    saving(page, "comment", page.get_by_role("button", name="One more step.").click)
    saving(page, "comment", page.get_by_role("button", name="We go on with this on Thursday.").click)
    expect(levels.last).to_have_attribute("aria-pressed", "true")
    assert given(marked, "ben") == (5, f"{COMMENT}\n\nOne more step.\n\nWe go on with this on Thursday.", False)
    keep_picture(page, "formgrader-own-levels")
    assert violations(page) == []


def test_a_trainer_goes_from_one_reflection_that_waits_to_the_next_and_then_to_feedback(
    page: Page, desk: RunningCourse, marked: Any, violations: Callable[..., list[str]]
) -> None:
    with marked.gradebook() as gradebook:
        for person in PEOPLE:
            grade = gradebook.find_grade("reflection-marks", SLUG, SLUG, person)
            grade.manual_score, grade.needs_manual_grade = None, True
        gradebook.db.commit()
    sign_in(page, desk)
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{desk.base}/formgrader/reflections/{SLUG}")
    count, heading = page.locator("#waiting"), page.get_by_role("heading", name="Reflection")
    expect(count).to_have_text("3 of 3 reflections wait to be read.")
    expect(heading).to_be_focused()
    assert 0 <= page.evaluate("document.activeElement.getBoundingClientRect().top") < 60
    page.get_by_text("Does this text worry you?").click()
    expect(page.get_by_text("Someone may be at risk.", exact=False)).to_be_visible()
    keep_picture(page, "formgrader-opened")
    assert violations(page) == []
    first = page.url

    saving(page, "grade", page.get_by_role("button", name="3 Reflecting: 9 marks").click)
    expect(count).to_have_text("2 of 3 reflections wait to be read.")
    page.get_by_role("link", name="Next that waits →").first.click()
    page.wait_for_url(lambda address: address != first)
    expect(heading).to_be_focused()
    second = page.url
    page.get_by_role("link", name="Next that waits →").first.click()  # this one may wait a little longer
    page.wait_for_url(lambda address: address not in (first, second))
    expect(heading).to_be_focused()
    page.get_by_role("button", name="1 Describing: 3 marks").click()
    page.get_by_label("Your comment to the learner").fill("Typed, and not yet saved.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(second)
    expect(count).to_have_text("Of 3 reflections, only this one still waits to be read.")
    page.get_by_role("button", name="4 Questioning: 12 marks").click()
    page.get_by_role("link", name="Next that waits →").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("All read: 1. Two questions people ask about you")
    expect(page.get_by_role("link", name="Open the page for trainers")).to_have_attribute(
        "href", re.compile(r"/lab/tree/notebooks/for-trainers\.ipynb$")
    )
    keep_picture(page, "formgrader-all-read")
    assert violations(page) == []
    assert sorted(given(marked, person)[0] or 0 for person in PEOPLE) == [3, 9, 12]
    assert "Typed, and not yet saved." in [given(marked, person)[1] for person in PEOPLE]
    assert page.goto(f"{desk.base}/formgrader/reflections/nothing").status == 404


def test_blank_reflections_are_marked_together_with_the_keyboard_alone(
    page: Page, desk: RunningCourse, marked: Any, violations: Callable[..., list[str]]
) -> None:
    for person in ("dora", "<b>eve"):
        hand_in(marked, person, "")
    hand_in(marked, "finn", REFLECTION)
    marked.run(f"python -m course grade {SLUG}")
    open_submission(page, desk, marked, "finn")
    expect(page.locator("#waiting")).not_to_be_empty()
    expect(page.locator("#blank")).to_be_hidden()
    open_submission(page, desk, marked, "dora")
    link = page.get_by_role("link", name="Mark all blank reflections of this exercise together")
    link.press("Enter")
    expect(page.get_by_text("2 reflections that wait are blank.", exact=False)).to_be_visible()
    address = page.url
    assert page.request.post(address, form={"learner": "finn", "marks": "0"}).status == 403
    page.get_by_text("Show whose they are").press("Enter")
    expect(page.get_by_text("<b>eve")).to_be_visible()
    expect(page.get_by_role("radio", name="Nothing written: 0 marks")).to_be_checked()
    page.get_by_role("radio", name="Nothing written: 0 marks").press("ArrowDown")
    page.get_by_label("The comment that each of them gets").fill("Write it when you are ready.")
    keep_picture(page, "formgrader-blank")
    assert violations(page) == []

    hand_in(marked, "dora", REFLECTION)  # while the trainer looks at the page
    page.get_by_role("button", name="Mark them together").press("Enter")
    expect(page.get_by_role("status").first).to_have_text("1 reflection is marked.")
    expect(page.get_by_role("status").last).to_contain_text("Nothing was changed for 1 of them")
    assert given(marked, "<b>eve") == (3, "Write it when you are ready.", False)
    for person in ("dora", "finn"):
        assert given(marked, person) == (None, None, True)
    keep_picture(page, "formgrader-blank-marked")
    assert violations(page) == []
