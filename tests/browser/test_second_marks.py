"""The page for a second marker in a real browser: marked on with the keyboard, saved as a file, and inert."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from course.trainer.second_marks.booklet import SAVED, booklet_page
from course.trainer.second_marks.command import reflection_questions
from course.trainer.second_marks.filled import check, read_filled
from tests.browser.pictures import keep_picture
from tests.browser.test_feedback import HOSTILE
from tests.paths import ROOT
from tests.trainer.second_marks.written import SLUG, reflection

pytestmark = pytest.mark.browser

ASKED = reflection_questions(ROOT)
ADA, BEN, EVE = (
    reflection("synthetic-001", f"{HOSTILE}\n\nA second line."),
    reflection("synthetic-002", "“Naïve”, said somebody. " * 30),
    reflection("synthetic-003", "In another exercise.", "repair"),
)


@pytest.fixture
def address(tmp_path: Path) -> str:
    path = tmp_path / "to-mark.html"
    path.write_text(booklet_page([ADA, BEN, EVE], ASKED), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_fault_and_no_part_beside_it(
    page: Page, address: str, violations: Callable[..., list[str]], width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(address)
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    targets = page.locator("label:has(input), button, summary, nav a").all()
    assert all(target.bounding_box()["height"] >= 44 for target in targets)  # type: ignore[index]  # it is on the page
    keep_picture(page, f"second-marks-{width}-{scheme}")


def test_what_is_marked_on_it_comes_back_as_a_file(page: Page, address: str, tmp_path: Path) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(address)
    status = page.get_by_role("status")
    expect(status).to_have_text("0 of 3 have a level.")
    first, second, _ = page.get_by_role("article").all()
    assert "A second line." in first.inner_text()
    assert HOSTILE in first.inner_text()
    first.get_by_label("4 Questioning").focus()
    page.keyboard.press("ArrowDown")
    second.get_by_label("Nothing written").check()
    second.get_by_label("Your comment, if you have one").fill("=1+1 “Why?”\nNaïve.")
    expect(status).to_have_text("2 of 3 have a level.")
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="Save my marks").click()
    expect(status).to_have_text(f"2 of 3 have a level. The file {SAVED} is in your downloads.")
    assert downloaded.value.suggested_filename == SAVED
    saved = tmp_path / SAVED
    downloaded.value.save_as(saved)
    rubrics = {key: question.rubric for key, question in ASKED.items()}
    found = check(read_filled(saved.read_bytes()), "KD", [ADA, BEN, EVE], rubrics, ())
    assert found.problems == ()
    assert [(mark.exercise, mark.learner, mark.level, mark.comment) for mark in found.marks] == [
        (SLUG, ADA.learner, 3, ""),
        (SLUG, BEN.learner, 0, "=1+1 “Why?”\nNaïve."),
    ]
    assert page.evaluate("window.ran") is None
    assert said == []
    assert [url for url in requests if not url.startswith(("file:", "blob:"))] == []


def test_leaving_asks_only_while_something_is_not_saved(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(address)
    page.get_by_label("4 Questioning").first.check()
    page.reload()
    assert asked == ["beforeunload"]
    page.get_by_label("3 Reflecting").first.check()
    with page.expect_download():
        page.get_by_role("button", name="Save my marks").click()
    page.reload()
    assert asked == ["beforeunload"]
