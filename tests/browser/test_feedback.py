"""The feedback page in a real browser: read by anyone, at any width, and inert."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from course.trainer.feedback.marks import FeedbackOptions
from tests.browser.pictures import keep_picture
from tests.trainer.feedback import test_page as made

pytestmark = pytest.mark.browser

HOSTILE = (
    "<script>window.ran=1</script><img src=x onerror=window.ran=1><svg onload=window.ran=1></svg>"
    "<style>body{background:url(https://other.test/x)}</style><a href='javascript:window.ran=1'>press</a>"
)


@pytest.fixture
def address(tmp_path: Path) -> str:
    """The page of a learner with marks, a level, a comment and a cell of their own."""
    path = tmp_path / "page.html"
    path.write_text(
        made.written(made.page(None, FeedbackOptions(), made.added("x = 1  # " + "long " * 60))), encoding="utf-8"
    )
    return path.as_uri()


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_fault_and_no_part_beside_it(
    page: Page, address: str, violations: Callable[..., list[str]], width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(address)
    expect(page.get_by_role("heading", name="Reflection")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    keep_picture(page, f"feedback-{width}-{scheme}")


def test_each_row_has_a_sign_that_is_no_colour_and_that_is_not_read_out(page: Page, address: str) -> None:
    page.goto(address)
    signs = [
        page.locator(f"li.course-{verdict}").evaluate("row => getComputedStyle(row, '::before').content")
        for verdict in ("right", "wrong")
    ]
    assert signs == ['"✓" / ""', '"✗" / ""']
    expect(page.locator(".course-mark:empty").first).to_be_hidden()


def test_the_list_of_contents_is_used_with_the_keyboard_and_has_room_for_a_thumb(page: Page, address: str) -> None:
    page.goto(address)
    links = page.get_by_role("navigation").get_by_role("link")
    assert all(link.bounding_box()["height"] >= 44 for link in links.all())  # type: ignore[index]  # it is on the page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}#q1-mark")
    assert page.evaluate("document.querySelector(':target').textContent") == "Question 1"


def test_on_paper_it_is_black_on_white_and_as_wide_as_a4(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 660, "height": 900})  # A4 between its margins
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(address)
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    ground = page.locator("li.course-right").evaluate("row => getComputedStyle(row).backgroundColor.match(/[0-9]+/g)")
    assert min(map(int, ground)) > 220, "a light green under black words"
    assert page.evaluate("document.documentElement.scrollWidth") <= 660
    keep_picture(page, "feedback-print")


def test_nothing_that_gets_into_it_runs_or_asks_another_host(page: Page, tmp_path: Path) -> None:
    hostile = tmp_path / "page.html"
    text = made.written(made.page())
    hostile.write_text(text.replace("Ask of each.", HOSTILE), encoding="utf-8")  # as if nothing had been cleaned
    answered: list[str] = []
    page.on("requestfinished", lambda request: answered.append(request.url))
    page.goto(hostile.as_uri())
    page.get_by_role("link", name="press").click()
    assert page.evaluate("window.ran") is None
    assert answered == [hostile.as_uri()]
