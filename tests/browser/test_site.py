"""The web edition worked through: lessons 0 and 1 and the first exercise, each card, on servers that know little.

The server is under a sub-path, knows .html, .css and .js alone, and no other host can be reached.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from course.core.notebooks import ask_keys, material, read_notebook
from tests.browser.bidi import FirefoxPage
from tests.browser.chromium import chromium_path
from tests.browser.conftest import INSECURE, SWITCHES
from tests.browser.firefox_learner import FirefoxLearner
from tests.browser.learner import KeyboardLearner, Learner
from tests.browser.test_lesson_0 import LESSON, do_lesson, see_all_of_it
from tests.browser.test_site_versions import IS_CONTROLLED
from tests.browser.walks import work_through
from tests.site_server import SiteAddress, SiteServer, serve_site

pytestmark = pytest.mark.browser

LESSON_1 = "notebooks/two-questions.ipynb"
EXERCISE_1 = "exercises/two-questions/two-questions.ipynb"
NOWHERE = f"--host-resolver-rules=MAP {INSECURE} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
"""No other host has an address."""


@pytest.fixture(scope="module")
def site(web_site: Path) -> Iterator[SiteServer]:
    with serve_site(web_site, "courses/trust/") as site:
        yield site


@pytest.fixture(scope="module")
def lone_browser(browser: Browser) -> Iterator[Browser]:
    """Return a browser that reaches this machine alone."""
    lone = browser.browser_type.launch(
        executable_path=chromium_path(),
        args=[*SWITCHES[:-1], NOWHERE],
        chromium_sandbox=os.name != "posix" or os.geteuid() != 0,
    )
    yield lone
    lone.close()


@pytest.fixture
def visitor(lone_browser: Browser) -> Iterator[BrowserContext]:
    """Return a browser that has never been here; the test fails for what a policy forbade, was not there, or threw."""
    context = lone_browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", reduced_motion="reduce")
    faults: list[str] = []
    asked: set[str] = set()
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    context.on("request", lambda request: asked.add(request.url.split("/")[2]) if "://" in request.url else None)
    yield context
    context.close()
    assert faults == []
    assert {host.partition(":")[0] for host in asked} <= {"localhost", INSECURE}


def work_through_all(learner: Learner | FirefoxLearner, path: str) -> None:
    """Open a page, answer all its cards, and find all of it when the page is loaded again."""
    learner.open(path)
    keys = keys_of(path)
    for key in keys:
        work_through(learner, key)
    done = learner.seen(keys)
    assert all(any(card["given"]) or card["said"] for card in done.values())
    learner.open(path)
    assert learner.seen(keys) == done


def keys_of(path: str) -> list[str]:
    """Return the keys of the cards on a page."""
    return [*ask_keys(read_notebook(material() / path)), *(["taps"] if "notebooks/" in path else [])]


def test_lessons_and_an_exercise_are_worked_through_on_plain_http_lesson_0_by_keyboard_alone(
    visitor: BrowserContext, site: SiteServer
) -> None:
    page = visitor.new_page()
    keyboard = KeyboardLearner(page, SiteAddress(site, INSECURE))
    keyboard.open(LESSON)
    assert not page.evaluate("() => isSecureContext")
    do_lesson(keyboard)
    see_all_of_it(keyboard)
    for path in (LESSON_1, EXERCISE_1):
        work_through_all(Learner(page, SiteAddress(site, INSECURE)), path)


def test_lessons_and_an_exercise_are_worked_through_where_the_browser_keeps_the_site(
    visitor: BrowserContext, site: SiteServer
) -> None:
    page: Page = visitor.new_page()
    learner = Learner(page, SiteAddress(site, "localhost"))
    learner.open(LESSON)
    assert page.evaluate("() => isSecureContext")
    do_lesson(learner)
    see_all_of_it(learner)
    for path in (LESSON_1, EXERCISE_1):
        work_through_all(learner, path)
    expect(page.locator(".frame-notice")).to_have_count(0)


def test_lessons_and_an_exercise_are_worked_through_in_firefox_and_the_second_visit_needs_no_network(
    firefox_page: FirefoxPage, site: SiteServer
) -> None:
    learner = FirefoxLearner(firefox_page, SiteAddress(site, "localhost"))
    learner.open(LESSON)
    do_lesson(learner)
    done = learner.seen(keys_of(LESSON))
    assert firefox_page.evaluate(IS_CONTROLLED)
    site.is_away = True
    try:
        learner.reload()
        assert learner.seen(keys_of(LESSON)) == done
        for path in (LESSON_1, EXERCISE_1):
            work_through_all(learner, path)
    finally:
        site.is_away = False
