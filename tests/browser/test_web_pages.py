"""Every page of the web edition in a browser: it runs to its last cell, and nothing about it is amiss."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from course.core.notebooks import ask_calls, material, read_notebook
from course.web.pages import learner_pages, page_file
from tests.browser.faults import allowed
from tests.browser.learner import OPENING, OVERFLOW

pytestmark = pytest.mark.browser

WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  violations.push(`${violatedDirective} ${blockedURI}`));
"""


@pytest.fixture(scope="module")
def visit(browser: Browser) -> Iterator[tuple[Page, list[str], list[str]]]:
    """Return a page for all tests of this file, what its scripts throw, and each address that was asked for."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", service_workers="block")
    context.add_init_script(WATCH)
    thrown: list[str] = []
    asked: list[str] = []
    context.on("weberror", lambda error: thrown.append(str(error.error)))
    context.on("request", lambda request: asked.append(request.url))
    yield context.new_page(), thrown, asked
    context.close()


@pytest.mark.parametrize("name", learner_pages())
def test_a_page_runs_to_its_last_cell_with_all_its_cards_and_no_fault(
    visit: tuple[Page, list[str], list[str]],
    site_address: str,
    violations: Callable[..., list[str]],
    name: str,
) -> None:
    page, thrown, asked = visit
    asked.clear()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(site_address + page_file(name))
    expect(page.locator("html")).to_have_attribute("data-course", "ready", timeout=2 * OPENING)
    asks = ask_calls(read_notebook(material() / name))
    expect(page.locator("[data-card]")).to_have_count(len(asks))
    assert page.locator(".frame-failed").count() == 0
    assert len(asked) <= 25
    assert {Path(address).name for address in asked if not address.startswith((site_address, "data:"))} == set()
    assert page.evaluate("violations") == []
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate(OVERFLOW) == 0
    assert not set(thrown) - allowed("script")
