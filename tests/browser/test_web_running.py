"""The web edition in a browser: answers before Python is there, on the next visit, in two tabs, and what is not saved.

Nothing that said “Saved” is lost, and what is not saved says so and stays.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from course.content import words
from course.core.pages.web_edition import as_web_edition
from tests.browser.chromium import chromium_path
from tests.browser.conftest import SWITCHES
from tests.browser.faults import allowed
from tests.browser.pictures import keep_picture
from tests.site_server import SiteServer, serve_site

pytestmark = pytest.mark.browser

LESSON = "notebooks/starting-point.html"
START = 180_000
"""Milliseconds in which Python is there on a busy machine."""
ADD_TO_DATABASE = """() => new Promise((resolve, reject) => {
    const opening = indexedDB.open("building-trust", 2);
    opening.onupgradeneeded = () => opening.result.createObjectStore("of-a-later-version");
    opening.onsuccess = () => resolve(opening.result.close());
    opening.onerror = () => reject(opening.error);
})"""
"""What a newer site may do to the database."""
CODE = "**/python_code.zip.js"
"""A file that Python needs to start."""


@pytest.fixture(scope="module")
def site(web_site: Path) -> Iterator[SiteServer]:
    with serve_site(web_site) as site:
        yield site


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """Return a browser that has never been here; the test fails if a script throws."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, service_workers="block", locale="en-GB")
    thrown: list[str] = []
    context.on("weberror", lambda error: thrown.append(str(error.error)))
    yield context
    context.close()
    assert not set(thrown) - allowed("script")


@contextlib.contextmanager
def python_held(context: BrowserContext) -> Iterator[None]:
    """Keep Python from starting until this ends."""
    held: list[Route] = []
    context.route(CODE, lambda route: held.append(route))
    yield
    for route in held:
        route.continue_()
    context.unroute(CODE)


def say(key: str) -> str:
    with as_web_edition():
        return words(key)


def link(page: Page, name: str) -> None:
    """Wait until the page is linked to Python in this way: preparing, ready, lost or no-server."""
    expect(page.locator("html")).to_have_attribute("data-course", name, timeout=START)


def status(page: Page, name: str) -> None:
    expect(page.locator("#frame-status")).to_have_text(say(f"frame.{name}"), timeout=START)


def option(page: Page, label: str) -> Locator:
    return page.get_by_role("radio", name=label, exact=True).first


def sentence(page: Page) -> Locator:
    return page.get_by_role("textbox", name=re.compile("I bring together"))


def wait_until_kept(page: Page, text: str) -> None:
    """Wait until the browser keeps a text among what pages showed last."""
    page.evaluate(
        """text => new Promise(resolve => {
            const opening = indexedDB.open("building-trust");
            opening.onsuccess = () => {
                const look = () => {
                    const all = opening.result.transaction("shown").objectStore("shown").getAll();
                    all.onsuccess = () => {
                        if (!JSON.stringify(all.result).includes(text)) return setTimeout(look, 50);
                        opening.result.close();
                        resolve();
                    };
                };
                look();
            };
        })""",
        text,
    )


def wait_for_database(page: Page) -> None:
    """Wait until Python has done with the database what it was about to do."""
    page.workers[0].evaluate(
        """() => new Promise(resolve => {
            const opening = indexedDB.open("building-trust");
            opening.onsuccess = () => {
                opening.result.transaction("files", "readwrite").oncomplete = () => resolve(opening.result.close());
            };
        })"""
    )


def fall(page: Page) -> None:
    """Take the worker away without a word, as a browser does that has no memory left."""
    page.workers[0].evaluate("self.close()")


def refuse_writing(page: Page, *, refused: bool) -> None:
    """Have the browser take back each change of its database, as it does where the device is full; or no longer."""
    page.workers[0].evaluate(
        """refused => {
            IDBObjectStore.prototype.realPut ??= IDBObjectStore.prototype.put;
            IDBObjectStore.prototype.put = !refused ? IDBObjectStore.prototype.realPut : function (...given) {
                const request = this.realPut(...given);
                request.addEventListener("success", () => this.transaction.abort());
                return request;
            };
        }""",
        refused,
    )


def test_answers_given_before_python_is_there_are_saved_and_drawn_at_once_on_the_next_visit(
    visitor: BrowserContext, site: SiteServer
) -> None:
    page = visitor.new_page()
    with python_held(visitor):
        page.goto(site.address(LESSON))
        option(page, "New").check()
        sentence(page).fill("A ward and its families")
        assert not page.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))")  # leaving asks
        expect(page.locator(".bt-status").first).to_have_text(say("status.waiting"))
        status(page, "preparing")
        keep_picture(page, "web-before-python")
    link(page, "ready")
    status(page, "saved")
    expect(page.locator(".bt-status").first).to_contain_text(say("status.saved"))
    wait_until_kept(page, "A ward and its families")

    with python_held(visitor):
        page.goto("about:blank")
        page.goto(site.address(LESSON))
        expect(option(page, "New")).to_be_checked()
        expect(sentence(page)).to_have_value("A ward and its families")
        link(page, "preparing")
    link(page, "ready")
    expect(option(page, "New")).to_be_checked()
    expect(sentence(page)).to_have_value("A ward and its families")


def test_two_tabs_on_one_card_show_each_other_what_is_saved_and_overwrite_nothing(
    visitor: BrowserContext, site: SiteServer
) -> None:
    one, other = visitor.new_page(), visitor.new_page()
    for tab in (one, other):
        tab.goto(site.address(LESSON))
    for tab in (one, other):
        link(tab, "ready")
    sentence(one).fill("A clinic")
    status(one, "saved")
    expect(sentence(other)).to_have_value("A clinic")
    sentence(other).press("End")
    sentence(other).press_sequentially("s")
    option(one, "Longer").check()
    status(other, "saved")
    expect(option(other, "Longer")).to_be_checked()
    expect(sentence(one)).to_have_value("A clinics")


def test_what_the_browser_refuses_to_keep_says_so_stays_and_is_saved_once_there_is_room(
    visitor: BrowserContext, site: SiteServer
) -> None:
    page = visitor.new_page()
    page.goto(site.address(LESSON))
    link(page, "ready")
    option(page, "New").check()
    status(page, "saved")
    refuse_writing(page, refused=True)
    sentence(page).fill("A team with a full disk")
    alert = page.locator(".bt-alert").filter(has_text=say("web.not-kept"))
    expect(alert).to_be_visible(timeout=START)
    status(page, "failed")
    notice = page.locator(".frame-notice", has_text=say("web.keeps-nothing"))
    expect(notice).to_be_visible()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # Python looks for news: nothing to keep
    wait_for_database(page)
    expect(notice).to_be_visible()
    keep_picture(page, "web-not-saved")
    refuse_writing(page, refused=False)
    status(page, "saved")
    expect(alert).to_have_count(0)
    expect(notice).to_have_count(0)
    page.goto("about:blank")
    page.goto(site.address(LESSON))
    link(page, "ready")
    expect(sentence(page)).to_have_value("A team with a full disk")
    expect(option(page, "New")).to_be_checked()


def test_a_python_that_cannot_start_or_dies_is_started_again_and_nothing_is_lost(
    visitor: BrowserContext, site: SiteServer
) -> None:
    page, refused = visitor.new_page(), list[Route]()
    page.clock.install()
    visitor.route(CODE, lambda route: (refused.append(route), route.abort())[1])
    page.goto(site.address(LESSON))
    status(page, "no-server")
    sentence(page).fill("Given while nothing answers")
    visitor.unroute(CODE)
    page.clock.fast_forward(30_000)
    link(page, "ready")
    status(page, "saved")
    assert refused

    fall(page)
    sentence(page).fill("Given after it died")
    page.clock.fast_forward(40_000)
    link(page, "lost")
    link(page, "ready")
    status(page, "saved")
    expect(sentence(page)).to_have_value("Given after it died")


def test_an_answer_after_a_first_visit_that_ended_at_once_is_not_lost(
    visitor: BrowserContext, site: SiteServer
) -> None:
    """A phone's browser ends a page without a word to it."""
    first = visitor.new_page()
    first.add_init_script("addEventListener('pagehide', (event) => event.stopImmediatePropagation())")
    first.goto(site.address(LESSON))
    link(first, "ready")
    first.close()
    with python_held(visitor):
        second = visitor.new_page()
        second.goto(site.address(LESSON))
        option(second, "Under a year").check()
    second.close()
    third = visitor.new_page()
    third.goto(site.address(LESSON))
    expect(option(third, "Under a year")).to_be_checked(timeout=START)
    status(third, "saved")


def test_no_answer_is_lost_where_tabs_are_closed_at_once(visitor: BrowserContext, site: SiteServer) -> None:
    """Twenty tabs, 0 to 105 ms after an answer of its own: two of them with their Python there, the others before."""
    given: dict[int, int] = {}
    for number in range(20):
        tab = visitor.new_page()
        tab.goto(site.address(LESSON))
        if number % 10 == 0:
            link(tab, "ready")
        given[number] = number % 3
        rating(tab, number, given[number]).check()
        tab.wait_for_timeout(number * 5.5)
        tab.close(run_before_unload=False)
    page = visitor.new_page()
    page.goto(site.address(LESSON))
    link(page, "ready")
    status(page, "saved")
    for group, place in given.items():
        expect(rating(page, group, place)).to_be_checked()


def rating(page: Page, group: int, place: int) -> Locator:
    """Return a point of one of the scales on the page."""
    groups = page.locator("fieldset.bt-choices").filter(has=page.get_by_role("radio"))
    return groups.nth(group).get_by_role("radio").nth(place)


def test_a_profile_that_is_opened_again_has_what_was_saved(browser: Browser, site: SiteServer, tmp_path: Path) -> None:
    """Also where a newer site has added to the browser's database meanwhile."""
    for visit in ("first", "second"):
        context = browser.browser_type.launch_persistent_context(
            tmp_path / "profile", executable_path=chromium_path(), chromium_sandbox=False, args=SWITCHES
        )
        page = context.pages[0]
        page.goto(site.address(LESSON))
        link(page, "ready")
        if visit == "first":
            option(page, "Under a year").check()
            status(page, "saved")
            page.evaluate(ADD_TO_DATABASE)
            sentence(page).fill("Given beside a newer site")
            status(page, "saved")
        else:
            expect(option(page, "Under a year")).to_be_checked()
            expect(sentence(page)).to_have_value("Given beside a newer site")
        context.close()
