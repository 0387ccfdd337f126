"""What people see in Chromium behind https: a learner's lesson under the Hub, and the pages of a facilitator."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from course.content import words
from tests.browser.chromium import chromium_path
from tests.browser.faults import allowed, faults_in_chromium
from tests.browser.learner import OPENING, SAVING
from tests.browser.pictures import keep_picture
from tests.hub.cohorts import LEARNERS, TRAINERS, HubOfCohorts
from tests.hub.rooms import running_rooms

pytestmark = pytest.mark.hub

LESSON = "notebooks/starting-point.ipynb"
ANSWER = "synthetic nurses and porters"


@pytest.fixture
def page() -> Iterator[Page]:
    """Return a page in a browser of its own, whose event loop is gone afterwards; what scripts throw fails the test."""
    thrown: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), chromium_sandbox=False)
        context = browser.new_context(
            ignore_https_errors=True, viewport={"width": 1280, "height": 900}, locale="en-GB", reduced_motion="reduce"
        )
        page = context.new_page()
        page.on("pageerror", lambda error: thrown.append(str(error)))
        yield page
        browser.close()
    assert not set(thrown) - allowed("script")


def log_in(page: Page, name: str) -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill("synthetic")
    page.get_by_role("button", name="Sign in").click()


def open_lesson(page: Page, cohorts: HubOfCohorts, name: str) -> None:
    page.goto(f"{cohorts.hub_address}/user/{name}/read/{LESSON}")
    page.wait_for_selector('[data-course="ready"]', timeout=OPENING)


def test_a_learners_answer_is_there_after_the_hub_was_killed_and_started(page: Page, cohorts: HubOfCohorts) -> None:
    name = LEARNERS["spring"][0]
    page.goto(f"{cohorts.hub_address}/hub/spawn/{name}")
    log_in(page, name)
    page.wait_for_url("**/read/notebooks/start.ipynb", timeout=OPENING)
    open_lesson(page, cohorts, name)
    assert page.locator("[data-card]").count() > 5
    card = page.locator('[data-card="group"]')
    field = card.locator('[data-control="blank-0"]').locator("input, textarea").first
    expect(field).to_be_visible()
    field.fill(ANSWER)
    field.blur()
    expect(card.locator(".bt-status")).to_have_text(words("status.saved"), timeout=SAVING)
    cohorts.hub.kill()
    cohorts.hub.start()
    open_lesson(page, cohorts, name)
    expect(field).to_have_value(ANSWER)
    assert page.url.startswith("https://")


def test_a_facilitator_logs_in_opens_a_room_and_logs_out(page: Page, cohorts: HubOfCohorts) -> None:
    with running_rooms(cohorts) as rooms:
        page.goto(f"{rooms.address}/console/")
        assert page.url.startswith(f"{cohorts.hub_address}/hub/login")
        log_in(page, TRAINERS["autumn"])
        expect(page.get_by_role("heading", level=1)).to_have_text("Your rooms")
        assert faults_in_chromium(page) == []
        page.get_by_role("button", name="Open the room").click()
        expect(page.locator("#step")).to_be_visible()
        assert re.fullmatch(rf"{re.escape(rooms.address)}/console/[0-9a-f]{{8}}/", page.url)
        console = page.url
        page.locator("#go-leak").click()
        expect(page.locator("span#go-leak")).to_be_visible()  # that it is here came by the stream of events
        page.goto(f"{rooms.address}/console/")
        keep_picture(page, "hub-rooms")
        page.set_viewport_size({"width": 360, "height": 740})
        keep_picture(page, "hub-rooms-narrow")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.get_by_role("link", name="Open the console").click()
        page.wait_for_url(console)
        page.go_back()
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You are logged out")
        assert faults_in_chromium(page) == []
        keep_picture(page, "hub-logged-out")
        page.get_by_role("link", name="Log out of the Hub").click()
        page.wait_for_url(f"{cohorts.hub_address}/hub/log*")
        page.goto(console)
        assert page.url.startswith(f"{cohorts.hub_address}/hub/login")
